"""Weeks in which files come, go, change, move, fail and hang on several documents: each true change is told once, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.verify import verify
from tests.hostile.file_lives import ELSEWHERE, HOST, Bureau, Stored

QUIET = 5  # collections after which a text that went back and forth has settled


def lived(seed: int, days: int, home: Path) -> None:
    """So many days and as long until all is settled: what was told wrongly, or not told, fails."""
    bureau = Bureau(seed, home)
    for _ in range(days):
        bureau.live()
        bureau.collect(whole=False)
    for paper in bureau.papers:
        bureau.heal(paper)
    for _ in range(QUIET):
        bureau.collect()
    assert not bureau.wrong, f"seed {seed}"
    assert not bureau.untold(), f"seed {seed}"
    damage: list[object] = []
    verify(bureau.office.paths, tell=damage.append)
    assert damage == []


def shared(home: Path) -> Bureau:
    """A site of two documents, the first of which links to a file with honest validators that is known for days."""
    bureau = Bureau(0, home, count=2)
    url = f"{HOST}/files/shared.pdf"
    bureau.files[url] = Stored(7, honest=True)
    for paper in bureau.papers:
        paper.links = []
    bureau.papers[0].links = [("申报表", url)]
    for _ in range(6):  # until what happened before is settled
        bureau.collect()
    assert not bureau.wrong
    return bureau


def test_a_file_that_another_document_has_is_known_of_the_next_one_that_links_to_it(tmp_path: Path) -> None:
    """It was not sent again, or not read again: the second document had neither its hash nor its text."""
    bureau = shared(tmp_path)
    bureau.papers[1].links = [("表", f"{HOST}/files/shared.pdf")]
    bureau.collect()
    bureau.files[f"{HOST}/files/shared.pdf"].honest = False
    bureau.papers[1].fine = 9
    bureau.collect()
    assert bureau.wrong == []
    bureau.papers[0].links, bureau.papers[1].links = bureau.papers[1].links, bureau.papers[0].links
    bureau.reader.newest = "r2"  # which has read it for neither
    bureau.collect()
    assert bureau.wrong == []


def test_a_file_that_was_replaced_while_only_one_of_its_documents_was_looked_at(tmp_path: Path) -> None:
    """The new file was known by then, so the server said for the other document that nothing had changed."""
    bureau = shared(tmp_path)
    bureau.papers[1].links = list(bureau.papers[0].links)
    bureau.collect()
    bureau.files[f"{HOST}/files/shared.pdf"].content = 8
    bureau.collect(only=bureau.papers[0])
    bureau.collect()
    assert bureau.wrong == []
    assert [kind for kind, _ in bureau.office.feed()][-2:] == ["attachment", "attachment"]


@pytest.mark.parametrize("renamed_first", [True, False])
def test_a_file_that_moved_and_was_renamed_is_the_one_that_it_was(
    tmp_path: Path, renamed_first: bool
) -> None:
    """Each by itself is known; both, one day after the other, with a newer extractor between them or not, were a new file."""
    bureau = shared(tmp_path)
    old, moved = f"{HOST}/files/shared.pdf", f"{ELSEWHERE}/moved/1.pdf"  # from where it is not asked for
    bureau.files[moved] = replace(bureau.files[old])
    steps = (
        [[("新表", old)], [("新表", moved)]] if renamed_first else [[("申报表", moved)], [("新表", moved)]]
    )
    for links in steps:
        bureau.papers[0].links = links
        bureau.collect()
        bureau.reader.newest = "r2"
    for _ in range(2):
        bureau.collect()
    assert bureau.wrong == []


def test_weeks_of_files(tmp_path: Path) -> None:
    lived(62, 8, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 50))
def test_many_weeks_of_files(seed: int, tmp_path: Path) -> None:
    lived(seed, 16, tmp_path)
