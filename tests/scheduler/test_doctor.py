"""The doctor finds what hurts, says what to do, and exits non-zero for what cannot wait."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.store import (
    MIGRATIONS,
    ArchiveError,
    Paths,
    exclusive,
    lock_holder,
    open_archive,
    open_for_writing,
)
from scheduler import doctor
from scheduler.doctor import Finding, State, examine, has_wal_reset_fault
from tests import here
from tests.fake_sites.editable import LoopbackSite, collect, configure

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False),
        ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False),
    ],
)  # fmt: skip
def test_versions_of_sqlite_with_the_wal_reset_fault(version: tuple[int, int, int], faulty: bool) -> None:
    assert has_wal_reset_fault(version) is faulty


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("collected")
    site = LoopbackSite(3)
    assert collect(configure(home, site))[0] == 0
    site.server.shutdown()
    return home


@pytest.fixture
def home(collected: Path, tmp_path: Path) -> Path:
    """An installation with one collection behind it, of a test's own."""
    return shutil.copytree(collected, tmp_path / "home")


def found(home: Path, check: str, now: datetime | None = None) -> list[Finding]:
    findings = examine(Paths(home / "data"), home / "config", now=now or datetime.now(UTC))
    assert {f.check for f in findings} >= {"sqlite", "data", "files", "clock", "runs", "configuration"}
    return [f for f in findings if f.check == check]


def test_a_healthy_installation(home: Path) -> None:
    findings = examine(Paths(home / "data"), home / "config", now=datetime.now(UTC))
    assert not [f for f in findings if f.state is State.ERROR]
    assert all(f.advice for f in findings if f.state is not State.OK)


def test_a_clock_that_went_back(home: Path) -> None:
    (finding,) = found(home, "clock", datetime.now(UTC) - timedelta(days=2))
    assert finding.state is State.ERROR
    assert "clock" in finding.message


def test_a_collection_that_died_and_one_that_is_held(home: Path) -> None:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db, db:
        db.execute("UPDATE runs SET outcome = NULL")
        db.execute(
            "INSERT INTO runs (collection, site, started_at, outcome, held) VALUES ('c', 'linjiang', '2026', 'held', 1)"
        )
    died, held = found(home, "runs")
    assert "died" in died.message
    assert "runs accept 2" in held.advice


def test_a_damaged_and_a_missing_file(home: Path) -> None:
    (home / "data" / "captures.db").unlink()
    data = bytearray((home / "data" / "archive.db").read_bytes())
    data[8192:12288] = b"\xff" * 4096
    (home / "data" / "archive.db").write_bytes(data)
    findings = found(home, "files")
    assert any("captures.db is missing" in f.message for f in findings)
    assert any(f.state is State.ERROR and "archive.db" in f.message for f in findings)


def test_the_captures_of_another_archive(home: Path, tmp_path: Path) -> None:
    other, site = tmp_path / "other", LoopbackSite(3)
    assert collect(configure(other, site))[0] == 0
    site.server.shutdown()
    assert all(f.state is State.OK for f in found(home, "files"))
    shutil.copy(other / "data" / "captures.db", home / "data" / "captures.db")
    (finding,) = (f for f in found(home, "files") if f.state is not State.OK)
    assert finding.state is State.ERROR and "captures.db lacks 4 of the newest 4 answers" in finding.message


def test_a_check_that_cannot_be_made_is_an_error_and_hinders_no_other(home: Path) -> None:
    (home / "data" / "archive.db").write_bytes(b"no database" * 1000)
    for check in ("files", "clock", "runs"):
        assert [(f.state, "could not be looked at" in f.message) for f in found(home, check)] == [
            (State.ERROR, True)
        ]
    assert all(f.state is State.OK for f in found(home, "lock"))


@pytest.mark.parametrize(
    ("free", "kind", "states"),
    [
        (1 << 40, "ext4", [State.OK]), (100 << 20, "ext4", [State.WARNING]), (1 << 20, None, [State.ERROR]),
        (1 << 40, "nfs4", [State.OK, State.ERROR]),
    ],
)  # fmt: skip
def test_the_disk(
    home: Path, monkeypatch: pytest.MonkeyPatch, free: int, kind: str | None, states: list[State]
) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    monkeypatch.setattr(doctor, "_file_system", lambda _: kind)
    assert [f.state for f in found(home, "data")] == states


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        (["/ ext4", "{at} nfs4", "{at}x ext4", "/proc proc"], "nfs4"),
        (["{at}/data xfs", "{at} nfs4", "/ ext4"], "xfs"),
        (["/ ext4", "{at} autofs", "{at} nfs4"], "nfs4"),  # the later one hides the other
    ],
)
def test_the_file_system_is_that_of_the_nearest_place_that_is_mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: list[str], kind: str
) -> None:
    home = tmp_path / "the home"
    (home / "data").mkdir(parents=True)
    written = str(home).replace(" ", "\\040")
    (tmp_path / "mounts").write_text("".join(f"x {line.format(at=written)} rw 0 0\n" for line in mounts))
    monkeypatch.setattr(doctor, "_MOUNTS", tmp_path / "mounts")
    assert doctor._file_system(home / "data") == kind


@pytest.mark.parametrize("name", ["archive.db-wal", "captures.db", ".writer.lock"])
def test_a_file_of_another_user_is_named_by_the_doctor_and_before_a_collection(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A reader's -wal and -shm stopped all collections with "attempt to write a readonly database", and all was well."""
    access, data = os.access, home / "data"
    (data / name).touch()
    monkeypatch.setattr(os, "access", lambda path, mode: path != data / name and access(path, mode))
    (error,) = (f for f in found(home, "files") if f.state is State.ERROR)
    assert (
        error.message
        == f"{data / name}: it belongs to {(data / name).owner()}, and this user may not write to it"
    )
    assert "chmod g+w" in error.advice
    if name != ".writer.lock":  # which is refused as such
        with pytest.raises(ArchiveError, match=f"{name}: it belongs to "):
            open_for_writing(data / name.removesuffix("-wal"), MIGRATIONS[name.removesuffix("-wal")])


@pytest.mark.parametrize(
    ("directory", "mask", "mode"), [(0o2775, 0o022, 0o664), (0o2755, 0o022, 0o644), (0o2770, 0o077, 0o600)]
)
def test_a_group_may_write_to_what_is_made_where_it_may_write(
    tmp_path: Path, directory: int, mask: int, mode: int
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(directory)
    before = os.umask(mask)
    try:
        paths = Paths(tmp_path / "data")
        with exclusive(paths), closing(open_archive(paths).conn) as db:
            db.execute("SELECT * FROM documents").fetchall()
            assert {f.name: f.stat().st_mode & 0o777 for f in paths.data.iterdir()} == dict.fromkeys(
                ("archive.db", "archive.db-wal", "archive.db-shm", ".writer.lock"), mode
            )
    finally:
        os.umask(before)


def test_a_newer_schema(home: Path) -> None:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai.archive', 'm999_later', '')"
        )
    assert any("newer gongkai (m999_later)" in f.message for f in found(home, "files"))


def test_a_dead_scheduler(home: Path) -> None:
    (home / "data" / "heartbeat").write_text("x")
    assert found(home, "scheduler")[0].state is State.OK
    assert found(home, "scheduler", datetime.now(UTC) + timedelta(hours=1))[0].state is State.ERROR


def test_wrong_configuration_and_parked_mail(home: Path) -> None:
    (home / "config" / "sites" / "linjiang.yml").write_text("site: linjiang\nplatfrom: x\n")
    assert all(f.state is State.ERROR and "linjiang.yml" in f.message for f in found(home, "configuration"))


def test_who_collects_nothing_needs_no_address_to_be_reached_at(home: Path) -> None:
    with (home / "config" / "settings.yml").open("a") as file:
        file.write("\ncontact: ''\n")
    assert [f.state for f in found(home, "configuration")] == [State.OK, State.WARNING]
    with (home / "config" / "sites" / "linjiang.yml").open("a") as file:
        file.write("\nenabled: false\n")
    (finding,) = found(home, "configuration")
    assert (finding.state, finding.message) == (State.OK, "1 site file, 0 enabled")


def test_a_site_that_got_another_key(home: Path) -> None:
    """It begins a history of its own, and nobody watches the old one."""
    file = home / "config" / "sites" / "linjiang.yml"
    file.with_name("lj.yml").write_text(file.read_text().replace("site: linjiang", "site: lj"))
    file.unlink()
    (warning,) = [f for f in found(home, "configuration") if "linjiang" in f.message]
    assert (warning.state, "`formerly: [linjiang]`" in warning.advice) == (State.WARNING, True)
    file.with_name("lj.yml").unlink()  # one that is watched no more is nobody's mistake
    assert not [f for f in found(home, "configuration") if "linjiang" in f.message]


def test_every_file_of_the_configuration_is_looked_at(home: Path) -> None:
    config = home / "config"
    (config / "subscriptions.yml").write_text("subscriptions:\n  - {key: a, to: nobody}\n")
    (config / "fields.yml").write_text("labels: 7\n")
    (config / "settings.yml").write_text("parallel_sites: 0\n")
    wrong = [f.message for f in found(home, "configuration") if f.state is State.ERROR]
    for name in (
        "subscriptions.yml:2: subscriptions[0].to",
        "fields.yml:1",
        "settings.yml:1: parallel_sites",
    ):
        assert any(name in message for message in wrong), (name, wrong)


def test_looking_at_the_lock_hinders_nobody(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert lock_holder(paths) is None
    with exclusive(paths):
        assert lock_holder(paths)
    assert lock_holder(paths) is None


def test_the_command(home: Path) -> None:
    command = ["--config", str(home / "config"), "--data", str(home / "data"), "doctor"]
    done = here.gongkai(*command, "--json")
    assert done.returncode == 0, done.stdout
    assert {f["state"] for f in json.loads(done.stdout)} <= {"ok", "warning"}
    shutil.rmtree(home / "config")
    done = here.gongkai(*command)
    assert done.returncode == 1
    assert "no such directory" in done.stdout
    assert "Traceback" not in done.stderr
