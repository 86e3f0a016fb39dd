"""Texts of short words: rosters in rows of elements, beside lists with days, and tables that accounts of messengers send."""

from __future__ import annotations

import pytest

from tests.crawler.test_hand_made_pages import NAV, ROSTER, ROWS, lines, read

NAMES = ["王小红", "李小兰", "赵小梅", "钱小菊", "孙小竹", "周小松"]


@pytest.mark.parametrize("inner", ["<div>{}</div>", "<div><p>{}</p></div>", "<p>{}</p>"])
@pytest.mark.parametrize("heading", ["<h2>2031年评优结果名单</h2>", "<h3>2031年评优结果名单</h3>"])
def test_a_roster_of_rows_of_elements(inner: str, heading: str) -> None:
    row = '<div style="display:flex">{}</div>'
    cells = [inner.format(name) for name in NAMES]
    rows = (
        row.format("".join(cells[:2]))
        + f"<div>{row.format(''.join(cells[2:4]))}{row.format(''.join(cells[4:]))}</div>"
    )
    record = read(f"<div>{NAV}</div><div>{heading}{rows}</div>")
    assert (record.title, lines(record)) == ("2031年评优结果名单", NAMES)


@pytest.mark.parametrize("rank", ["点击排行", "最新文章"])
def test_a_roster_between_lists_with_days(rank: str) -> None:
    links = "".join(
        f"<tr><td><a href='/r{k}.html'>第{k}批资金安排公示</a></td><td>2031-03-1{k}</td></tr>"
        for k in range(8)
    )
    side = f"<td><table><tr><td>{rank}</td></tr>{links}</table></td>"
    middle = f"<td><table><tr><td>农机补贴对象名单</td></tr><tr><td>{ROSTER}</td></tr></table></td>"
    record = read(f"<table><tr>{side}{middle}{side}</tr></table>")
    assert (record.title, lines(record)) == ("农机补贴对象名单", ROWS)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        (
            "临江市采样点一览",
            "<div><h2 class='rm-t'>{}</h2><p><span>临江发布</span><span>2031-04-02 10:10</span></p></div>",
        ),
        ("临江发布", "<div>{}</div><div><span>临江发布</span><span>2031-04-02 10:10</span></div>"),
        (
            "",
            "<div class='mp-title'>{}</div><div><strong>临江发布</strong> <span>2031-04-02 10:10</span></div>",
        ),
        ("临江市采样点一览", "<h1>{}</h1><p>临江发布 2031-04-02 10:10 发表于某省</p>"),
        ("临江市采样点一览", "<h1>{}</h1><p>原创 临江水务 临江水务 2031-04-02 10:10</p>"),
    ],
)
def test_the_line_of_an_account_over_its_table(title: str, head: str) -> None:
    markup = f"{head.format('临江市采样点一览')}<div><section>{ROSTER}</section></div><p>关注该公众号</p>"
    record = read(f"<div>{markup}</div>", title)
    assert (record.title, str(record.published_on), lines(record)) == ("临江市采样点一览", "2031-04-02", ROWS)


@pytest.mark.parametrize(
    "line", ["第一场 2031-05-10 09:00", "开标时间 2031-05-10 09:00", "网上发布 2031-05-10"]
)
def test_what_a_text_says_of_a_time_is_no_account(line: str) -> None:
    record = read(
        f"<h1>2031年考试安排</h1><div id='zoom'><p>{line}</p><p>请考生准时参加，过时不候。</p></div>"
    )
    assert (lines(record)[0], record.published_on) == (line, None)


@pytest.mark.parametrize(
    "others",
    [
        "<dl><dt>相关解读</dt><dd>暂无数据</dd></dl>",
        "<div>关联稿件：</div><div><a href='/1.html'>《养犬管理规定》解读</a></div>",
        "<p>分享到：</p><p>【打印】【关闭】</p><p>网站纠错</p>",
        "<div>本文相关</div><div>没有相关内容</div>",
    ],
)
def test_words_of_a_template_behind_a_text(others: str) -> None:
    text = "<p>第一条　为规范养犬行为，制定本规定。</p><p>第二条　本规定自2031年5月1日起施行。</p>"
    record = read(f"<h1>临江市养犬管理规定</h1><div><div>{text}</div><div>{others}</div></div>")
    assert lines(record)[-1] == "第二条 本规定自2031年5月1日起施行。"
