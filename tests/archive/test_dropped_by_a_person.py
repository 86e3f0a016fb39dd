"""What a person drops is not told, and stands in the way of nothing that comes after it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import feed
from archive.feed import ChangeRow
from archive.model import Disclosure
from archive.store import open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, Outcome, notice, url

COUNT = 12
GOOD = {url(n): notice(n, f"罚款{n}万元。") for n in range(COUNT)}


def broken(**others: str) -> dict[str, Disclosure | Outcome]:
    """A template leaves out who has issued a document; ``others``: texts of some that say something else besides (n4="…")."""
    texts = {n: others.get(f"n{n}", f"罚款{n}万元。") for n in range(COUNT)}
    return {url(n): notice(n, text, issuing_body=None) for n, text in texts.items()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path, SitePolicy())
    office.collect({**GOOD})
    return office


def say(office: Office, word: Callable[..., int]) -> None:
    """A person's word on whatever run is held."""
    with closing(open_archive(office.paths).conn) as db:
        for (run,) in db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL").fetchall():
            word(db, run, at=office.now)


def drop(office: Office) -> None:
    say(office, feed.drop_run)


def told(office: Office) -> list[ChangeRow]:
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []
    with office.read() as db:
        return [c for c in feed.changes(db) if c.kind != "baseline"]


def kinds(office: Office) -> list[str]:
    return [change.kind.value for change in told(office)]


def status(office: Office) -> set[str]:
    with office.read() as db:
        return {row[0] for row in db.execute("SELECT status FROM documents")}


@pytest.mark.parametrize("healed_at_once", [True, False])
def test_an_edit_that_was_dropped_with_a_templates_is_told_when_the_template_heals(
    office: Office, healed_at_once: bool
) -> None:
    """One of the twelve also changed its fine. Its healing was told as an issuer that nobody saw go, and the fine never."""
    assert office.collect(broken(n4="罚款444万元。")).outcome == "held"
    drop(office)
    for _ in range(0 if healed_at_once else 2):
        assert office.collect(broken(n4="罚款444万元。")).outcome == "complete"
    assert told(office) == []
    for _ in range(4):
        assert office.collect({**GOOD, url(4): notice(4, "罚款444万元。")}).outcome == "complete"
    (only,) = told(office)
    assert (only.title, only.reasons, only.fields) == (notice(4).title, ("figures_changed: 4万 → 444万",), ())
    assert (only.from_version, only.to_version) == (1, 3)


def test_a_later_edit_is_told_from_what_readers_know(office: Office) -> None:
    """With what was dropped, which is still so: else readers would apply the edit to something they do not have."""
    office.collect(broken(n4="罚款444万元。"))
    drop(office)
    office.collect(broken(n4="罚款444万元。限期三十日。"))
    (only,) = told(office)
    assert "figures_changed: 4万 → 444万" in only.reasons
    assert [change.field for change in only.fields] == ["issuing_body"]
    office.collect({**GOOD, url(4): notice(4, "罚款444万元。限期三十日。")})
    say(office, feed.accept_run)
    _, healed = told(office)
    assert [(c.field, c.old) for c in healed.fields] == [("issuing_body", None)]


def test_an_edit_that_takes_back_what_was_dropped_is_no_news(office: Office) -> None:
    office.collect(broken(n4="罚款444万元。"))
    drop(office)
    office.collect({**GOOD, url(4): notice(4, "罚款444万元。")})
    office.collect({**GOOD})
    office.collect({**GOOD, url(4): notice(4, "罚款5万元。")})
    assert [c.reasons[0] for c in told(office)][-1].endswith("→ 5万")
    office.collect({**GOOD})
    for _ in range(4):
        office.collect({**GOOD})
    assert [c.title for c in told(office)] == [notice(4).title] * len(told(office))


def test_what_waits_for_a_word_does_not_go_out_with_an_edit_over_what_was_dropped(office: Office) -> None:
    """The issuers went, and were dropped; then a line comes to every text, and waits. A fine that changes by then is told alone."""
    line = "\n【字体：大 中 小】"
    office.collect(broken())
    drop(office)
    lined = broken(**{f"n{n}": f"罚款{n}万元。{line}" for n in range(COUNT)})
    assert office.collect(lined).outcome == "held"
    office.collect({**lined, url(4): notice(4, f"罚款4万元。另罚款9万元。{line}", issuing_body=None)})
    assert not [c for c in told(office) if any("字体" in reason for reason in c.reasons)]
    with office.read() as db:
        held = "SELECT count(*) FROM changes WHERE held_by_run IS NOT NULL AND dropped_at IS NULL"
        assert db.execute(held).fetchone()[0] == COUNT


@pytest.mark.parametrize("word", [feed.drop_run, feed.accept_run, None])
def test_a_line_that_goes_again_after_an_edit_that_was_told_without_it_is_no_news(
    office: Office, word: Callable[..., int] | None
) -> None:
    """While the line waited for a word a fine was told by itself. Where the line was dropped, or waits, nobody saw it come."""
    line = "\n【字体：大 中 小】"
    lined = {url(n): notice(n, f"罚款{n}万元。{line}") for n in range(COUNT)}
    assert office.collect(lined).outcome == "held"
    other = "罚款4万元。另罚款9万元。"
    office.collect({**lined, url(4): notice(4, f"{other}{line}")})
    if word is not None:
        say(office, word)
    for _ in range(3):
        office.collect({**GOOD, url(4): notice(4, other)})
    say(office, feed.accept_run)
    of_it = [c for c in told(office) if c.title == notice(4).title]
    assert len(of_it) == (3 if word is feed.accept_run else 1)


GONE = {u: page if n < 4 else Outcome.GONE for n, (u, page) in enumerate(GOOD.items())}
LISTED = list(GOOD)[:4]


@pytest.mark.parametrize("runs", [1, 3])
def test_an_absence_that_was_dropped_is_told_where_it_lasts(office: Office, runs: int) -> None:
    """A document that counted as removed was never looked at as one that may be gone: nobody was ever told."""
    for _ in range(runs):
        office.collect(GONE, listed=LISTED)
        drop(office)
    assert (kinds(office), status(office)) == ([], {"present"})
    for _ in range(6):
        office.collect(GONE, listed=LISTED)
    assert sorted(kinds(office)) == ["missing"] * 8 + ["removed"] * 8


def test_a_page_that_is_back_after_its_absence_was_dropped_is_no_news(office: Office) -> None:
    office.collect(GONE, listed=LISTED)
    drop(office)
    for full in (False, True):
        office.collect({**GOOD}, full=full)
    assert (kinds(office), status(office)) == ([], {"present"})


def test_of_a_removal_that_was_dropped_readers_still_know_that_it_is_missing(office: Office) -> None:
    """It is told as removed where that lasts, and as restored where it is back."""
    for _ in range(2):
        office.collect(GONE, listed=LISTED)
    assert kinds(office) == ["missing"] * 8
    assert office.collect(GONE, listed=LISTED).outcome == "held"
    drop(office)
    assert status(office) == {"present", "missing"}
    back = {**GONE, url(4): GOOD[url(4)]}
    for _ in range(5):
        office.collect(back, listed=[*LISTED, url(4)])
    assert kinds(office).count("restored") == 1
    assert kinds(office).count("removed") == 7


def test_what_a_dropped_walk_did_not_list_is_unlisted_when_another_one_does_not(office: Office) -> None:
    """Not by a walk of the top of the list, which says nothing of it."""
    assert office.collect({**GOOD}, listed=LISTED).outcome == "held"
    drop(office)
    assert (kinds(office), status(office)) == ([], {"present"})
    office.collect({**GOOD}, listed=LISTED, full=False)
    assert kinds(office) == []
    for _ in range(2):
        office.collect({**GOOD}, listed=LISTED)
    assert kinds(office) == ["unlisted"] * 8


@pytest.mark.parametrize("then", [feed.accept_run, feed.drop_run])
def test_of_absences_that_several_runs_hold_the_latest_is_not_followed_by_an_earlier_one(
    tmp_path: Path, then: Callable[..., int]
) -> None:
    office = Office(tmp_path, SitePolicy(minimum=COUNT))
    office.collect({**GOOD})
    gone: dict[str, Disclosure | Outcome] = {**GOOD, url(3): Outcome.GONE}
    runs = [office.collect(gone, listed=[u for u in GOOD if u != url(3)]) for _ in range(3)]
    assert [(run.missing, run.removed) for run in runs] == [(1, 0), (0, 0), (0, 1)]
    with closing(open_archive(office.paths).conn) as db:
        feed.accept_run(db, runs[2].run, at=office.now)
        then(db, runs[0].run, at=office.now)
    office.collect(gone, listed=[u for u in GOOD if u != url(3)])
    assert [kind for kind, _ in office.feed()] == ["removed"]


def test_a_run_whose_changes_were_all_taken_back_waits_for_no_word(office: Office) -> None:
    """The site healed on a day on which it was only seen in part: `status` went on counting a held run that held nothing."""
    assert office.collect(broken()).outcome == "held"
    assert office.collect({**GOOD}, complete=False).outcome == "partial"
    with office.read() as db:
        runs = db.execute("SELECT held, resolved FROM runs").fetchall()
        held = db.execute("SELECT count(*) FROM changes WHERE held_by_run = 2 AND dropped_at IS NULL")
        assert held.fetchone()[0] == 0
    assert list(map(tuple, runs)) == [(0, None), (1, "settled"), (0, None)]
