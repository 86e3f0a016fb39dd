"""A backup is whole whatever goes on meanwhile, and a restored archive goes on in an epoch of its own."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import backup, record
from archive.store import LockedError, Paths, TargetError, exclusive, open_for_reading
from archive.waits.expectations import SitePolicy
from tests import here
from tests.archive.harness import CATALOGUES, SITE, Office, site_of
from tests.fake_sites.editable import LoopbackSite, collect, configure, content

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one collected site of 30 documents, to be copied."""
    home = tmp_path_factory.mktemp("collected")
    site = LoopbackSite(30)
    command = configure(home, site)
    assert collect(command)[0] == 0
    site.server.shutdown()
    return home


@pytest.fixture
def home(collected: Path, tmp_path: Path) -> Path:
    """That directory, of a test's own."""
    return shutil.copytree(collected, tmp_path / "home")


def test_backup_and_restore_give_the_same_archive_in_a_new_epoch(home: Path) -> None:
    (home / ".backup.part").mkdir()  # of one that died
    (home / ".backup.part" / "captures.db").write_bytes(b"half of it")
    made = backup.backup(Paths(home / "data"), home / "backup", now=NOW)
    assert made == backup.check(home / "backup")
    assert made.documents == 30
    manifest, aside = backup.restore(home / "backup", Paths(home / "other" / "data"), now=NOW)
    assert aside is None
    there = {path.name for path in (home / "other" / "data").iterdir()}
    assert {name for name in there if not name.endswith(".lock")} == {
        *made.files
    }  # nothing that was only on its way
    assert content(home / "other") == content(home)
    with closing(open_for_reading(home / "other" / "data" / "archive.db")) as db:
        epoch = db.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()[0]
        row = db.execute("SELECT * FROM epochs WHERE epoch = ?", [epoch]).fetchone()
    assert epoch != manifest.epoch
    assert (row["previous_epoch"], row["previous_head"], row["first_seq"]) == (
        made.epoch,
        made.head,
        made.ledger_seq + 1,
    )


def test_a_cursor_never_stands_beyond_the_restored_feed(home: Path) -> None:
    config = home / "config"
    (config / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: all, to: a@example.org, sites: all, schedule: {}}\n"
    )
    sent = here.gongkai("--config", str(config), "--data", str(home / "data"), "alerts", "send")
    assert sent.returncode == 0, sent.stderr
    made = backup.backup(Paths(home / "data"), home / "backup", now=NOW)
    with closing(sqlite3.connect(home / "backup" / "alerts.db")) as db, db:
        db.execute("UPDATE subscriptions SET cursor = 10000")
    broken = json.loads((home / "backup" / "manifest.json").read_text())
    text = (home / "backup" / "alerts.db").read_bytes()
    broken["files"]["alerts.db"] = [hashlib.sha256(text).hexdigest(), len(text)]
    (home / "backup" / "manifest.json").write_text(json.dumps(broken))
    backup.restore(home / "backup", Paths(home / "again"), now=NOW)
    with closing(sqlite3.connect(home / "again" / "alerts.db")) as db:
        assert db.execute("SELECT cursor FROM subscriptions").fetchall() == [(made.feed_seq,)]


def _whole(copy: Path, documents: int) -> None:
    """Whether a backup holds so many documents, and every capture that they were made from."""
    with closing(sqlite3.connect(copy / "archive.db")) as db:
        db.execute("ATTACH ? AS c", [str(copy / "captures.db")])
        held = (
            db.execute("SELECT count(*) FROM documents").fetchone()[0],
            db.execute(
                "SELECT count(*) FROM version_sources WHERE capture IN (SELECT key FROM c.captures)"
            ).fetchone()[0],
            db.execute("SELECT count(*) FROM version_sources").fetchone()[0],
        )
    assert held == (documents, documents, documents)


def test_a_backup_made_during_a_collection_holds_whole_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One batch comes before each of its files is copied; another backup begins where a batch is all but committed."""
    office, copy, resolve = Office(tmp_path / "data", SitePolicy()), backup.snapshot, record.resolve
    coming = iter(office.batches(site_of(20), cut=4))
    paths = office.paths
    with office.recorder() as recorder, exclusive(paths):
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        for _ in range(2):  # the list, four documents
            recorder.record(run, next(coming))

        def between(source: Path, target: Path) -> None:
            recorder.record(run, next(coming))
            copy(source, target)

        def within(*arguments: Any) -> None:
            backup.backup(paths, tmp_path / "within", now=NOW)
            resolve(*arguments)

        with monkeypatch.context() as patched:
            patched.setattr(backup, "snapshot", between)
            backup.backup(paths, tmp_path / "between", now=NOW)
        with monkeypatch.context() as patched:
            patched.setattr(record, "resolve", within)
            recorder.record(run, next(coming))
        for batch in coming:
            recorder.record(run, batch)
        assert recorder.finish(run).outcome == "complete"
    _whole(tmp_path / "between", 8)
    _whole(tmp_path / "within", 12)
    backup.backup(paths, tmp_path / "after", now=NOW)
    _whole(tmp_path / "after", 20)


def test_what_is_there_is_put_aside_never_deleted(home: Path) -> None:
    paths = Paths(home / "data")
    backup.backup(paths, home / "backup", now=NOW)
    with pytest.raises(TargetError, match="--replace"):
        backup.restore(home / "backup", paths, now=NOW)
    _, aside = backup.restore(home / "backup", paths, now=NOW, replace=True)
    assert aside is not None
    assert {"archive.db", "captures.db"} <= {path.name for path in aside.iterdir()}
    with closing(open_for_reading(aside / "archive.db")) as db:  # what it was, in its own epoch
        assert db.execute("SELECT count(*), (SELECT count(*) FROM epochs) FROM documents").fetchone()[:] == (
            30,
            1,
        )


def test_a_damaged_backup_is_refused_before_anything_is_touched(home: Path) -> None:
    paths = Paths(home / "data")
    backup.backup(paths, home / "backup", now=NOW)
    with (home / "backup" / "archive.db").open("r+b") as file:
        file.seek(5000)
        byte = file.read(1)
        file.seek(5000)
        file.write(bytes([byte[0] ^ 1]))
    before = content(home)
    with pytest.raises(backup.BackupError, match=r"archive\.db: it is not the file"):
        backup.restore(home / "backup", paths, now=NOW, replace=True)
    assert content(home) == before
    (home / "backup" / "archive.db").unlink()
    with pytest.raises(backup.BackupError, match=r"archive\.db: missing, though the manifest names it"):
        backup.check(home / "backup")
    (home / "backup" / "manifest.json").write_text("[]")
    with pytest.raises(backup.BackupError, match="not a manifest"):
        backup.check(home / "backup")
    (home / "backup" / "manifest.json").unlink()
    with pytest.raises(backup.BackupError, match="is not a whole backup"):
        backup.check(home / "backup")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (
            "feed_seq",
            1,
            "it gives feed_seq as 1, and archive.db holds",
        ),  # readers would be told all of it again
        ("ledger_seq", 10**30, "it gives ledger_seq as"),
        ("ledger_seq", "1", "it gives ledger_seq as '1'"),
        ("epoch", None, "it gives epoch as None"),
        ("head", "0" * 64, "it gives head as"),
        ("documents", "x", "it gives documents as 'x'"),
        ("created_at", "yesterday", "not a manifest of a backup"),
        ("created_at", None, "not a manifest of a backup"),
        (None, "[" * 100_000, "not a manifest of a backup"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(
    home: Path, key: str | None, value: object, said: str
) -> None:
    backup.backup(Paths(home / "data"), home / "copy", now=NOW)
    manifest = home / "copy" / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {key: value}) if key else str(value))
    with pytest.raises(backup.BackupError, match=r"manifest\.json: ") as refused:
        backup.restore(home / "copy", Paths(home / "new"), now=NOW)
    assert (said in str(refused.value), (home / "new").exists()) == (True, False), refused.value


def test_a_backup_that_cannot_be_finished_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "_describe", full)
    with pytest.raises(OSError, match="No space left"):
        backup.backup(Paths(home / "data"), home / "backups" / "today", now=NOW)
    assert [*(home / "backups").iterdir()] == []


def test_a_log_that_a_broken_restore_left_is_put_aside_too(home: Path) -> None:
    """It would be taken for the log of the file that comes in its place."""
    paths = Paths(home / "data")
    backup.backup(paths, home / "backup", now=NOW)
    for path in (home / "data").glob("*.db*"):
        path.unlink()
    (home / "data" / "captures.db-wal").write_bytes(b"of another file")
    with pytest.raises(TargetError, match=r"captures\.db-wal exists; give --replace"):
        backup.restore(home / "backup", paths, now=NOW)
    _, aside = backup.restore(home / "backup", paths, now=NOW, replace=True)
    assert aside is not None
    assert [path.name for path in aside.iterdir()] == ["captures.db-wal"]
    assert not (home / "data" / "captures.db-wal").exists()


def test_a_disk_that_is_full_keeps_its_archive_and_nothing_half_restored(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(home / "data")
    backup.backup(paths, home / "backup", now=NOW)
    before, copy = content(home), shutil.copyfile

    def full(source: Path, target: Path) -> None:
        copy(source, target)
        if target.name == "captures.db":
            raise OSError(errno.ENOSPC, "No space left on device", str(source), None, str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        backup.restore(home / "backup", paths, now=NOW, replace=True)
    assert content(home) == before
    assert not (home / "data" / ".restoring").exists()


def test_restore_waits_for_no_writer(home: Path) -> None:
    paths = Paths(home / "data")
    backup.backup(paths, home / "backup", now=NOW)
    with exclusive(paths), pytest.raises(LockedError):
        backup.restore(home / "backup", paths, now=NOW, replace=True)


def test_a_backup_never_overwrites(home: Path) -> None:
    (home / "backup").mkdir()
    with pytest.raises(TargetError, match="exists"):
        backup.backup(Paths(home / "data"), home / "backup", now=NOW)


def test_a_restored_archive_is_collected_further(tmp_path: Path) -> None:
    site = LoopbackSite(20)
    command = configure(tmp_path, site)
    assert collect(command)[0] == 0
    backup.backup(Paths(tmp_path / "data"), tmp_path / "backup", now=NOW)
    backup.restore(tmp_path / "backup", Paths(tmp_path / "data"), now=NOW, replace=True)
    site.pages["/zw/t20260111_999.html"] = "新的一条。"
    status, report = collect(command)
    site.server.shutdown()
    assert status == 0, report
    assert report["new"] == 1
    with closing(open_for_reading(tmp_path / "data" / "archive.db")) as db:
        began = db.execute(
            "SELECT first_seq, previous_head, epoch FROM epochs ORDER BY first_seq DESC"
        ).fetchone()
        first = db.execute("SELECT previous_head FROM ledger WHERE seq = ?", [began["first_seq"]]).fetchone()
    from archive.ledger import genesis

    assert first["previous_head"] == genesis(began["epoch"], began["previous_head"])
