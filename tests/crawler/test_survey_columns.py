"""Pages that list nothing themselves and lead to many columns: all of them are catalogues, or are said to be left out."""

from __future__ import annotations

from datetime import date

from crawler.survey.draft import draft
from tests.crawler.survey_pages import BASE, listing, look

NAMES = (
    "政策文件", "规划计划", "统计信息", "行政许可", "行政处罚", "行政强制", "财政信息", "行政收费", "政府采购", "重大项目",
    "重大民生", "应急管理", "食品药品", "公务员招考", "建议提案", "年度报告",
)  # fmt: skip
HOME = "/zwgk/fdzdgknr/"


def _menu(names: tuple[str, ...] = NAMES) -> str:
    links = "".join(f"<li><a href='l{n:02d}/'>{name}</a></li>" for n, name in enumerate(names))
    around = "<div class='s'><a href='/zwgk/zcwj/'>政策文件</a><a href='/zwgk/rsxx/'>人事信息</a></div>"
    return f"<html><head><title>法定主动公开内容</title></head><body>{around}<ul class='c'>{links}</ul></body></html>"


def _columns(names: tuple[str, ...] = NAMES) -> dict[str, str]:
    lists = {f"{HOME}l{n:02d}/": listing("./", 100 * n, 3, column=name) for n, name in enumerate(names)}
    return {HOME: _menu(names), **lists}


def test_all_columns_of_a_page_are_catalogues() -> None:
    survey, asked = look(_columns(), HOME)
    assert sorted(one.url for one in survey.lists) == [f"{BASE}{HOME}l{n:02d}/" for n in range(16)]
    assert not survey.unseen and not survey.left_out
    assert survey.is_certain
    assert len(asked) <= 30


def test_columns_beyond_those_that_are_looked_at_are_taken_as_the_page_names_them() -> None:
    names = tuple(f"{name}{kind}" for kind in "甲乙丙" for name in NAMES)
    survey, asked = look(_columns(names), HOME)
    assert len(survey.lists) + len(survey.unseen) == 48
    assert len(survey.lists) >= 15
    assert not survey.is_certain
    assert len(asked) <= 30
    assert draft(survey, "linjiang", today=date(2026, 3, 2)).count("  - key: ") == 48


def test_columns_that_are_not_read_are_told() -> None:
    """One shows a list that a script brings, one a table of another platform; what is no list at all is not told."""
    rows = "".join(
        f"<tr><td>LJ/{n}</td><td><a href='show.jsp?id={n}'>关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
        for n in range(3)
    )
    table = f"<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr>{rows}</table>"
    pages = _columns(NAMES[:6])
    pages[f"{HOME}l01/"] = "<html><head><title>规划计划</title></head><body><ul id='l'></ul></body></html>"
    pages[f"{HOME}l02/"] = f"<html><head><title>统计信息</title></head><body>{table}</body></html>"
    del pages[f"{HOME}l03/"]
    survey, _ = look(pages, HOME)
    assert sorted(one.url[-4:] for one in survey.lists) == ["l00/", "l04/", "l05/"]
    assert {post.url[-4:] for post in survey.left_out} == {"l01/", "l02/"}
    assert not survey.is_certain
    text = draft(survey, "linjiang", today=date(2026, 3, 2))
    assert "Not collected" in text and f"{HOME}l02/" in text
