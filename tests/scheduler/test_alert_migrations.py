"""What an older version left in ``alerts.db`` is there after its migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from archive.migrations import alert_migrations
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, site_of


def test_columns_that_nothing_used_go_and_their_rows_stay_sealed(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(1))
    paths = office.paths
    db = sqlite3.connect(paths.alerts)
    alert_migrations.apply(Database(db), stop_before="m002_alert_seals")
    with db:
        db.execute(
            "INSERT INTO subscriptions (key, recipient, cursor, created_at, token)"
            " VALUES ('desk', 'a@b.example', 0, '2031-01-01T00:00:00Z', 'x')"
        )
    alert_migrations.apply(Database(db))
    db.row_factory = sqlite3.Row
    (row,) = db.execute("SELECT * FROM subscriptions").fetchall()
    db.close()
    assert dict(row) == {
        "key": "desk", "recipient": "a@b.example", "cursor": 0, "created_at": "2031-01-01T00:00:00Z", "last_due_at": None
    }  # fmt: skip
    damage: list[object] = []
    verify(paths, tell=damage.append)
    assert damage == []
