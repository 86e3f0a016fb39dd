"""A data directory of which a file is not there: said, never papered over by a new and empty one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.backup import backup
from archive.store import ArchiveError, UnreadableError, open_archive
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, site_of


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(2))
    return office


def lose(path: Path) -> None:
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def test_no_empty_captures_take_the_place_of_lost_ones(office: Office, tmp_path: Path) -> None:
    lose(office.paths.captures)
    with pytest.raises(ArchiveError, match=r"captures\.db: it is not there.*put it back"):
        office.collect(site_of(2))
    with pytest.raises(ArchiveError, match=r"captures\.db: it is not there"):
        backup(office.paths, tmp_path / "backup", now=office.now)
    assert not office.paths.captures.exists()
    assert list(tmp_path.iterdir()) == [office.paths.data]
    office.paths.captures.touch()  # as the message says
    office.collect(site_of(3))


def test_no_new_archive_begins_beside_the_captures_of_a_lost_one(office: Office) -> None:
    lose(office.paths.archive)
    with pytest.raises(ArchiveError, match=r"archive\.db: it is not there.*captures\.db"):
        office.collect(site_of(2))
    assert not office.paths.archive.exists()


def test_none_begins_where_a_restore_was_broken_off(office: Office) -> None:
    lose(office.paths.archive)
    lose(office.paths.captures)
    (office.paths.data / ".restoring").mkdir()
    with pytest.raises(ArchiveError, match="run `gongkai restore` again"):
        office.collect(site_of(2))
    assert not office.paths.archive.exists()


def test_none_begins_in_a_file_that_was_emptied(office: Office) -> None:
    """A file system that was repaired leaves names without bytes; `collect` began anew in one, and `backup` kept that."""
    lose(office.paths.archive)
    office.paths.archive.touch()
    with pytest.raises(ArchiveError, match=r"archive\.db: it is empty, though captures\.db is not"):
        open_archive(office.paths)
    assert office.paths.archive.stat().st_size == 0
    lose(office.paths.captures)
    open_archive(office.paths).close()  # nothing that was


def test_tables_whose_words_are_damaged_are_named_to_a_writer_too(office: Office) -> None:
    """SQLite quotes the damaged words, which are no UTF-8 (CREATE \\x92\\x93): a collection ended in a traceback."""
    with closing(sqlite3.connect(office.paths.archive)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = CAST(X'435245415445209293' AS TEXT) WHERE name = 'sites'")
        db.commit()
    with pytest.raises(UnreadableError, match=r"archive\.db: .*it is damaged"):
        office.collect(site_of(2))
