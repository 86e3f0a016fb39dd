"""A short notice among the links of a menu is a document; a page of links is none, whatever it is called."""

from __future__ import annotations

import pytest

from archive.model import PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://linjiang.example.gov.cn/tz/1.html"
NAME = "关于停水的通知"
MENU = "<ul>" + "".join(f"<li><a href='/m{i}.html'>政务栏目{i}名称</a></li>" for i in range(30)) + "</ul>"
DATED = "<ul>" + "".join(
    f"<li><a href='/d{i}.html'>关于第{i}批事项的通知</a><span>2026-03-0{i}</span></li>" for i in range(1, 8)
) + "</ul>"  # fmt: skip


def kind(inner: str, title: str = f"{NAME}-临江市水利局") -> tuple[PageKind, str | None]:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{inner}</body></html>"
    got = extract_page(page.encode(), URL, book=BOOK)
    return got.kind, got.disclosure.body_text if got.disclosure else None


@pytest.mark.parametrize("text", ["因设备检修，明日停水，请居民提前储水。", "3月5日8时至18时全城停水"])
@pytest.mark.parametrize(
    "page",
    [
        "<div>{menu}</div><h1>{name}</h1><p>{text}</p>",
        "<div>{menu}</div><h1>{name}</h1><div>{text}</div>",
        "<div>{menu}</div><h1>{name}</h1><div id=zoom><p>{text}</p></div>",
        "<div>{menu}</div><div class=r><div class=tit>{name}</div><div class=nr>{text}</div></div>",
        "<h1>{name}</h1><div>{text}</div><div>{menu}</div>",
    ],
)
def test_a_short_notice_among_links(page: str, text: str) -> None:
    assert kind(page.format(menu=MENU, name=NAME, text=text)) == (PageKind.DOCUMENT, text)
    assert kind(page.format(menu=MENU, name=NAME, text=text), "临江市水利局") == (PageKind.DOCUMENT, text)


@pytest.mark.parametrize(
    "inner",
    [
        f"{MENU}<h2>通知公告</h2>{DATED}",
        f"{MENU}<h1>{NAME}</h1>{DATED}",
        f"{MENU}<h1>防汛文件汇总公告</h1><p>本专题收录有关防汛的各类文件，供查阅。</p>{DATED}",
        f"{MENU}<div><h2>领导活动情况通报</h2><p>市长调研防汛工作，要求各部门做好准备。</p></div>{DATED}",
        f"{MENU}<h1>{NAME}</h1><p></p>",
        f"{MENU}<h1>水利局年度报告</h1><p><a href='/1.html'>水利局年报一</a></p><p><a href='/2.html'>水利局年报二</a></p><p>更新</p>",
        f"{MENU}<h1>机构职能</h1><p>本局负责水利工程的建设和管理。</p>",
    ],
)
def test_a_page_of_links(inner: str) -> None:
    assert kind(inner)[0] is PageKind.LIST
