"""Check everything that the archive holds against everything that it says of it, and name each damaged row.

Nothing is written. The files are read as they stood at one instant, beside a collection if need be; memory does
not grow with the archive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass

from archive import search
from archive.store import (
    ALERTS,
    ARCHIVE,
    CAPTURES,
    MIGRATIONS,
    SEALED,
    ArchiveError,
    Paths,
    SchemaTooNewError,
    exclusive,
    of_an_older,
    open_archive,
    open_for_reading,
    unknown_migration,
)
from archive.verification.captures import check_blobs, check_captures, check_dictionaries
from archive.verification.findings import UNREADABLE, Damage, Findings, Progress
from archive.verification.ledger import check_ledger
from archive.verification.records import (
    check_bodies,
    check_cursors,
    check_rules,
    check_sources,
    check_versions,
)
from archive.verification.rows import check_file, check_schema, check_seals
from archive.verification.search import check_index

__all__ = ["Damage", "Report", "rebuild_index", "verify"]


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at. ``checked``: file and table → rows; ``head``: (number, head) of the ledger's end."""

    damages: int
    checked: dict[str, int]
    notes: tuple[str, ...]
    head: tuple[int, str] | None


def verify(
    paths: Paths, *, tell: Callable[[Damage], None], progress: Progress = lambda label, done, total: None
) -> Report:
    """Check the archive; ``tell`` is called with each damage as it is found.

    Raises ArchiveError when there is no archive, or one with the tables of an older gongkai.
    """
    with ExitStack() as stack:
        connections = {}
        for name in (ALERTS, ARCHIVE, CAPTURES):  # what refers to others first: they were committed before it
            path = paths.data / name
            if name != ALERTS or path.exists():
                connections[name] = stack.enter_context(closing(_open(paths, name)))
        findings = Findings(connections, tell, progress)
        for name in connections:
            check_file(findings, name)
            check_schema(findings, name, MIGRATIONS[name])
        for name in connections:
            check_seals(findings, name, SEALED[name])
        for check in (*_CHECKS, *([check_cursors] if ALERTS in connections else [])):
            try:
                check(findings)
            except (*UNREADABLE, *_NONSENSE) as error:
                findings.add(ARCHIVE, "", None, f"{check.__name__.removeprefix('check_')}: {error!r}")
        check_index(findings, paths)
        last = None
        with suppress(*UNREADABLE):
            last = (
                connections[ARCHIVE]
                .execute("SELECT seq, head FROM ledger ORDER BY seq DESC LIMIT 1")
                .fetchone()
            )
    return Report(findings.damages, findings.checked, tuple(findings.notes), tuple(last) if last else None)


# What a value that was altered can lead to beyond what each check expects; the row itself is named by its seal.
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_CHECKS: Sequence[Callable[[Findings], None]] = (
    check_dictionaries,
    check_blobs,
    check_captures,
    check_bodies,
    check_versions,
    check_rules,
    check_sources,
    check_ledger,
)


def _open(paths: Paths, name: str) -> sqlite3.Connection:
    connection = open_for_reading(paths.data / name)
    connection.isolation_level = None
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    search.register(connection)
    try:
        connection.execute("BEGIN")
        behind = of_an_older(paths.data / name, connection)
        newer = unknown_migration(paths.data / name, connection)
    except UNREADABLE as error:
        connection.close()
        raise ArchiveError(
            f"{paths.data / name}: damaged beyond reading ({error}); restore a backup"
        ) from error
    if behind is not None:
        connection.close()
        raise ArchiveError(behind)
    if newer is not None:
        connection.close()
        raise SchemaTooNewError(
            f"{paths.data / name}: written by a newer gongkai (migration {newer}), whose rows this one cannot check;"
            " install that version"
        )
    return connection


def rebuild_index(paths: Paths) -> None:
    """Build the search index anew from the texts. Raises ArchiveError where there is none, LockedError while another writes."""
    open_for_reading(paths.archive).close()
    with exclusive(paths), closing(open_archive(paths).conn) as db:
        search.rebuild(db)
