"""What a collection asks for first when its budget is smaller than what there is to ask."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from archive.addresses import Addresses
from archive.batch import Outcome
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
