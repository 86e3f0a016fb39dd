"""A PubDate that is when the page was asked for: an edit of every visit, were it taken for a day of publication."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.reparse import StoredPage
from crawler.extract.page import extract_page
from crawler.stored_pages import SiteExtractors
from tests.crawler.test_saved_pages import BOOK

URL = "https://slj.linjiang.example.gov.cn/tz/1.html"
ASKED = datetime(2031, 3, 8, 2, 20, 31, tzinfo=UTC)  # 10:20:31 in Shanghai
DATE = "Sat, 08 Mar 2031 02:20:31 GMT"
TITLE = "临江市水利局关于开展汛前检查的通知"
TEXT = "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请结合实际认真组织实施。</p><p>特此通知。</p>"


def page(published: str, line: str = "") -> bytes:
    head = f"<meta name='ArticleTitle' content='{TITLE}'><meta name='PubDate' content='{published}'>"
    return f"<html><head>{head}</head><body><h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div></body></html>".encode()


def day_of(body: bytes, answered: str | None = DATE) -> tuple[str, str]:
    record = extract_page(
        body, URL, book=BOOK, headers={"date": answered} if answered is not None else None
    ).disclosure
    assert record is not None
    return str(record.published_on), str(record.published_at)


@pytest.mark.parametrize(
    "published", ["2031-03-08 10:20", "2031-03-08 10:20:31", "2031/3/8 10:20:30", "2031-03-08 10:21"]
)
def test_the_time_of_the_visit_is_no_day_of_publication(published: str) -> None:
    assert day_of(page(published)) == ("None", "None")


def test_the_line_under_the_title_says_the_day() -> None:
    assert day_of(page("2031-03-08 10:20", "<div>发布时间：2031-03-01</div>"))[0] == "2031-03-01"


def test_two_visits_say_the_same() -> None:
    seen = set()
    for later in (timedelta(0), timedelta(days=1, minutes=7)):
        now = ASKED + later
        body = page(f"{now + timedelta(hours=8):%Y-%m-%d %H:%M:%S}", "<div>来源：市水利局</div>")
        seen.add(
            extract_page(
                body, URL, book=BOOK, headers={"Date": f"{now:%a, %d %b %Y %H:%M:%S} GMT"}
            ).disclosure
        )
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("published", "line"),
    [
        ("2031-03-08 10:05", ""),
        ("2031-03-08", ""),
        ("2031-03-07 10:20:31", ""),
        ("2031-03-08 10:20", "<div>发布时间：2031-03-08 10:20</div>"),
    ],
)
def test_another_time_or_one_that_the_page_says_elsewhere_counts(published: str, line: str) -> None:
    assert day_of(page(published, line))[0] == published[:10]


@pytest.mark.parametrize("answered", [None, "", "yesterday", "Sat, 08 Mar 2031 02:20:31"])
def test_without_a_clock_of_the_server_nothing_is_refused(answered: str | None) -> None:
    assert day_of(page("2031-03-08 10:20"), answered)[0] == "2031-03-08"


def test_a_stored_page_is_read_again_as_it_was_read_first() -> None:
    body = page("2031-03-08 10:20:31")
    stored = StoredPage(site="x", url=URL, body=body, content_type="text/html", context=None, answered=DATE)
    again = SiteExtractors(BOOK).read(stored)
    assert again.disclosure == extract_page(body, URL, book=BOOK, headers={"Date": DATE}).disclosure
    assert "asked_not_published" in {p.code for p in again.problems}
