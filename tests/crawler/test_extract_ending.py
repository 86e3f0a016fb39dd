"""Links to other pages behind a text: they are others at the next visit, and no edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.crawler.test_extract_hidden import PROSE, TITLE, read

HEADINGS = (
    "相关资讯", "相关公告", "拓展阅读", "热门推荐", "最新发布", "本栏目最新", "同类信息", "同栏目文章", "本周热点", "阅读排行", "排行榜",
    "您可能感兴趣的内容", "其它文章", "关联稿件", "视频解读", "配套文件", "往期回顾", "今日头条", "专题专栏", "快速链接", "相关搜索",
)  # fmt: skip
SIGNED = f"{PROSE}<p>临江市人民政府办公室</p><p>2031年3月1日</p>"


def _links(look: int) -> list[str]:
    return [f"<a href='/zw/t{look}{k}.html'>关于第{look * 3 + k}号事项的公告</a>" for k in range(3)]


LAYOUTS: dict[str, Callable[[str, int], str]] = {
    "list": lambda heading, n: (
        f"<div><h3>{heading}</h3><ul><li>{'</li><li>'.join(_links(n))}</li></ul></div>"
    ),
    "dated": lambda heading, n: (
        f"<b>{heading}</b><ul>{''.join(f'<li>{a}<i>2031-0{n}-11</i></li>' for a in _links(n))}</ul>"
    ),
    "paragraphs": lambda heading, n: f"<p>{heading}：</p><p>{'</p><p>'.join(_links(n))}</p>",
    "breaks": lambda heading, n: f"<div>【{heading}】<br>{'<br>'.join(_links(n))}</div>",
}


def _lines(behind: str) -> list[str]:
    page = read(f"<h1>{TITLE}</h1><div id='zoom'>{SIGNED}{behind}</div>")
    return (page.body_text or "").split("\n")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_list_of_links_under_a_heading_that_leads_away(heading: str, layout: str) -> None:
    assert _lines(LAYOUTS[layout](heading, 7)) == _lines("")


@pytest.mark.parametrize(
    "limit",
    [
        "处一万元以上三万元以下罚款。",
        "可以并处5000元以下的罚款。",
        "不得招用16周岁以下的未成年人。",
        "建筑面积60平以下的除外。",
    ],
)
def test_the_limit_of_a_figure_announces_no_list(limit: str) -> None:
    behind = LAYOUTS["list"]("相关链接", 7)
    assert _lines(f"<p>{limit}</p>{behind}") == _lines(f"<p>{limit}</p>")


@pytest.mark.parametrize("announcer", ["申请时应当一并查看以下材料。", "一、以下事项不再办理。"])
def test_what_a_sentence_announces_stays(announcer: str) -> None:
    behind = LAYOUTS["list"]("相关链接", 7)
    assert len(_lines(f"<p>{announcer}</p>{behind}")) > len(_lines(f"<p>{announcer}</p>"))


def test_two_lists_and_one_without_a_heading() -> None:
    two = LAYOUTS["list"]("相关公告", 1) + LAYOUTS["paragraphs"]("本栏目最新", 2)
    assert _lines(two) == _lines("")
    assert _lines(LAYOUTS["dated"]("", 3)) == _lines("")


@pytest.mark.parametrize(
    ("before", "after"),
    [("上一篇", "下一篇"), ("上篇", "下篇"), ("上一则", "下一则"), ("上一条信息", "下一条信息"), ("« 上一篇", "下一篇 »"),
     ("Previous", "Next"),
     ("前一条", "后一条"), ("<< 上一主题", "下一主题 >>")],
)  # fmt: skip
@pytest.mark.parametrize(
    "layout",
    [
        "{0}：{2}|{1}：{3}",
        "{0} {2}|{1} {3}",
        "<span>{0}</span>{2}|<span>{1}</span>{3}",
        "{0}：没有了|{1}：{3}",
    ],
)
def test_the_pages_before_and_behind(before: str, after: str, layout: str) -> None:
    links = _links(4)
    rows = layout.format(before.replace("<", "&lt;"), after.replace(">", "&gt;"), *links).split("|")
    assert _lines("".join(f"<p>{row}</p>" for row in rows)) == _lines("")


@pytest.mark.parametrize(
    "behind",
    [
        LAYOUTS["paragraphs"]("附件下载", 5),
        LAYOUTS["paragraphs"]("三、相关政策", 5),
        LAYOUTS["paragraphs"]("相关文件如下", 5),
        LAYOUTS["paragraphs"]("政策依据", 5),
        LAYOUTS["list"]("相关表格清单", 5),
        "<p>相关公告另行发布</p>",
        "".join(
            f"<p>{link}</p>" for link in _links(5)
        ),  # 2026年资金安排, 2027年资金安排: pages of the document itself
        f"<p>相关公告</p><p>{_links(5)[0]}已经废止。</p>",
    ],
)
def test_what_the_text_says_of_other_pages_stays(behind: str) -> None:
    assert len(_lines(behind)) > len(_lines(""))


@pytest.mark.parametrize("line", ["上一条规定的情形除外", "下篇 附则", "后：以上为准"])
def test_a_last_line_of_the_text_stays(line: str) -> None:
    assert _lines(f"<p>{line}</p>")[-1] == line
