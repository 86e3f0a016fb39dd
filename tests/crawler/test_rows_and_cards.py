"""Tables and cards that are all of a text: cells of paragraphs, rows of elements, two halves of a roster."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.crawler.test_hand_made_pages import lines, read

CARD = [
    ("案件名称", "王某无证经营案"),
    ("违法事实", "经查，王某未取得许可从事餐饮经营，违反了食品安全法。"),
    ("处罚结果", "罚款一万元，没收工具。"),
    ("执行情况", "已履行"),
]
WIDE = [
    ("序号", "问题", "整改措施", "责任单位"),
    ("1", "河道垃圾未清理。群众反映强烈。", "立即组织清理。建立长效机制。", "西陵镇"),
    ("2", "污水直排。", "建设管网。", "住建局"),
]


def table(rows: list[tuple[str, ...]], cell: str = "{}") -> str:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{cell.format(c)}</td>' for c in row) + '</tr>' for row in rows)}</table>"


def tabbed(rows: list[tuple[str, ...]]) -> list[str]:
    return ["\t".join(row) for row in rows]


@pytest.mark.parametrize("rows", [CARD, WIDE])
@pytest.mark.parametrize("cell", ["{}", "<p>{}</p>", "<div>{}</div>", "<p><span>{}</span></p>"])
@pytest.mark.parametrize(
    "page",
    [
        "<h1>整改情况公示</h1><div class='w'>{}</div>",
        "<h1>整改情况公示</h1>{}",
        "<table><tr><td>栏目<br>通知</td><td><h3>整改情况公示</h3>{}</td></tr></table>",
    ],
)
def test_a_table_whose_cells_hold_paragraphs(rows: list[tuple[str, ...]], cell: str, page: str) -> None:
    record = read(page.format(table(rows, cell)))
    assert (record.title, lines(record)) == ("整改情况公示", tabbed(rows))


def test_a_row_of_many_paragraphs_in_a_card() -> None:
    facts = [
        f"第{k}项事实经查属实，违反了食品安全法关于经营许可的规定，有现场笔录和照片为证，当事人供认不讳。"
        for k in range(14)
    ]
    fact = "".join(f"<p>{line}</p>" for line in facts)
    record = read(f"<h1>行政处罚信息公示</h1><div>{table([CARD[0], ('违法事实', fact), *CARD[2:]])}</div>")
    said = record.body_text or ""
    assert all(word in said for word in ("王某无证经营案", *facts, "罚款一万元，没收工具。", "已履行"))


FORMS: list[Callable[[str, str], str]] = [
    lambda name, value: f"<div class='i'><div class='n'>{name}</div><div class='v'>{value}</div></div>",
    lambda name, value: f"<div class='i'><b>{name}</b><p>{value}</p></div>",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_card_of_elements(form: Callable[[str, str], str]) -> None:
    rows = "".join(form(*row) for row in CARD)
    record = read(
        f"<h1>行政处罚信息公示</h1><div class='l'>{rows}</div><div class='o'><p>欢迎访问本站，祝您生活愉快。</p></div>"
    )
    assert lines(record) == [said for row in CARD for said in row]


def test_boxes_with_links_are_no_rows_of_a_text() -> None:
    text = "<p>各学校：</p><p>请于四月底前完成安全检查，并将情况报送我局。</p>"
    boxes = "".join(
        f"<div class='b'><b>栏目{k}</b><a href='/{k}.html'>第{k}次会议召开</a></div>" for k in range(3)
    )
    record = read(f"<h1>关于安全检查的通知</h1><div class='w'><div class='b'>{text}</div>{boxes}</div>")
    assert lines(record) == ["各学校：", "请于四月底前完成安全检查，并将情况报送我局。"]


def test_two_halves_of_a_roster() -> None:
    names = [("考号", "姓名"), ("01", "王红"), ("02", "李兰")]
    others = [("考号", "姓名"), ("03", "赵梅"), ("04", "钱菊")]
    halves = f"<div style='float:left'>{table(names)}</div><div style='float:right'>{table(others)}</div>"
    record = read(f"<div class='w'><h1>录取名单公示</h1>{halves}</div>")
    assert lines(record) == [*tabbed(names), *tabbed(others)]


def test_a_table_that_lays_out_a_page_is_no_data() -> None:
    menu = "".join(f"<a href='/{k}.html'>栏目第{k}号</a><br>" for k in range(4))
    text = "<p>经研究，决定调整供水时间。</p><p>每日6时至22时供水，请做好储水准备。</p>"
    head = "<tr><td><img src='/logo.gif'></td><td>2031年5月20日</td></tr>"
    record = read(
        f"<table>{head}<tr><td>{menu}</td><td><h3>供水公告</h3>{text}</td></tr><tr><td>电话</td><td>0791-88888888</td></tr></table>"
    )
    assert lines(record) == ["经研究，决定调整供水时间。", "每日6时至22时供水，请做好储水准备。"]


@pytest.mark.parametrize(
    "page",
    [
        "<div class='r'><div class='c'>栏目<br>通知公告</div><div class='c'><h1>{}</h1>{}</div><div class='c'>热门标签<br>安全</div></div>",
        "<ul class='r'><li>栏目导航</li><li><h1>{}</h1>{}</li><li>扫码关注</li></ul>",
        "<div class='b'><h1>{}</h1>{}</div><div class='b'>联系电话：0791-88888888</div><div class='b'>今日访问：30</div>",
    ],
)
def test_columns_and_boxes_of_a_page_are_no_rows_of_a_text(page: str) -> None:
    said = ["各学校：", "请于四月底前完成安全检查，并将情况报送我局。", "临江市教育局", "2031年3月25日"]
    text = "".join(f"<p>{line}</p>" for line in said)
    assert lines(read(page.format("关于安全检查的通知", text))) == said


def test_a_question_and_its_answer_in_elements_of_other_names() -> None:
    part = "<div class='{}'><div class='n'>{}</div><div class='t'>{}</div></div>"
    asked, said = (
        "小区停车位不足，夜间无处停车，能否增设车位？",
        "您好，已规划新增车位50个，预计年底前建成投入使用。",
    )
    record = read(
        f"<div class='z'><h2>停车问题的答复</h2>{part.format('q', '张女士', asked)}{part.format('a', '市城管局', said)}</div>"
    )
    assert {asked, said} <= set(lines(record))


def test_a_title_over_the_line_of_an_account() -> None:
    text = (
        "<section><p>7月9日，会议在临江召开。</p></section><section><p>会议要求加强文物保护。</p></section>"
    )
    markup = f"<div class='a'>我市召开文物工作会</div><div class='b'>临江发布 2031-07-10 10:20</div><div class='c'>{text}</div>"
    record = read(f"<div class='z'>{markup}</div>")
    assert (record.title, str(record.published_on)) == ("我市召开文物工作会", "2031-07-10")
