"""Texts of which a part stands beside the element that holds most of them, or looks like links; what stands there and is none."""

from __future__ import annotations

import pytest

from archive.model import PageKind
from tests.crawler.test_hand_made_pages import NAV, ROSTER, ROWS, lines, page_of, read

TITLE = "关于加强河道采砂管理的通告"
TEXT = [
    "为加强河道采砂管理，现通告如下：",
    "一、任何单位和个人未经许可不得采砂。",
    "二、禁采期为每年4月1日至9月30日。",
]
LIST, ABOVE = "三、巡查人员名单见下表。", "以上名单公示期七天，如有异议请向市水利局反映。"
SIGNED = ["临江市人民政府", "2031年3月25日"]


def paragraphs(said: list[str], form: str = "<p>{}</p>") -> str:
    return "".join(form.format(line) for line in said)


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        (
            f"<div class='a'>{paragraphs(TEXT[:1])}</div><div class='b'>{paragraphs(TEXT[1:] + SIGNED)}</div>",
            TEXT + SIGNED,
        ),
        (
            f"{paragraphs(TEXT[:1])}<div class='b'>{paragraphs(TEXT[1:])}</div>{paragraphs(SIGNED)}",
            TEXT + SIGNED,
        ),
        (
            f"<div class='a'>{paragraphs(TEXT[:1])}</div><div class='b'>{ROSTER}</div><div class='c'>{paragraphs(TEXT[1:])}</div>",
            [TEXT[0], *ROWS, *TEXT[1:]],
        ),
        (
            f"<div class='a'>{paragraphs([*TEXT, LIST])}</div><br><div class='b'>{ROSTER}</div>",
            [*TEXT, LIST, *ROWS],
        ),
        (f"<div class='b'>{ROSTER}</div><div class='a'>{paragraphs([ABOVE])}</div>", [*ROWS, ABOVE]),
        (f"<h2>表一</h2><table><caption>主要断面水质</caption>{ROSTER[16:]}", ["主要断面水质", *ROWS]),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<div class='w'>{}</div>"])
def test_pieces_of_a_text_side_by_side(markup: str, body: list[str], around: str) -> None:
    record = read(
        around.format(f"<h1>{TITLE}</h1>{markup}<div class='f'><p>主办：临江市人民政府</p></div>"),
        f"{TITLE}_临江市",
    )
    assert (record.title, [line for line in lines(record) if line != "表一"]) == (TITLE, body)


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='x'><p>免责声明：本网站所载信息仅供参考，任何单位和个人未经许可不得转载。</p></div>",
        "<div class='x'><h4>本县简介</h4><p>临江市位于东部，历史悠久，物产丰富。</p></div>",
        "<div class='x'><p>请阅读<a href='/1.html'>办事指南</a>，谢谢您的支持。</p></div>",
        "<div class='x'><p>建议使用新版浏览器访问，以获得最佳效果。</p></div>",
        "<div class='x'><p>您的评价对我们很重要，请为本文打分。</p></div>",
        "<div class='x'><p>办公时间：周一至周五上午8:30-12:00，下午2:30-5:30。地址：人民路1号。</p></div>",
        "<table><tr><td>日期</td><td>天气</td></tr><tr><td>今天</td><td>晴</td></tr><tr><td>明天</td><td>雨</td></tr></table>",
        "<div class='x'><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td></tr></table></div>",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_neighbours_that_are_no_pieces_of_a_text(beside: str, first: bool) -> None:
    text = f"<h1>{TITLE}</h1><div class='b'>{paragraphs(TEXT + SIGNED)}</div>"
    record = read(f"{beside}{text}" if first else f"{text}{beside}", f"{TITLE}_临江市")
    assert (record.title, lines(record)) == (TITLE, TEXT + SIGNED)


@pytest.mark.parametrize("beside", ["before", "behind"])
def test_a_short_text_under_its_title_beside_a_longer_one(beside: str) -> None:
    about = "临江市位于东部，历史悠久，物产丰富，交通便利，高速公路、铁路纵横，风景名胜众多，热忱欢迎各界朋友前来观光旅游、投资兴业。"
    note = "免责声明：本网站所载信息仅供参考，任何单位和个人未经许可不得转载、摘编，否则将依法追究法律责任，解释权归本网站所有。"
    other = (
        f"<div class='s'><h3>本市简介</h3><p>{about}</p><p>{about}</p></div>"
        if beside == "before"
        else f"<div class='s'><p>{note}</p></div>"
    )
    text = f"<div class='t'><h1>{TITLE}</h1><p>禁止采砂。</p>{paragraphs(SIGNED)}</div>"
    record = read(f"{other}{text}" if beside == "before" else f"{text}{other}", f"{TITLE}_临江市")
    assert (record.title, record.issuing_body, lines(record)) == (TITLE, SIGNED[0], ["禁止采砂。", *SIGNED])


@pytest.mark.parametrize(
    "form", ["<p><a name='n'>{}</a></p>", "<p><a href='#'>{}。此款自公布之日起施行，由本府解释。</a></p>"]
)
def test_words_in_marks_that_lead_nowhere_are_no_links(form: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class='u'>{paragraphs(TEXT, form)}</div>", TITLE)
    assert [line[:8] for line in lines(record)] == [line[:8] for line in TEXT]


def test_documents_that_a_signed_decision_names() -> None:
    names = [f"关于第{k}项工作的通知（临政发〔202{k}〕{k}号）" for k in range(1, 7)]
    links = "".join(f"<p><a href='/f{k}.html'>{name}</a></p>" for k, name in enumerate(names))
    first = "经研究，决定废止下列文件："
    record = read(
        f"<h1>关于废止部分文件的决定</h1><div class='u'><p>{first}</p>{links}{paragraphs(SIGNED)}</div>"
    )
    assert lines(record) == [first, *names, *SIGNED]
    assert page_of(f"<h1>政策文件</h1><div class='u'>{links}</div>").kind is PageKind.LIST


def test_files_beneath_a_title_are_no_list_of_documents() -> None:
    links = "".join(f"<p><a href='/u/{k}.pdf'>第{k}局2031年部门预算.pdf</a></p>" for k in range(1, 5))
    record = read(f"{NAV}<h1>临江市2031年部门预算公开汇总</h1><div class='u'>{links}</div>")
    assert (record.title, len(record.attachments)) == ("临江市2031年部门预算公开汇总", 4)


def test_a_summary_in_the_place_of_a_text_hides_none() -> None:
    summary = "<div class='article-content'><p>内容提要：通告明确禁采期和处罚规定，自发布之日起施行</p></div>"
    record = read(f"<h1>{TITLE}</h1>{summary}<div class='u9'>{paragraphs(TEXT + SIGNED)}</div>", TITLE)
    assert lines(record)[-5:] == TEXT + SIGNED


def test_captions_of_pictures() -> None:
    pictures = "".join(
        f"<div class='i'><img src='{k}.jpg'><p>{name}</p></div>"
        for k, name in enumerate(["临江大桥", "中心广场", "体育公园"])
    )
    record = read(f"<h1>临江市城市建设图集</h1><div class='u'>{pictures}</div>")
    assert (lines(record), len(record.attachments)) == (["临江大桥", "中心广场", "体育公园"], 3)


def test_a_calendar_beside_a_text_is_none() -> None:
    days = "".join(f"<tr>{''.join(f'<td>{7 * w + d}</td>' for d in range(1, 8))}</tr>" for w in range(4))
    record = read(f"<div><table>{days}</table></div><div><h2>场馆开放通知</h2><p>周末免费开放。</p></div>")
    assert (record.title, lines(record)) == ("场馆开放通知", ["周末免费开放。"])


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td width=20></td><td>{}</td><td></td></tr>",
        "<tr><td>&nbsp;</td><td colspan=2>{}</td></tr>",
        "<tr><td><ul><li><a href='/1.html'>关于甲的通知</a></li><li><a href='/2.html'>关于乙的通知</a></li></ul></td><td>{}</td></tr>",
    ],
)
@pytest.mark.parametrize("form", ["<p>{}</p>", "{}<br>", "<div>{}</div>"])
def test_a_text_in_one_cell_of_a_table_keeps_its_lines(row: str, form: str) -> None:
    """A short one was read as one row of data, its signature with it."""
    said = [*TEXT, *SIGNED]
    table = f"<table>{row.format(paragraphs(said, form))}</table>"
    name = "m" if "<ul>" in row else "zoom"
    record = read(f"<h1>{TITLE}</h1><div class='{name}'>{table}</div>", TITLE)
    assert lines(record) == said
    assert record.issuing_body == "临江市人民政府"


def test_a_table_of_data_with_lines_in_a_cell_keeps_its_rows() -> None:
    rows = "<tr><td>县</td><td>河段</td></tr><tr><td>甲县</td><td><p>东河</p><p>西河</p></td></tr><tr><td></td><td>南河</td></tr>"
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{paragraphs(TEXT)}<table>{rows}</table></div>", TITLE)
    assert lines(record)[3:] == ["县\t河段", "甲县\t东河 西河", "\t南河"]
