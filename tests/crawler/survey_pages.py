"""Pages of an office that a survey looks at, and what it drafts of them. Pages come from a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from scrapy import Request
from scrapy.http import HtmlResponse

from archive.batch import Fetch, Role
from crawler.answers import read_answer
from crawler.extract.fields import FieldBook
from crawler.platforms.base import PageRequest
from crawler.regions import load_regions
from crawler.sites import load_site
from crawler.survey.asking import Asker
from crawler.survey.draft import draft
from crawler.survey.outcome import Survey
from crawler.survey.survey import Surveyor

CONFIG = Path(__file__).parents[2] / "config"


BOOK, REGIONS = FieldBook.load(CONFIG / "fields.yml"), load_regions(CONFIG)


BASE = "http://zfxx.linjiang.example"


HEAD = (
    "<meta name='SiteName' content='临江市人民政府门户网站'><meta name='SiteIDCode' content='3311000012'>"
    "<meta name='ColumnName' content='{column}'>"
)


TRAIL = (
    "<div class='crumb'>您当前的位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt;"
    " <a href='/zwgk/gongwen/'>政府文件</a></div>"
)


def listing(
    directory: str, first: int, count: int, *, column: str = "政府文件", pager: str = "", around: str = ""
) -> str:
    rows = "".join(
        f"<li><a href='{directory}202603/t20260301_{n}.html'>临江市人民政府关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n in range(first, first + count)
    )
    head = HEAD.format(column=column)
    return f"<html><head><title>{column}-临江市</title>{head}</head><body>{around}<ul class='l'>{rows}</ul>{pager}</body></html>"


def document(number: int) -> str:
    return (
        f"<html><head><title>关于第{number}号事项的通知_临江市人民政府</title>"
        f"<meta name='ArticleTitle' content='临江市人民政府关于第{number}号事项的通知'></head><body>{TRAIL}<table>"
        f"<tr><td>索引号：</td><td>LJ/2026-{number}</td><td>发布机构：</td><td>临江市人民政府</td></tr>"
        f"<tr><td>文号：</td><td>临政发〔2026〕{number}号</td><td>发布日期：</td><td>2026-03-01</td></tr></table>"
        f"<div id='zoom'><p>{'各单位应当认真贯彻执行，不得延误。' * 12}</p></div></body></html>"
    )


def look(
    pages: Mapping[str, str | tuple[int, str]],
    start: str = "/zwgk/gongwen/",
    most: int = 30,
    posted: Mapping[str, Callable[[str], str]] | None = None,
) -> tuple[Survey, list[str]]:
    """The survey of a site of these pages; documents answer by their address. Also the paths that were asked for.

    ``posted``: what is answered to a form.
    """
    asked: list[str] = []

    def fetch(request: PageRequest, role: Role) -> Fetch:
        path = request.url.removeprefix(BASE)
        asked.append(path)
        status, body = 404, "<h1>404</h1>"
        if posted and path in posted and request.method == "POST":
            status, body = 200, posted[path](request.body.decode())
        elif path in pages:
            found = pages[path]
            status, body = found if isinstance(found, tuple) else (200, found)
        elif "/t20260301_" in path:
            status, body = 200, document(int(path.rpartition("_")[2].removesuffix(".html")))
        response = HtmlResponse(
            request.url, status=status, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"},
            request=Request(request.url),
        )  # fmt: skip
        return read_answer(response, request.url, role, datetime(2026, 3, 2, tzinfo=UTC)).fetch

    asker = Asker(fetch, lambda _: None, most)
    return Surveyor(asker, BOOK, REGIONS).survey(BASE + start), asked


def drafted(survey: Survey, tmp_path: Path) -> str:
    """The file's text, which `sites check` takes."""
    text = draft(survey, "linjiang", today=date(2026, 3, 2))
    path = tmp_path / "linjiang.yml"
    path.write_text(text)
    site = load_site(path)
    assert [c.url for c in site.catalogues] == [one.url for one in survey.lists]
    return text
