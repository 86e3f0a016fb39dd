"""What a collection asks for first when its budget is smaller than what there is to ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from archive.addresses import Addresses
from archive.batch import Known, Outcome, Row, Unread
from archive.model import Disclosure
from archive.store import open_for_reading
from archive.waits.expectations import SitePolicy
from crawler.plan import Plan
from crawler.platforms.base import ListRow
from tests.archive.harness import Office, notice, site_of, url

MANY, BUDGET = 40, 4


def moved(n: int) -> str:
    return url(n).replace("/gongwen/", "/zwgk/")


def test_a_site_that_moves_is_told_as_moved_however_small_the_budget(tmp_path: Path) -> None:
    """New addresses come first, and so for days no old one was asked: then all of them were told as new."""
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(MANY))
    there: dict[str, Disclosure] = {moved(n): notice(n) for n in range(MANY)}
    for _ in range(24):
        with open_for_reading(office.paths.archive) as db:
            plan = Plan(tuple(Addresses(db, "linjiang").known()), office.now)
        for address in there:
            plan.note(ListRow(url=address, title="通知"))
        asked = [address for address, _, _ in islice(plan.documents(), BUDGET)]
        office.collect({a: there.get(a, Outcome.GONE) for a in asked}, listed=list(there), full=False)
    assert [kind for kind, _ in office.feed()] == ["moved"] * MANY


def test_news_that_waits_may_have_another_row_by_now(tmp_path: Path) -> None:
    """A document that may be a known one is asked for before all others; its row was looked for once more, and the collection broke."""
    office = Office(tmp_path, SitePolicy())
    office.rows = {url(0): "a", moved(0): "a"}
    office.collect({url(0): notice(0)})
    office.collect({moved(0): notice(0)})
    with open_for_reading(office.paths.archive) as db:
        plan = Plan(tuple(Addresses(db, "linjiang").known()), office.now)
    plan.note(ListRow(url=moved(0), title="通知", row_hash="b"))
    assert [(address, bool(row)) for address, row, _ in plan.documents()] == [
        (url(0), False),
        (moved(0), True),
    ]


@pytest.mark.parametrize(
    ("query", "title", "asked"),
    [
        ("?sid=7f3a", "关于防汛的通知", False),
        ("?sid=7f3a", "关于抗旱的通知", True),
        ("", "关于防汛的通知", True),
    ],
)
def test_a_row_that_was_passed_over_for_a_visits_parameter_is_not_asked_for_later(
    query: str, title: str, asked: bool
) -> None:
    """The list was without the parameter again, and each document was new with it."""
    address = "http://linjiang.example/zw/1.html"
    context = json.dumps({"record": None, "hints": {"title": "关于防汛的通知"}})
    one = Known(
        document=1, url=address, current=True, status="present", row_hash=None, etag=None, last_modified=None,
        validators_honest=False, last_confirmed_at=None, last_unconditional_at=None, extractor_revision=None, context=context,
    )  # fmt: skip
    there = address + query if query else "http://linjiang.example/zw/2.html"
    row = Unread(row=Row(url=there, title=title), catalogues=("zw",))
    plan = Plan((one,), datetime(2031, 3, 1, tzinfo=UTC), unread=(row,))
    assert (there in [url for url, _, _ in plan.documents()]) == asked
