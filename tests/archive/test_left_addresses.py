"""An address in no list that only fails, while the document answers at another one: it is left, and keeps no absence from readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.addresses import Addresses
from archive.batch import Outcome
from archive.model import Disclosure
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

COUNT = 6
GONE = 4  # the document that is deleted
FAILED, SKIPPED = Outcome.FAILED, Outcome.SKIPPED


def new(n: int) -> str:
    return url(n).replace("linjiang.example", "new.example")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose site has just got another host: its documents are known at both."""
    office = Office(tmp_path, SitePolicy())
    office.collect({url(n): notice(n) for n in range(COUNT)})
    there: dict[str, Disclosure | Outcome] = {new(n): notice(n) for n in range(COUNT)}
    office.collect(there, aliases={new(n): (url(n),) for n in range(COUNT)})
    return office


def day(
    office: Office,
    old: Outcome | Mapping[int, Outcome | Disclosure] = FAILED,
    there: Outcome | None = None,
    gone: bool = False,
    listed: tuple[str, ...] = (),
    full: bool = True,
) -> None:
    """A collection: what the old addresses answer, and the new ones (None: their documents), and whether one is deleted."""
    was_left = set(left(office))
    pages: dict[str, Disclosure | Outcome] = {
        url(n): old if isinstance(old, Outcome) else old.get(n, FAILED)
        for n in range(COUNT)
        if url(n) not in was_left
    }
    pages |= {new(n): there or (Outcome.GONE if gone and n == GONE else notice(n)) for n in range(COUNT)}
    rows = [new(n) for n in range(COUNT) if not (gone and n == GONE)]
    office.collect(pages, listed=[*rows, *listed], full=full)


def left(office: Office) -> list[str]:
    if not office.paths.archive.exists():
        return []
    with office.read() as db:
        return [row[0] for row in db.execute("SELECT url FROM addresses WHERE role = 'former' ORDER BY url")]


def kinds(office: Office) -> Counter[str]:
    return Counter(kind for kind, _ in office.feed())


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.ROBOTS])
def test_after_a_week_the_document_is_where_it_answers(office: Office, outcome: Outcome) -> None:
    for _ in range(7):
        day(office, outcome)
    assert (office.feed(), left(office)) == ([], [])
    for _ in range(4):
        day(office, outcome)
    assert kinds(office) == {"moved": COUNT}
    assert left(office) == sorted(url(n) for n in range(COUNT))
    with office.read() as db:
        told = db.execute("SELECT DISTINCT reasons FROM changes WHERE kind = 'moved'").fetchall()
        shown = {row[0] for row in db.execute("SELECT url FROM documents WHERE status = 'present'")}
        assert [row[0] for row in told] == ['["no_answer"]']
        assert shown == {new(n) for n in range(COUNT)}
        assert {known.url for known in Addresses(db, "linjiang").known()} == shown
    damage: list[object] = []
    verify(office.paths, tell=damage.append)
    assert damage == []


@pytest.mark.parametrize("deleted_on", [1, 9])
def test_a_page_deleted_at_the_new_address_is_told(office: Office, deleted_on: int) -> None:
    for number in range(deleted_on + 12):
        day(office, gone=number >= deleted_on)
    assert kinds(office) == {"moved": COUNT, "missing": 1, "removed": 1}
    with office.read() as db:
        where = "SELECT url, status FROM documents WHERE status <> 'present'"
        assert [tuple(row) for row in db.execute(where)] == [(new(GONE), "removed")]


def test_an_address_that_its_list_only_calls_an_alias_is_left(office: Office) -> None:
    """The site is back at its old host, and the rows name the new one, which is dead, at every visit."""
    for _ in range(10):
        day(office)
    back: dict[str, Disclosure | Outcome] = {url(n): notice(n) for n in range(COUNT)}
    for _ in range(10):
        dead = {new(n): FAILED for n in range(COUNT)}
        office.collect({**back, **dead}, listed=list(back), aliases={url(n): (new(n),) for n in range(COUNT)})
    assert kinds(office) == {"moved": 2 * COUNT}
    with office.read() as db:
        assert {known.url for known in Addresses(db, "linjiang").known() if known.current} == set(back)


def test_an_address_that_answers_again_with_the_document_is_its_own(office: Office) -> None:
    for _ in range(10):
        day(office)
    told = office.feed()
    for _ in range(3):
        back: dict[str, Disclosure | Outcome] = {url(n): notice(n) for n in range(COUNT)}
        office.collect({**back, **{new(n): notice(n) for n in range(COUNT)}})
    assert (office.feed(), left(office)) == (told, [])


def test_without_a_walk_to_the_lists_end_a_list_may_have_it(office: Office) -> None:
    day(office, full=False, listed=tuple(url(n) for n in range(COUNT)))
    for _ in range(12):
        day(office, full=False)
    assert (office.feed(), left(office)) == ([], [])
    day(office)
    assert kinds(office) == {"moved": COUNT}


def test_what_a_list_has_is_not_left(office: Office) -> None:
    for number in range(20):
        day(office, gone=number > 2, listed=(url(3), url(GONE)))
    assert sorted(set(map(url, range(COUNT))) - set(left(office))) == [url(3), url(GONE)]
    assert kinds(office) == {"moved": COUNT - 2}


ANSWERS = {n: notice(n) for n in range(COUNT)}


@pytest.mark.parametrize(
    "life",
    [
        lambda number: {"old": FAILED, "there": FAILED if number else None},  # both hosts are away
        lambda number: {"old": FAILED, "there": Outcome.BLOCKED if number > 5 else None},
        lambda number: {"old": FAILED if number % 6 else ANSWERS},  # on and off
        lambda number: {"old": SKIPPED},  # never its turn
        lambda number: {"old": SKIPPED if number % 12 else FAILED},  # one failure says little
        lambda number: {"old": ANSWERS, "there": FAILED},
        lambda number: {
            "old": ANSWERS if number < 5 else FAILED,
            "there": FAILED,
        },  # each answered, none does
    ],
)
def test_what_may_answer_yet_or_is_the_last_is_not_left(office: Office, life) -> None:
    for number in range(16):
        day(office, **life(number))
    assert (office.feed(), left(office)) == ([], [])


def test_an_outage_of_the_new_host_is_no_removal(office: Office) -> None:
    """It answers 404 for weeks, and the old one is dead."""
    for number in range(20):
        day(office, there=Outcome.GONE if number > 2 else None)
    assert set(kinds(office)) <= {"moved"}
    for _ in range(3):
        day(office)
    assert kinds(office) == {"moved": COUNT}
