"""A robots.txt that forbids more than a fifth of the documents: a collection that says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.batch import Fetch, Outcome, Role
from crawler.spiders.unseen import Unseen


@pytest.mark.parametrize(
    ("forbidden", "said"), [(0, ()), (4, ()), (5, ("robots.txt forbids 5 of 20 documents",))]
)
def test_documents_that_robots_txt_forbids(forbidden: int, said: tuple[str, ...]) -> None:
    unseen = Unseen()
    for n in range(20):
        outcome = Outcome.ROBOTS if n < forbidden else Outcome.GONE
        at = datetime(2031, 3, 1, tzinfo=UTC)
        unseen.note(Fetch(url=f"http://a.example/{n}.html", role=Role.PAGE, outcome=outcome, at=at))
    assert unseen.why() == said
