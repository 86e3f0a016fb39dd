"""What a person should mend before it hurts: the machine, the files, the configuration, the sites. Reads only."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive import sharing
from archive.store import CAPTURES, ArchiveError, Paths, lock_holder, open_for_reading, unknown_migration
from archive.times import is_ahead, lately, parse
from archive.verification.captures import lacking
from scheduler import heartbeat, neglected
from scheduler.alerts import outbox
from scheduler.terminal import counted, shanghai

if TYPE_CHECKING:
    from crawler.sites import Site

_LEAST_SPACE = 200 << 20  # bytes; a collection of one large site may add as much
_LARGE_WAL = 256 << 20  # bytes; the writer folds its log back after some 4 MB
_PATIENCE = timedelta(days=3)
# https://sqlite.org/changes.html: "WAL-reset" can lose commits with two connections, since 3.7.0
_WAL_RESET_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
_MOUNTS = Path("/proc/self/mounts")
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs")


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` says what to do, empty where nothing is to be done."""

    check: str
    state: State
    message: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def examine(paths: Paths, config: Path, *, now: datetime) -> list[Finding]:
    """Every check in turn. ``now`` is aware. A check that cannot be made is an error of its own."""
    findings: list[Finding] = []
    checks: tuple[tuple[str, Check], ...] = (
        ("sqlite", _sqlite),
        ("time_zone", _time_zone),
        ("data", lambda: _data(paths)),
        ("lock", lambda: _lock(paths)),
        ("files", lambda: _files(paths)),
        ("clock", lambda: _clock(paths, now)),
        ("runs", lambda: _runs(paths)),
        ("scheduler", lambda: _heartbeat(paths, now)),
        ("alerts", lambda: _alerts(paths, now)),
        ("configuration", lambda: _configuration(config, paths)),
        ("sites", lambda: _sites(config, paths, now)),
    )
    for name, check in checks:
        try:
            findings.extend(check())
        except (sqlite3.Error, ArchiveError, OSError) as error:
            findings.append(
                Finding(name, State.ERROR, f"could not be looked at: {error}", "see `gongkai verify`")
            )
    return findings


def has_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite may lose a commit in WAL mode with two connections (3.7.0 to 3.51.2, less the backports)."""
    if version < (3, 7, 0) or version >= _WAL_RESET_FIXED[-1]:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_RESET_FIXED)


def _sqlite() -> Iterator[Finding]:
    version = sqlite3.sqlite_version
    if has_wal_reset_fault(sqlite3.sqlite_version_info):
        yield Finding(
            "sqlite", State.WARNING,
            f"SQLite {version} has the WAL-reset fault unless your distribution has mended it (fixed in 3.51.3, 3.50.7, 3.44.6)",
            "one process writes and checkpoints here, under a lock, which avoids it: let no other program write to these files",
        )  # fmt: skip
    else:
        yield Finding("sqlite", State.OK, f"SQLite {version}")
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError:
            yield Finding(
                "sqlite",
                State.ERROR,
                "SQLite lacks FTS5: nothing can be indexed",
                "use a Python whose SQLite has it",
            )


def _time_zone() -> Iterator[Finding]:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        yield Finding("time_zone", State.ERROR, "Asia/Shanghai is unknown here", "pip install tzdata")
    else:
        local = datetime.now(UTC).astimezone().utcoffset()
        if local == timedelta(hours=8):
            yield Finding("time_zone", State.OK, "the machine keeps Asia/Shanghai time")
        else:
            yield Finding(
                "time_zone", State.OK, "the machine does not keep Asia/Shanghai time: lines of `gongkai crontab` run by its "
                "own time; `gongkai schedule` runs by Shanghai's",
            )  # fmt: skip


def _data(paths: Paths) -> Iterator[Finding]:
    directory = paths.data if paths.data.exists() else paths.data.absolute().parent
    if not os.access(directory, os.W_OK | os.X_OK):
        yield Finding(
            "data",
            State.ERROR,
            f"{directory} cannot be written to",
            "give this user the right to, or another --data",
        )
    free, kept = shutil.disk_usage(directory).free, sum(p.stat().st_size for p in _databases(paths))
    wanted = max(_LEAST_SPACE, kept // 4)
    state = State.OK if free >= wanted else State.WARNING if free >= _LEAST_SPACE // 4 else State.ERROR
    advice = (
        ""
        if state is State.OK
        else f"free some: {_size(wanted)} are wanted; `gongkai prune` shows what could go"
    )
    yield Finding(
        "data", state, f"{directory}: {_size(free)} free, {_size(kept)} in use by the archive", advice
    )
    kind = _file_system(directory)
    if kind and kind.startswith(_NETWORK):
        yield Finding(
            "data", State.ERROR, f"{directory} lies on a network file system ({kind}): SQLite's log cannot be shared there",
            "keep the data directory on a local disk",
        )  # fmt: skip


def _databases(paths: Paths) -> list[Path]:
    return [p for p in (paths.archive, paths.captures, paths.alerts) if p.exists()]


def _size(size: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


def _file_system(directory: Path) -> str | None:
    """The kind of file system that holds a directory, where /proc tells."""
    if not _MOUNTS.exists():
        return None
    best, kind = "", None
    target = str(directory.resolve())
    for line in _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        point, found = line.split()[1:3]
        point = point.replace("\\040", " ")
        if (target == point or target.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, found  # of two on one place the later hides the other, as NFS does autofs
    return kind


def _lock(paths: Paths) -> Iterator[Finding]:
    holder = lock_holder(paths)
    yield Finding("lock", State.OK, f"in use by {holder}" if holder else "nobody is writing")


def _files(paths: Paths) -> Iterator[Finding]:
    if not paths.archive.exists() and paths.captures.exists():
        yield Finding(
            "files",
            State.ERROR,
            f"{paths.archive} is missing, though {CAPTURES} is there",
            "put it back, or restore a backup",
        )
        return
    if not paths.archive.exists():
        yield Finding("files", State.OK, f"{paths.archive} is not there yet: nothing was collected")
        return
    if not paths.captures.exists():
        yield Finding(
            "files",
            State.ERROR,
            f"{paths.captures} is missing: no version can be proved",
            "restore it from a backup",
        )
    written = (*_databases(paths), paths.lock("writer"), paths.lock("alerts"))
    for foreign in filter(None, map(sharing.not_ours, written)):
        yield Finding("files", State.ERROR, foreign, sharing.ADVICE)
    for path in _databases(paths):
        with closing(open_for_reading(path)) as db:
            newer = unknown_migration(path, db)
            if newer is not None:
                yield Finding(
                    "files",
                    State.ERROR,
                    f"{path} was written by a newer gongkai ({newer})",
                    "install that version",
                )
                continue
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            yield Finding(
                "files", State.ERROR, f"{path}: {found}", "run `gongkai verify`; restore from a backup"
            )
        else:
            yield Finding("files", State.OK, f"{path}: {_size(path.stat().st_size)}")
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size > _LARGE_WAL:
            yield Finding(
                "files", State.WARNING, f"{log} has grown to {_size(log.stat().st_size)}: a reader holds an old view open",
                "restart `gongkai browse` and other readers",
            )  # fmt: skip
    if paths.captures.exists():
        with (
            closing(open_for_reading(paths.archive)) as db,
            closing(open_for_reading(paths.captures)) as answers,
        ):
            missing, asked = lacking(db, answers)
        if missing:
            yield Finding(
                "files", State.ERROR,
                f"{paths.captures} lacks {missing} of the newest {asked} answers: it is damaged, too old, or another archive's",
                "before you collect again put it back, or restore both from one backup; `gongkai verify` names what it lacks",
            )  # fmt: skip


def _clock(paths: Paths, now: datetime) -> Iterator[Finding]:
    if not paths.archive.exists():
        return
    with closing(open_for_reading(paths.archive)) as db:
        newest = db.execute("SELECT run, at FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        latest = db.execute("SELECT run, at FROM ledger ORDER BY at DESC LIMIT 1").fetchone()
    clock = f"the clock says {shanghai(now)}"
    if newest is not None and is_ahead(parse(newest["at"]), now):
        yield Finding(
            "clock", State.ERROR, f"{clock}, the newest observation is of {shanghai(parse(newest['at']))} (Asia/Shanghai)",
            "set the machine's clock before you collect again; if it is right, it was ahead then",
        )  # fmt: skip
    elif latest is not None and is_ahead(parse(latest["at"]), now):
        yield Finding(
            "clock", State.WARNING, f"{clock} (Asia/Shanghai); that of run {latest['run']} said {shanghai(parse(latest['at']))}",
            "nothing: the clock was ahead in that run, whose times stay as they are",
        )  # fmt: skip
    else:
        yield Finding("clock", State.OK, f"{shanghai(now)} (Asia/Shanghai), after the newest observation")


def _runs(paths: Paths) -> Iterator[Finding]:
    if not paths.archive.exists():
        return
    with closing(open_for_reading(paths.archive)) as db:
        open_runs = db.execute("SELECT id, site FROM runs WHERE outcome IS NULL").fetchall()
        held = db.execute("SELECT id, site FROM runs WHERE held = 1 AND resolved IS NULL").fetchall()
    if open_runs and lock_holder(paths) is None:
        which = ", ".join(f"{row['id']} ({row['site']})" for row in open_runs[:5])
        yield Finding(
            "runs",
            State.WARNING,
            f"collections that died: {which}",
            "the next `gongkai collect` takes them up",
        )
    for row in held:
        yield Finding(
            "runs", State.WARNING, f"run {row['id']} of {row['site']} holds changes back until a good run or your word",
            f"`gongkai runs accept {row['id']}` or `gongkai runs drop {row['id']}`",
        )  # fmt: skip
    if not open_runs and not held:
        yield Finding("runs", State.OK, "none died, none is held")


def _heartbeat(paths: Paths, now: datetime) -> Iterator[Finding]:
    beat = heartbeat.file_of(paths.data)
    if (silent := heartbeat.silence(paths.data, now)) is not None:
        advice = f"start `gongkai schedule` again, or delete {beat} if cron does its work now"
        yield Finding("scheduler", State.ERROR, silent, advice)
    elif beat.exists():
        yield Finding("scheduler", State.OK, "the scheduler is alive")


def _alerts(paths: Paths, now: datetime) -> Iterator[Finding]:
    if not paths.alerts.exists():
        return
    with closing(open_for_reading(paths.alerts)) as db:
        waiting = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
        since = outbox.waiting_since(db)
    if parked := waiting.get("parked", 0):
        advice = "`gongkai alerts status`, then `alerts retry` or `alerts drop`"
        yield Finding("alerts", State.ERROR, f"{counted(parked, 'message')} parked", advice)
    elif since is not None:
        late = counted(waiting.get("queued", 0) + waiting.get("unknown", 0), "message")
        yield Finding(
            "alerts", State.WARNING if lately(since, now, outbox.STUCK) else State.ERROR,
            f"{late} still to be sent, since {shanghai(since)} (Asia/Shanghai)",
            "`gongkai alerts send` tries again; `gongkai alerts status` says what keeps them",
        )  # fmt: skip
    else:
        yield Finding("alerts", State.OK, "every message was sent")


def _configuration(config: Path, paths: Paths) -> Iterator[Finding]:
    from scheduler.configuration import read_all  # noqa: PLC0415 — pydantic takes a while

    if not config.is_dir():
        yield Finding("configuration", State.ERROR, f"{config}: no such directory", "give --config DIR")
        return
    found = read_all(config)
    for mistake in found.mistakes:
        yield Finding("configuration", State.ERROR, str(mistake), "`gongkai sites check` lists all")
    if found.mistakes or found.files is None or found.settings is None:
        return
    sites = found.files.sites
    enabled = [site for site in sites if site.enabled]
    yield Finding("configuration", State.OK, f"{counted(len(sites), 'site file')}, {len(enabled)} enabled")
    yield from _renamed(paths, sites)
    if enabled and not found.settings.contact:
        yield Finding(
            "configuration", State.WARNING, f"{config / 'settings.yml'}: contact is empty: a site cannot reach you",
            "write an e-mail or web address there; it stands in the User-Agent",
        )  # fmt: skip


def _sites(config: Path, paths: Paths, now: datetime) -> Iterator[Finding]:
    """Those that nothing collects any more, and those whose collections were not complete for days."""
    from crawler.sites import read_sites  # noqa: PLC0415 — pydantic takes a while
    from crawler.yaml_file import ConfigError  # noqa: PLC0415

    if not paths.archive.exists():
        return
    try:
        sites = read_sites(config).sites
    except ConfigError:  # told above
        sites = ()
    with closing(open_for_reading(paths.archive)) as db:
        late, bad = neglected.overdue(sites, neglected.last_begun(db, now), now), list(neglected.failing(db))
    broken = neglected.known_broken(sites, now)
    if late:
        which = ", ".join(f"{key} (due {shanghai(slot)})" for key, slot in late.items())
        yield Finding(
            "sites", State.ERROR, f"not collected for a day and longer: {which} (Asia/Shanghai)",
            f"does cron, or `gongkai schedule`, still run? {paths.data / 'logs' / 'cron.log'} tells, or `gongkai collect`",
        )  # fmt: skip
    for site in bad:
        if site.site in broken:
            yield Finding("sites", State.OK, f"{site.site} is known to be broken until {broken[site.site]}")
            continue
        since = f"{shanghai(site.complete_at)} (Asia/Shanghai)" if site.complete_at else "never yet"
        yield Finding(
            "sites", State.ERROR if site.complete_at and not lately(site.complete_at, now, _PATIENCE) else State.WARNING,
            f"{site.site}: the last collection is {site.outcome}{f' ({site.why})' if site.why else ''}; complete: {since}",
            f"`gongkai runs show {site.run}` tells why; `broken_until` in its file, when that is known",
        )  # fmt: skip
    if not late and not bad:
        yield Finding("sites", State.OK, "all were collected completely, when they were due")


def _renamed(paths: Paths, sites: Sequence[Site]) -> Iterator[Finding]:
    """Sites of the archive whose key no file has any more, where a file states it as a former one or has their address."""
    if not paths.archive.exists():
        return
    with closing(open_for_reading(paths.archive)) as db:
        known = dict(db.execute("SELECT key, url FROM sites ORDER BY key").fetchall())
    gone = known.keys() - {site.site for site in sites}
    for old, site in ((old, site) for old in sorted(gone) for site in sites):
        if old not in site.formerly and known[old] != site.url:
            continue
        state = State.WARNING if old not in site.formerly else State.ERROR if site.site in known else State.OK
        advice = f"write `formerly: [{old}]` into its file: else its history begins anew, and what was withdrawn of it comes back"
        if site.site in known:
            advice = f"the two cannot be joined: restore a backup and write `formerly: [{old}]`, or leave `formerly` out"
        whose = "takes it over when it is collected" if state is State.OK else "has its address"
        name = f"the archive knows {known[old]} as {old}, which no site file describes any more; {site.site}"
        yield Finding("configuration", state, f"{name} {whose}", "" if state is State.OK else advice)
