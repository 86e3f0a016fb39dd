"""A document that moves on while its old address only fails, and its first move waits for that, has moved once for its readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.model import Disclosure
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

COUNT = 12
GONE, FAILED = Outcome.GONE, Outcome.FAILED
OLD, FIRST, SECOND = range(3)  # the three places of a document
Answer = Disclosure | Outcome


def place(n: int, which: int) -> str:
    return url(n).replace("gongwen", ("gongwen", "first", "second")[which])


class Moving(Office):
    """An office of which the first documents move: what their three places answer on a day, and where the list has them."""

    def __init__(self, data: Path, moving: int = 1) -> None:
        super().__init__(data, SitePolicy())
        self.moving = moving
        for _ in range(2):
            self.collect(site_of(COUNT))

    def day(self, *places: str, listed: int | None, days: int = 1) -> None:
        """Places in their order: ``failed``, ``gone``, or what the document's text says there; "" is not asked for."""
        outcomes: dict[str, Outcome] = {"failed": FAILED, "gone": GONE}
        for _ in range(days):
            pages: dict[str, Answer] = {url(n): notice(n) for n in range(self.moving, COUNT)}
            rows = list(pages)
            for n in range(self.moving):
                pages |= {
                    place(n, which): outcomes.get(said) or notice(n, said)
                    for which, said in enumerate(places)
                    if said
                }
                rows += [place(n, listed)] if listed is not None else []
            self.collect(pages, listed=rows)

    def told(self) -> list[tuple[str, str]]:
        """Kind and, of a move, where to: each once for all the documents that move."""
        with self.read() as db:
            rows = db.execute(
                "SELECT c.kind, coalesce(c.to_url, ''), count(*) FROM changes c WHERE feed_seq IS NOT NULL"
                " AND kind <> 'baseline' GROUP BY c.kind, c.to_url ORDER BY min(feed_seq)"
            ).fetchall()
        damage: list[object] = []
        verify(self.paths, tell=damage.append)
        assert damage == []
        assert {row[2] for row in rows} <= {1, self.moving}
        return list(dict.fromkeys((row[0], row[1].split("/")[3] if row[1] else "") for row in rows))

    def documents(self) -> int:
        with self.read() as db:
            return int(db.execute("SELECT count(*) FROM documents WHERE merged_into IS NULL").fetchone()[0])


@pytest.fixture(params=[1, COUNT], ids=["one", "all"])
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Moving:
    return Moving(tmp_path / "data", request.param)


TEXT = "罚款5万元。"


def test_it_is_one_move_to_where_it_is(office: Moving) -> None:
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", TEXT, listed=SECOND, days=2)
    assert office.told() == []  # the old address may answer yet
    office.day("gone", "", TEXT, listed=SECOND, days=6)
    assert (office.told(), office.documents()) == ([("moved", "second")], COUNT)


def test_where_no_list_has_it_for_a_day_it_is_not_told_as_gone(office: Moving) -> None:
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", listed=None)
    assert office.told() == []  # readers never heard of the place that is gone
    office.day("failed", "gone", TEXT, listed=SECOND, days=2)
    office.day("gone", "gone", TEXT, listed=SECOND, days=6)
    assert (office.told(), office.documents()) == ([("moved", "second")], COUNT)


def test_an_edit_on_the_way_is_told_with_the_move(office: Moving) -> None:
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", "罚款9万元。", listed=SECOND, days=2)
    office.day("gone", "", "罚款9万元。", listed=SECOND, days=6)
    assert office.told() == [("moved", "second"), ("edited", "second")]
    assert office.documents() == COUNT


def test_an_old_address_that_answers_again_makes_the_other_a_new_document(office: Moving) -> None:
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", TEXT, listed=SECOND, days=2)
    office.day(TEXT, "", TEXT, listed=SECOND, days=6)
    assert "moved" not in dict(office.told())
    assert not {"missing", "removed"} & set(dict(office.told()))


def test_one_that_comes_back_on_the_way_is_where_it_was(office: Moving) -> None:
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", listed=None)
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("gone", TEXT, listed=FIRST, days=6)
    assert (office.told(), office.documents()) == ([("moved", "first")], COUNT)


def test_what_is_gone_at_both_is_told_once(tmp_path: Path) -> None:
    """Its news waits for a week; then it is news that is gone, or a move that is gone, and never a removal of what nobody knew."""
    office = Moving(tmp_path / "data")
    office.day("failed", TEXT, listed=FIRST, days=2)
    office.day("failed", "gone", listed=None, days=2)
    office.day("gone", "gone", listed=None, days=12)
    kinds = [kind for kind, _ in office.told()]
    assert kinds[-1] == "removed"
    assert kinds.count("removed") == kinds.count("missing") == 1
    assert "added" not in kinds


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("valid", "invalid", ["moved", "edited"]),
        ("valid", None, ["moved"]),  # its new template leaves it out
        (None, "valid", ["moved"]),  # or its old one did
    ],
)
def test_a_document_that_is_repealed_on_the_day_of_its_move_is_told_as_both(
    tmp_path: Path, before: str | None, after: str | None, kinds: list[str]
) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect({url(n): notice(n, validity=before) for n in range(COUNT)})
    rest: dict[str, Answer] = {url(n): notice(n, validity=before) for n in range(1, COUNT)}
    for _ in range(2):
        office.collect({**rest, url(0): GONE, place(0, FIRST): notice(0, validity=after)})
    assert [kind for kind, _ in office.feed()] == kinds


@pytest.mark.parametrize("moving", [COUNT // 2, COUNT])
def test_a_template_that_says_validity_otherwise_for_all_that_move_waits_for_a_word(
    tmp_path: Path, moving: int
) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect({url(n): notice(n, validity="valid") for n in range(COUNT)})
    rest: dict[str, Answer] = {url(n): notice(n, validity="valid") for n in range(moving, COUNT)}
    there: dict[str, Answer] = {place(n, FIRST): notice(n, validity="invalid") for n in range(moving)}
    for day in range(6):
        office.collect({**rest, **there, **({url(n): GONE for n in range(moving)} if not day else {})})
    assert [kind for kind, _ in office.feed()] == ["moved"] * moving
    with office.read() as db:
        waits = [row[0] for row in db.execute("SELECT waits_for FROM changes WHERE kind = 'edited'")]
    assert waits == ["word"] * moving


def test_texts_edited_in_as_many_moves_are_told_where_validity_stays(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect({url(n): notice(n, validity="valid") for n in range(COUNT)})
    there: dict[str, Answer] = {
        place(n, FIRST): notice(n, f"罚款{n + 20}万元。", validity="valid") for n in range(COUNT)
    }
    for day in range(4):
        office.collect({**there, **({url(n): GONE for n in range(COUNT)} if not day else {})})
    assert sorted(kind for kind, _ in office.feed()) == ["edited"] * COUNT + ["moved"] * COUNT
