"""A server that answers no document any more is left alone, and documents that are shut for good keep nobody from the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from archive.batch import Fetch, Known, Outcome, Role
from crawler.plan import Plan
from crawler.platforms.base import ListRow
from crawler.spiders.turns import MOST_REFUSED, Turns

NOW = datetime(2031, 3, 1, tzinfo=UTC)
SITE, OTHER = "http://www.linjiang.example", "http://files.linjiang.example:8080"


def known(url: str, document: int) -> Known:
    return Known(
        document=document, url=url, current=True, status="present", row_hash=None, etag=None, last_modified=None,
        validators_honest=False, last_confirmed_at=None, last_unconditional_at=None, extractor_revision=None,
        context=json.dumps({"hints": {}}),
    )  # fmt: skip


def asked(turns: Turns, answers: dict[str, tuple[Outcome, int | None]]) -> list[str]:
    """Addresses in the order of asking; each is answered before the next is asked for."""
    urls = []
    while (turn := turns.following()) is not None:
        url, row, _ = turn
        if row is not None and turns.why_not(url):
            outcome, status = Outcome.SKIPPED, None
        else:
            urls.append(url)
            outcome, status = next(
                (a for begin, a in answers.items() if url.startswith(begin)), (Outcome.OK, 200)
            )
        turns.note(Fetch(url=url, role=Role.PAGE, outcome=outcome, at=NOW, status=status))
        assert not turns.waits
    return urls


@pytest.mark.parametrize(
    ("outcome", "status", "left"),
    [
        (Outcome.BLOCKED, 429, True), (Outcome.BLOCKED, 200, True), (Outcome.FAILED, None, True), (Outcome.FAILED, 502, True),
        (Outcome.FAILED, 200, False), (Outcome.GONE, 404, False), (Outcome.ROBOTS, None, False),
    ],
)  # fmt: skip
def test_a_server_that_answers_nothing_is_left_alone_and_no_other_one(
    outcome: Outcome, status: int | None, left: bool
) -> None:
    both = [known(f"{base}/{n}.html", n) for n in range(100) for base in (OTHER, SITE)]
    turns = Turns(Plan(tuple(both), NOW))
    urls = asked(turns, {OTHER: (outcome, status)})
    assert sum(url.startswith(SITE) for url in urls) == 100
    assert (sum(url.startswith(OTHER) for url in urls) < MOST_REFUSED + 5) == left
    assert [
        ("files.linjiang.example:8080 answered none of 23" in why, "77 others" in why) for why in turns.why()
    ] == ([(True, True)] if left else [])


def test_what_is_shut_for_good_and_asked_for_first_keeps_nobody_from_the_others() -> None:
    shut = [known(f"{SITE}/inner/{n}.html", n) for n in range(100)]
    there = [known(f"{SITE}/zw/{n}.html", 100 + n) for n in range(10)]
    turns = Turns(Plan((*shut, *there), NOW))
    urls = asked(turns, {f"{SITE}/inner/": (Outcome.BLOCKED, 403)})
    assert (len(urls), len(set(urls)), turns.why()) == (110, 110, ())


def test_new_documents_of_a_server_that_answers_none_are_skipped_and_said() -> None:
    plan = Plan((), NOW)
    for n in range(100):
        plan.note(ListRow(url=f"{SITE}/zw/{n}.html", title="通知", row_hash="a"))
    turns = Turns(plan)
    assert len(asked(turns, {SITE: (Outcome.FAILED, None)})) == MOST_REFUSED + 3
    assert len(turns.why()) == 1


def test_the_answer_to_a_sounding_is_waited_for() -> None:
    turns = Turns(Plan(tuple(known(f"{SITE}/{n}.html", n) for n in range(100)), NOW))
    for _ in range(MOST_REFUSED):
        url, _, _ = turns.following() or ("", None, None)
        turns.note(Fetch(url=url, role=Role.PAGE, outcome=Outcome.BLOCKED, at=NOW, status=403))
    assert turns.following() is not None
    assert turns.waits
    turns.note(Fetch(url=f"{SITE}/99.html", role=Role.PAGE, outcome=Outcome.OK, at=NOW, status=200))
    assert not turns.waits
    assert [(turns.following() or ("",))[0] for _ in range(2)] == [f"{SITE}/{n}.html" for n in (20, 21)]
