"""Migrations of the three databases. Each runs in one transaction with the record of it having run."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive import files, resolve, schema, seals, search, unanswered_rows
from archive.histories import merges

archive_migrations = Migrations("gongkai.archive")
capture_migrations = Migrations("gongkai.captures")
alert_migrations = Migrations("gongkai.alerts")


@archive_migrations()
def m001_tables(db: Database) -> None:
    schema.create_archive_tables(db)


@archive_migrations()
def m002_search(db: Database) -> None:
    search.create_index(db)


@archive_migrations()
def m003_epochs(db: Database) -> None:
    schema.create_epochs(db)


@archive_migrations()
def m004_context(db: Database) -> None:
    # What the catalogue's row said when the version was made: without it a capture cannot be read again as it was.
    db.table("versions").add_column("context", str)


@archive_migrations()
def m005_waiting_changes(db: Database) -> None:
    # Why an event is not told yet; see archive.events.Wait.
    db.table("changes").add_column("waits_for", str)
    db.conn.execute(
        "UPDATE changes SET waits_for = 'old_address', reasons = '[]' WHERE reasons = '[\"waits for the old address\"]'"
    )


@archive_migrations()
def m005_files(db: Database) -> None:
    files.create_files(db)


@archive_migrations()
def m006_evidence(db: Database) -> None:
    schema.alter_for_evidence(db)
    seals.create_tables(db.conn)
    for table in seals.FIRST_ARCHIVE_TABLES:
        seals.reseal(db.conn, table)


@archive_migrations()
def m007_search_attachments(db: Database) -> None:
    search.index_attachments(db)


@archive_migrations()
def m008_names(db: Database) -> None:
    resolve.create_names(db)


@archive_migrations()
def m009_withdrawals(db: Database) -> None:
    schema.index_withdrawn(db)


@archive_migrations()
def m010_stretches(db: Database) -> None:
    schema.create_stretches(db)
    db.conn.execute("DELETE FROM seals WHERE kind = ?", [seals.OBSERVATIONS.kind])
    for table in seals.ARCHIVE_TABLES:
        if table.name in ("stretches", "places"):
            seals.reseal(db.conn, table)


@archive_migrations()
def m011_merges(db: Database) -> None:
    merges.create_merges(db)
    seals.reseal(db.conn, seals.MERGES)


@archive_migrations()
def m012_packed_texts(db: Database) -> None:
    schema.alter_for_packed_texts(db)


@archive_migrations()
def m013_indexed_texts(db: Database) -> None:
    search.index_texts(db)


@archive_migrations()
def m014_unread(db: Database) -> None:
    unanswered_rows.create_unread(db)


@archive_migrations()
def m015_traces(db: Database) -> None:
    db.table("versions").add_column("traces", str)


@archive_migrations()
def m016_former_keys(db: Database) -> None:
    # Keys that its file had before: a JSON array, the oldest first; see archive.histories.former_keys.
    db.table("sites").add_column("former_keys", str)


@capture_migrations()
def m001_captures(db: Database) -> None:
    schema.create_capture_tables(db)


@capture_migrations()
def m002_seals(db: Database) -> None:
    seals.create_tables(db.conn)
    for table in seals.CAPTURE_TABLES:
        seals.reseal(db.conn, table)


@capture_migrations()
def m003_dictionaries(db: Database) -> None:
    schema.alter_for_dictionaries(db)
    for table in seals.CAPTURE_TABLES:
        seals.reseal(db.conn, table)


@alert_migrations()
def m001_alerts(db: Database) -> None:
    schema.create_alert_tables(db)


@alert_migrations()
def m002_alert_seals(db: Database) -> None:
    seals.create_tables(db.conn)
    for table in seals.ALERT_TABLES:
        seals.reseal(db.conn, table)


@alert_migrations()
def m003_unused_columns(db: Database) -> None:
    # For links that unsubscribe, which there are none of: readers stand in subscriptions.yml.
    for column in ("token", "unsubscribed_at", "last_sent_at"):
        db.execute(f"ALTER TABLE subscriptions DROP COLUMN {column}")
    seals.reseal(db.conn, seals.ALERT_TABLES[0])
