"""Seals and structure: what holds for every table of a file, whatever it means."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from sqlite_utils import Database, Migrations

from archive import seals, search
from archive.verification.findings import UNREADABLE, Findings

_MOST_FROM_SQLITE = 1000


def check_file(findings: Findings, file: str) -> None:
    """What SQLite itself can tell of a file: pages, indexes, foreign keys."""
    connection = findings.connections[file]
    findings.progress(f"{file}: pages", 0, 0)
    try:
        for (text,) in connection.execute(f"PRAGMA integrity_check({_MOST_FROM_SQLITE})"):
            if text != "ok":
                findings.add(file, "", None, f"integrity_check: {text}")
    except UNREADABLE as error:
        findings.add(file, "", None, f"integrity_check: {error}")
    try:
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            key = _key_of_rowid(connection, table, row)
            findings.add(file, table, key, f"names a row of {parent} that is not there")
    except UNREADABLE as error:
        findings.add(file, "", None, f"foreign_key_check: {error}")


_DECLARED = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


def check_schema(findings: Findings, file: str, migrations: Migrations) -> None:
    """Tables, indexes and views are declared as the migrations declare them; an empty table has no row that would tell."""
    with closing(Database(memory=True).conn) as model:
        search.register(model)
        migrations.apply(Database(model))
        wanted = dict(model.execute(_DECLARED).fetchall())
    try:
        present = dict(findings.connections[file].execute(_DECLARED).fetchall())
    except UNREADABLE as error:
        findings.add(file, "", None, f"its schema cannot be read: {error}")
        return
    for name in sorted(wanted.keys() | present.keys()):
        if wanted.get(name) != present.get(name):
            findings.add(file, "sqlite_master", name, "is not declared as gongkai declares it")


def _key_of_rowid(connection: sqlite3.Connection, table: str, row: int | None) -> object:
    for known in (*seals.ARCHIVE_TABLES, *seals.CAPTURE_TABLES, *seals.ALERT_TABLES):
        if known.name == table:
            found = connection.execute(
                f"SELECT {known.key_sql()} FROM {table} WHERE rowid = ?", [row]
            ).fetchone()
            return found[0] if found else row
    return f"rowid {row}"


def check_seals(findings: Findings, file: str, tables: Sequence[seals.SealedTable]) -> None:
    """Every sealed row is there and has the values that it was written with."""
    connection = findings.connections[file]
    try:
        waiting = {tuple(row) for row in connection.execute("SELECT kind, row FROM unsealed")}
    except UNREADABLE as error:
        findings.add(file, "unsealed", None, f"cannot be read: {error}")
        return
    if waiting:
        findings.notes.append(
            f"{file}: {len(waiting)} rows of a collection that runs, or died, have no seal yet and are checked next time"
        )
    kinds = ",".join(str(table.kind) for table in tables)
    for row in findings.rows(file, "seals", f"SELECT kind, key FROM seals WHERE kind NOT IN ({kinds})"):
        findings.add(file, "seals", f"{row[0]} {row[1]}", "is the seal of no table")
    for table in tables:
        _check_table(findings, file, table, waiting)


def _check_table(
    findings: Findings, file: str, table: seals.SealedTable, waiting: set[tuple[int, int]]
) -> None:
    sql = f"SELECT rowid, * FROM {table.name} WHERE " + " AND ".join(f"{c} = ?" for c in table.key)
    for key, seal in findings.rows(
        file,
        table.name,
        f"SELECT key, seal FROM seals WHERE kind = {table.kind}",
        f"SELECT count(*) FROM seals WHERE kind = {table.kind}",
    ):
        before = findings.damages
        parts = [key] if len(table.key) == 1 else str(key).split("/", len(table.key) - 1)
        found = findings.one(file, table.name, key, sql, parts)
        if found is None:
            if findings.damages == before:
                findings.add(file, table.name, key, "is not there any more")
            continue
        if (table.kind, found[0]) not in waiting and (why := _differs(tuple(found)[1:], seal)):
            findings.add(file, table.name, key, why)
    key_sql = table.key_sql()
    unsealed = (
        f"SELECT rowid, {key_sql} FROM {table.name} WHERE NOT EXISTS"
        f" (SELECT 1 FROM seals WHERE kind = {table.kind} AND key = +({key_sql}))"
    )
    for row, key in findings.rows(file, table.name, unsealed):
        if (table.kind, row) not in waiting:
            findings.add(
                file, table.name, key, "has no seal: it was not written by gongkai, or its key is damaged"
            )


def _differs(values: tuple[object, ...], seal: object) -> str | None:
    try:
        return None if seals.seal(values) == seal else "does not match its seal: a value was altered"
    except UnicodeEncodeError:
        return "does not match its seal: a text is no valid UTF-8"
