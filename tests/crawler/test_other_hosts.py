"""A list that links its documents at another host of the site: they are the known ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from archive.batch import Known
from archive.identity import url_key
from crawler.plan import Plan
from crawler.platforms.base import ListRow

NOW = datetime(2027, 3, 1, tzinfo=UTC)
OLD, NEW = "http://www.linjiang.example", "http://xxgk.linjiang.example"


def title(n: int) -> str:
    return f"关于第{n}号事项的通知"


def path(n: int) -> str:
    return f"/zw/202701/t20270101_{n}.html"


def known(document: int, url: str) -> Known:
    context = json.dumps({"record": None, "hints": {"title": title(document)}})
    return Known(
        document=document, url=url, current=True, status="present", row_hash="a", etag=None, last_modified=None,
        validators_honest=False, last_confirmed_at=NOW, last_unconditional_at=None, extractor_revision="1", context=context,
        catalogues=("zw",),
    )  # fmt: skip


def listed(plan: Plan, rows: Sequence[ListRow]) -> dict[str, tuple[str, ...]]:
    """Aliases of the rows that are known documents."""
    for row in rows:
        plan.note(row)
    return {row.url: row.aliases for row in plan.at_other_hosts({url_key(row.url) for row in rows})}


def at(base: str, *numbers: int) -> list[ListRow]:
    return [ListRow(url=base + path(n), title=title(n)) for n in numbers]


def test_a_site_with_a_new_name() -> None:
    plan = Plan(tuple(known(n, OLD + path(n)) for n in range(9)), NOW)
    found = listed(plan, at(NEW, *range(9)))
    assert found == {NEW + path(n): (OLD + path(n),) for n in range(9)}
    asked = {url: row.aliases for url, row, _ in plan.documents() if row is not None}
    assert asked == found


@pytest.mark.parametrize("count", [1, 9])
def test_www_that_went(count: int) -> None:
    bare = OLD.replace("www.", "")
    plan = Plan(tuple(known(n, OLD + path(n)) for n in range(count)), NOW)
    assert len(listed(plan, at(bare, *range(count)))) == count


def test_one_document_between_hosts_at_which_others_are_known() -> None:
    both = [known(n, base + path(n)) for n in range(4) for base in (OLD, NEW)]
    plan = Plan((*both, known(7, NEW + path(7))), NOW)
    assert listed(plan, at(OLD, 7)) == {OLD + path(7): (NEW + path(7),)}


@pytest.mark.parametrize(
    "written",
    [str.upper, lambda path: path.replace("_", "%5F"), lambda path: path.replace("_", "%5f").title()],
    ids=["case", "escaped", "both"],
)
def test_one_path_that_is_written_otherwise(written: Callable[[str], str]) -> None:
    """All documents were told as new, and all known ones as taken out of the list."""
    plan = Plan(tuple(known(n, OLD + path(n)) for n in range(9)), NOW)
    rows = [ListRow(url=OLD + written(path(n)), title=title(n)) for n in range(9)]
    assert listed(plan, rows) == {row.url: (OLD + path(n),) for n, row in enumerate(rows)}
    assert listed(plan, [ListRow(url=OLD + written(path(0)) + "?page=2", title=title(0))]) == {}


@pytest.mark.parametrize(
    "rows",
    [
        at(NEW, 1, 2),  # two offices may have a page of one name each
        [*at(NEW, 1, 2, 3), *at(NEW, 11, 12, 13, 14)],  # among many that are new
        [ListRow(url=NEW + path(n), title=title(n + 20)) for n in range(9)],
        [ListRow(url=NEW + "/", title=title(n)) for n in range(9)],
        [*at(NEW, *range(9)), *at(OLD, *range(9))],  # the list links both
    ],
    ids=["few", "among others", "other titles", "front pages", "both"],
)
def test_documents_of_their_own(rows: list[ListRow]) -> None:
    plan = Plan(tuple(known(n, OLD + path(n)) for n in range(9)), NOW)
    assert listed(plan, rows) == {}
