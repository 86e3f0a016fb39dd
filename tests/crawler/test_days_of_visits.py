"""Lists beside whose rows a template writes the day of the visit."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from archive.batch import Known
from crawler.plan import Plan
from crawler.platforms.base import ListRow, row_hash

NOW = datetime(2031, 3, 5, 20, tzinfo=UTC)  # 6 March in Shanghai
TODAY, BEFORE = "2031-03-06", "2031-03-01"


def row(n: int, day: str | None, title: str = "关于防汛的通知") -> ListRow:
    hints = {"title": title, **({"published_on": day} if day else {})}
    return ListRow(
        url=f"http://linjiang.example/{n}.html", title=title, hints=hints, row_hash=row_hash(title, day)
    )


def plan(*days: str | None) -> Plan:
    known = []
    for n, day in enumerate(days):
        kept = row(n, day)
        context = json.dumps({"record": None, "hints": dict(kept.hints)})
        known.append(
            Known(
                document=n, url=kept.url, current=True, status="present", row_hash=kept.row_hash, etag=None, last_modified=None,
                validators_honest=False, last_confirmed_at=None, last_unconditional_at=None, extractor_revision="r1",
                context=context,
            )
        )  # fmt: skip
    return Plan(tuple(known), NOW)


def days(rows: tuple[ListRow, ...]) -> list[str | None]:
    return [shown.hints.get("published_on") for shown in rows]


def test_documents_keep_their_day_and_their_rows_are_quiet() -> None:
    asked = plan(BEFORE, BEFORE, None)
    rows = asked.with_kept_days((row(9, TODAY), row(0, TODAY), row(1, TODAY), row(2, TODAY)))
    assert days(rows) == [TODAY, BEFORE, BEFORE, TODAY]
    assert [asked.is_quiet(shown) for shown in rows] == [False, True, True, False]


def test_a_row_that_says_something_else_too_is_not_quiet() -> None:
    asked = plan(BEFORE, BEFORE)
    rows = asked.with_kept_days((row(0, TODAY, "关于防汛的通知（修订）"), row(1, TODAY)))
    assert days(rows) == [BEFORE, BEFORE]
    assert [asked.is_quiet(shown) for shown in rows] == [False, True]


@pytest.mark.parametrize(
    "shown",
    [
        (row(0, TODAY), row(1, TODAY), row(2, "2031-03-04")),  # a list that has days of its own
        (row(0, "2031-03-04"), row(1, "2031-03-04")),  # published anew on a day before
        (row(0, TODAY), row(7, TODAY), row(8, TODAY)),  # one among new ones
        (row(0, TODAY), row(1, None)),
    ],
)
def test_other_lists_are_believed(shown: tuple[ListRow, ...]) -> None:
    assert plan(BEFORE, BEFORE, BEFORE).with_kept_days(shown) == shown
