"""The beginning of a file is all or nothing: the process may die behind any of its statements."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive import store
from archive.store import Paths, open_alerts, open_archive, open_captures

OPENERS: dict[str, Callable[[Paths], Database]] = {
    "archive.db": open_archive, "captures.db": open_captures, "alerts.db": open_alerts,
}  # fmt: skip


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


class _DiedError(BaseException):
    """Nothing that the code under test may catch."""


@pytest.mark.parametrize("name", OPENERS)
def test_a_process_that_died_behind_any_statement(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sqlite-utils makes its table of migrations and the index of it in two transactions: a kill left the first alone."""
    left, born = [10**9], list[sqlite3.Connection]()

    class Mortal(store._Writer):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            born.append(self)

        def execute(self, *given: Any) -> sqlite3.Cursor:
            if not left[0]:
                raise _DiedError
            left[0] -= 1
            return super().execute(*given)

    monkeypatch.setattr(store, "_Writer", Mortal)
    whole = Paths(tmp_path / "whole")
    OPENERS[name](whole).conn.close()
    statements = 10**9 - left[0]
    for place, dies_after in enumerate([*range(1, 25), *range(25, statements, 1 + statements // 12)]):
        paths = Paths(tmp_path / str(place))
        left[0] = dies_after
        with pytest.raises(_DiedError):
            OPENERS[name](paths)
        sqlite3.Connection.close(born[-1])  # as the system does for a process that is gone
        left[0] = 10**9
        OPENERS[name](paths).conn.close()
        assert schema(paths.data / name) == schema(whole.data / name), dies_after


def _left_in_the_middle(path: Path) -> None:
    """A file and its rollback journal as a process leaves them that dies while it makes the file."""
    made = path.with_name("made.db")
    with closing(sqlite3.connect(made, isolation_level=None)) as db:
        db.execute("CREATE TABLE t (x)")
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 500)
        shutil.copy(made, path)
        shutil.copy(f"{made}-journal", f"{path}-journal")
        db.execute("ROLLBACK")


def test_a_reader_takes_back_what_was_half_made(tmp_path: Path) -> None:
    """It was told that a database can only be read by a user who may write in its directory, who it was."""
    path = tmp_path / "archive.db"
    _left_in_the_middle(path)
    with closing(store.open_for_reading(path)) as db:
        assert db.execute("SELECT count(*) FROM t").fetchone()[0] == 0
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("INSERT INTO t VALUES (1)")


def test_what_cannot_be_taken_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.db"
    _left_in_the_middle(path)
    monkeypatch.setattr(store, "_take_back", lambda _: None)
    with pytest.raises(store.UnreadableError, match=r"archive\.db-journal"):
        store.open_for_reading(path)
