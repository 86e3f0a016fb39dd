"""Many documents that are gone while their lists have them: a collection that says so, and tells none of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.batch import Fetch, Known, Outcome, Role
from archive.identity import url_key
from crawler.spiders.unseen import Unseen
from crawler.walk import Walk

NOW = datetime(2031, 3, 1, tzinfo=UTC)


def known(n: int, status: str) -> Known:
    return Known(
        document=n, url=f"http://a.example/{n}.html", current=True, status=status, row_hash=None, etag=None, last_modified=None,
        validators_honest=False, last_confirmed_at=None, last_unconditional_at=None, extractor_revision=None, catalogues=("zw",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gone", "status", "full", "listed", "broken"),
    [
        (8, "present", True, True, True),
        (8, "missing", True, True, True),  # the second day
        (8, "present", False, False, True),  # the walk did not come to where they may stand
        (8, "present", True, False, False),  # the office took them out of its list, too
        (8, "removed", True, True, False),  # dead links of old
        (5, "present", True, True, False),
    ],
)
def test_many_that_are_gone(gone: int, status: str, full: bool, listed: bool, broken: bool) -> None:
    unseen, walk = Unseen(), Walk("zw", full)
    for n in range(20):
        outcome = Outcome.REDIRECTED_HOME if n < gone else Outcome.OK
        one = known(n, status)
        if listed:
            walk.seen_rows.add(url_key(one.url))
        unseen.note(Fetch(url=one.url, role=Role.PAGE, outcome=outcome, at=NOW), one)
    assert bool(unseen.why({"zw": walk})) == broken
