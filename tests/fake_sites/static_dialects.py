"""Dialects of static lists: rows that scripts write, years apart, pagers of spans, rows below headings, stubs and frames."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import groupby

from tests.fake_sites.office import HTML, NOT_FOUND, Answer, FakeSite, Notice
from tests.fake_sites.static_list import document_page

_FRAME = (
    "<html><head><title>{title}</title></head><body><div class='nav'><a href='/'>首页</a><a href='/zwgk/'>政务公开</a></div>"
    "{body}<div class='footer'><a href='/about.html'>网站声明和隐私保护</a></div></body></html>"
)


class _Dialect(FakeSite):
    """What the dialects share: the directory, the documents, the site file."""

    platform = "static_list"
    main = False
    directory = "/zwgk/tzgg"

    def catalogue_url(self) -> str:
        return f"{self.base}{self.directory}/"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: static_list\n"
            f"catalogues:\n  - key: tzgg\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if found := re.fullmatch(rf"{self.directory}/\d{{6}}/t\d{{8}}_(\d+)\.html", target):
            notice = self.notice(int(found[1]))
            return (200, HTML, document_page(notice).encode()) if notice is not None else NOT_FOUND
        page = self.list_page(target)
        return NOT_FOUND if page is None else (200, HTML, _FRAME.format(title="通知公告", body=page).encode())

    def list_page(self, target: str) -> str | None:
        """The list at a path, None where there is none."""
        raise NotImplementedError

    def index(self, target: str) -> int | None:
        """The 0-based number in index.html, index_1.html …; None for other addresses and beyond the last page."""
        found = re.fullmatch(rf"{self.directory}/(?:index(?:_(\d+))?\.html)?", target)
        number = int(found[1] or 0) if found else None
        return number if number is not None and number < self.pages() else None

    def address(self, notice: Notice) -> str:
        """Where a document lies, from its list."""
        return f"./{notice.published:%Y%m}/t{notice.published:%Y%m%d}_{notice.number}.html"


class WrittenListSite(_Dialect):
    """Every row is written by a script, from variables of its own; the short title gives way to the whole one."""

    main = True

    def list_page(self, target: str) -> str | None:
        index = self.index(target)
        if index is None:
            return None
        rows = "".join(
            f'<script>\nvar url = "{self.address(n)}";\nvar title = \'{n.title}\';\nvar short = "";\n'
            'if (short == "") { short = title; }\n'
            'document.writeln("<li><a href=\'" + url + "\' target=\\"_blank\\" title=\'" + title + "\'>" + title + "</a>");\n'
            f"document.write('<span>{n.published}<\\/span><\\/li>');\n</script>"
            for n in self.page(index)
        )
        return f"<ul class='list'>{rows}</ul><script>createPage({self.pages()}, {index}, 'index', 'html', 'page');</script>"


class YearArchiveSite(_Dialect):
    """The front page lists the newest year; each other one has a list of its own, with pages of its own."""

    main = True

    def __post_init__(self) -> None:
        third = max(1, len(self.notices) // 3)
        self.notices = [
            replace(n, published=date(2026 - min(place // third, 2), n.published.month, n.published.day))
            for place, n in enumerate(self.notices)
        ]

    def list_page(self, target: str) -> str | None:
        years = {
            year: list(of_year)
            for year, of_year in groupby(
                sorted(self.rows(), key=lambda n: -n.published.year), lambda n: n.published.year
            )
        }
        found = re.fullmatch(rf"{self.directory}/(?:(\d{{4}})/)?(?:index(?:_(\d+))?\.html)?", target)
        year = int(found[1] or max(years)) if found else 0
        if found is None or year not in years:
            return None
        pages = -(-len(years[year]) // self.per_page)
        index = int(found[2] or 0)
        if index >= pages:
            return None
        up = "../" if found[1] else "./"
        links = "".join(f"<li><a href='{self.directory}/{y}/index.html'>{y}年</a></li>" for y in years)
        rows = "".join(
            f"<li><a href='{up}{self.address(n)}'>{n.title}</a><span>[{n.published:%m-%d}]</span></li>"
            for n in years[year][index * self.per_page : (index + 1) * self.per_page]
        )
        return (
            f"<ul class='years'>{links}</ul><h2>{year}年</h2><ul class='list'>{rows}</ul>"
            f"<script>createPageHTML({pages}, {index}, 'index', 'html');</script>"
        )


class SpanPagerSite(_Dialect):
    """A pager of spans with the address in an attribute, an id twice, and a way five pages on beside the next page."""

    def list_page(self, target: str) -> str | None:
        index = self.index(target)
        if index is None:
            return None
        rows = "".join(
            f"<tr><td><a href='{self.address(n)}'>{n.title}</a></td><td>{n.published}</td></tr>"
            for n in self.page(index)
        )

        def span(to: int, words: str) -> str:
            name = f"{self.directory}/index{f'_{to}' if to else ''}.html"
            there = (
                f" tagname='{name}' onclick='turn(this)'" if 0 <= to < self.pages() and to != index else ""
            )
            return f"<span id='pagenav_{to}'{there}>{words}</span>"

        around = "".join(span(n, str(n + 1)) for n in range(max(0, index - 2), min(self.pages(), index + 3)))
        pager = f"{span(0, '首页')}{span(index - 1, '上页')}{around}{span(index + 5, '下5页')}{span(index + 1, '下页')}"
        return f"<table>{rows}</table><div class='pagenav'>{pager}</div>"


class BelowHeadingsSite(_Dialect):
    """Lists nested in a list of months, rows without a year, numbers as the only way on, counted from one."""

    def list_page(self, target: str) -> str | None:
        found = re.fullmatch(rf"{self.directory}/(?:index(?:_([1-9]\d*))?\.html)?", target)
        number = int(found[1] or 1) if found else 0
        if not 1 <= number <= self.pages():
            return None
        groups = groupby(self.page(number - 1), key=lambda n: n.published.year)
        lists = "".join(
            f"<li><b>{year}年</b><ul>"
            + "".join(
                f"<li><a href='{self.address(n)}'>{n.title}</a><i>{n.published:%m月%d日}</i></li>"
                for n in rows
            )
            + "</ul></li>"
            for year, rows in groups
        )
        shown = range(max(1, number - 1), min(self.pages(), number + 1) + 1)
        links = "".join(f"<a href='{self.directory}/index_{n}.html'>{n}</a> " for n in shown)
        return f"<ul class='years'>{lists}</ul><div class='page'>共 {self.pages()} 页 {links}</div>"


class StubSite(_Dialect):
    """The catalogue's address only leads on to a page that shows the list in a frame."""

    leads_on = True

    def list_page(self, target: str) -> str | None:
        if target == f"{self.directory}/":
            return "<script>window.location.href = 'frame.html';</script>"
        if target == f"{self.directory}/frame.html":
            return "<h2>通知公告</h2><iframe src='index.html?area=0' width='100%'></iframe>"
        index = self.index(target.removesuffix("?area=0"))
        if index is None:
            return None
        rows = "".join(
            f"<li><a href='{self.address(n)}'>{n.title}</a> {n.published}</li>" for n in self.page(index)
        )
        on = f"<a href='index_{index + 1}.html' title='下一页'><img src='/r.gif' alt='下一页'></a>"
        return f"<ul>{rows}</ul>{on if index + 1 < self.pages() else ''}"


class CountedDownSite(_Dialect):
    """博达 VSB: pages counted from the end (tzgg.htm, tzgg/3.htm, tzgg/2.htm …), beside a dated list of another column."""

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/tzgg.htm"

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if found := re.fullmatch(r"/info/1001/(\d+)\.htm", target):
            notice = self.notice(int(found[1]))
            return (200, HTML, document_page(notice).encode()) if notice is not None else NOT_FOUND
        if re.fullmatch(r"/info/1005/\d+\.htm", target):
            news = replace(self.rows()[0], title="临江市召开会议研究部署近期工作")
            return 200, HTML, document_page(news).encode()
        return super().respond(method, target, body)

    def list_page(self, target: str) -> str | None:
        found = re.fullmatch(r"/zwgk/tzgg(?:/(\d+))?\.htm", target)
        index = self.pages() - int(found[1]) if found and found[1] else 0
        if found is None or not (found[1] is None or 1 <= index < self.pages()):
            return None
        up = "../../" if index else "../"

        def way(to: int, words: str) -> str:
            name = "tzgg.htm" if to == 0 else f"tzgg/{self.pages() - to}.htm"
            there = f"<a href='{up if index else ''}{'zwgk/' if index else ''}{name}'>{words}</a>"
            return f"<span>{there if 0 <= to < self.pages() and to != index else words}</span>"

        rows = "".join(
            f"<li id='line_u8_{n.number}'><a href='{up}info/1001/{n.number}.htm'>{n.title}</a><i>{n.published}</i></li>"
            for n in self.page(index)
        )
        news = "".join(
            f"<li><a href='/info/1005/{n}.htm'>临江市召开第{n}次会议研究部署近期工作</a><i>2026-03-30</i></li>"
            for n in range(12)
        )
        numbers = "".join(way(n, str(n + 1)) for n in range(self.pages()))
        pager = f"{way(0, '首页')}{way(index - 1, '上页')}{numbers}{way(index + 1, '下页')}{way(self.pages() - 1, '尾页')}"
        return (
            f"<div class='main'><ul>{rows}</ul><div class='pb_sys_common'>共{len(self.notices)}条 {index + 1}/{self.pages()} "
            f"{pager}</div></div><div class='beside'><ul>{news}</ul></div>"
        )


class NumberedFromTheEndSite(_Dialect):
    """
    n-CMS (国资委, 国防科工局): index.html, then index_2603340_2.html, index_2603340_1.html: hidden links name all of them.
    The further pages are rows and nothing else. Documents lie in directories of their own: c26000001/content.html.
    """

    directory = "/n2588035/n2588320/n2588335"

    def catalogue_url(self) -> str:
        return f"{self.base}{self.directory}/index.html"

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if found := re.fullmatch(rf"{self.directory}/c(\d+)/content\.html", target):
            notice = self.notice(int(found[1]))
            return (200, HTML, document_page(notice).encode()) if notice is not None else NOT_FOUND
        if re.fullmatch(rf"{self.directory}/index_2603340_\d+\.html", target):
            rows = self.list_page(target)
            return NOT_FOUND if rows is None else (200, HTML, rows.encode())
        return super().respond(method, target, body)

    def list_page(self, target: str) -> str | None:
        found = re.fullmatch(rf"{self.directory}/index(?:_2603340_(\d+))?\.html", target)
        index = self.pages() - int(found[1]) if found and found[1] else 0
        if found is None or not (found[1] is None or 1 <= index < self.pages()):
            return None
        rows = "".join(
            f"<li><a href='c{n.number}/content.html' title='{n.title}'>{n.title}</a><span>[{n.published}]</span></li>"
            for n in self.page(index)
        )
        if found[1]:
            return f"<ul>{rows}</ul>"
        hidden = "".join(f"<a href='index_2603340_{n}.html'></a>" for n in range(1, self.pages()))
        return (
            f"<div class='zsy_conlist'><span id='comp_2603340'><ul>{rows}</ul></span>"
            f"<div style='display:none'>{hidden}</div><table><tr><td id='pag_2603340'></td></tr></table></div>"
            f"<script>var maxPageNum=0;</script><script>maxPageNum2603340={self.pages()};</script>"
        )
