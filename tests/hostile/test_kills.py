"""SIGKILL at random moments of fetching, storing, indexing, migrating and mailing, by the real commands.

Nothing that was acknowledged is lost, nothing is there twice, and the next run completes without asking twice.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import search
from archive.captures import CaptureStore
from archive.storage import texts
from archive.store import MIGRATIONS
from tests.end_to_end.test_e2e_killed import differences
from tests.fake_sites.editable import LoopbackSite, collect, configure
from tests.hostile.kills import (
    Killer,
    MailServer,
    Moment,
    closed_after_all,
    confirmed_since_death,
    last_run,
    moment_of,
    text_of,
    versions,
)

DOCUMENTS = 55  # with their list pages two batches: a kill may come between them
READERS = ("editors", "lawyer", "desk", "archive", "court", "night")
# Oldest schema that is migrated from, by file; what came before these has no captures to keep.
OLD = {"archive.db": "m006_evidence", "captures.db": "m002_seals", "alerts.db": "m002_alert_seals"}


class World:
    """An office, a mail server, an archive whose commands are killed, and one that is left in peace."""

    def __init__(self, home: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.office, self.mail = LoopbackSite(DOCUMENTS), MailServer()
        self.office.validators = (
            True  # without the counter of visits: it is in the captures, and they are compared
        )
        self.calm_home, self.home = home / "calm", home / "wild"
        self.calm, self.wild = configure(self.calm_home, self.office), configure(self.home, self.office)
        self.killer = Killer(self.home / "data", self.office, self.mail)
        self._next = 9000
        readers = "subscriptions:\n" + "".join(
            f"  - {{key: {key}, to: {key}@example.org, significance: any, schedule: {{}}}}\n"
            for key in READERS
        )
        config = self.home / "config"
        (config / "subscriptions.yml").write_text(readers)
        with (config / "settings.yml").open("a") as file:
            file.write(
                f"smtp: {{host: 127.0.0.1, port: {self.mail.port}, tls: none}}\nmail_from: gongkai@example.org\n"
            )
        collect(self.calm)

    def close(self) -> None:
        self.mail.stop()
        self.office.server.shutdown()
        self.office.server.server_close()

    def office_works(self) -> None:
        """Notices are edited, added and taken down."""
        paths = sorted(self.office.pages)
        for path in self.chance.sample(paths, 4):
            self.office.pages[path] = f"罚款{self.chance.randrange(10**6)}元。"
        del self.office.pages[self.chance.choice(paths)]
        for _ in range(2):
            self._next += 1
            self.office.pages[f"/zw/t20260131_{self._next}.html"] = f"罚款{self._next}元。"

    # -- killing -----------------------------------------------------------------------------------------
    def kill(self, what: list[str], moment: Moment) -> bool:
        """Whether the moment came before the command had ended."""
        killed = self.killer.run([*self.wild, *what], moment)
        print(f"{' '.join(what)}: {'killed at' if killed else 'ended before'} {moment}")
        self.killer.examine()
        return killed

    def kill_collections(self, times: int) -> None:
        """Kill fetching, storing and indexing; each collection asks for nothing that those before it brought in."""
        until(times, self._kill_a_collection)

    def _kill_a_collection(self) -> bool:
        kind = self.chance.choices(("request", "write", "start"), (5, 4, 1))[0]
        most, span = {"request": (DOCUMENTS, 0.05), "write": (15, 0.02), "start": (1, 2.0)}[kind]
        before, had = Counter(self.office.hits), confirmed_since_death(self.killer.data)
        last = last_run(self.killer.data)
        killed = self.kill(["collect"], moment_of(self.chance, kind, most, span))
        self.asked_again(before, had, last)
        return killed

    def asked_again(self, before: Counter[str], had: set[str], last: int) -> None:
        if had and closed_after_all(self.killer.data, last):
            return
        asked = {
            self.office.base + path for path in self.office.hits if self.office.hits[path] > before[path]
        }
        assert asked & had == set()

    def completes(self) -> None:
        """A collection left in peace ends as though nothing had happened."""
        before, had = Counter(self.office.hits), confirmed_since_death(self.killer.data)
        last = last_run(self.killer.data)
        status, report = collect(self.wild)
        self.asked_again(before, had, last)
        assert (status, report["outcome"]) == (0, "complete")
        assert collect(self.calm)[0] == 0
        assert differences(self.home, self.calm_home) == {}  # every run ended or marked, too
        self.killer.acknowledged |= versions(self.killer.data)
        self.is_clean()

    def is_clean(self) -> None:
        done = subprocess.run([*self.wild, "verify"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr

    def kill_mail(self, times: int) -> None:
        until(times, self._kill_a_round_of_mail)

    def _kill_a_round_of_mail(self) -> bool:
        kind = self.chance.choices(("mail", "write", "start"), (6, 3, 1))[0]
        most, span = {"mail": (5, 0.01), "write": (4, 0.01), "start": (1, 0.5)}[kind]
        return self.kill(["alerts", "send"], moment_of(self.chance, kind, most, span))

    def sends(self) -> None:
        done = subprocess.run([*self.wild, "alerts", "send"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        self.told_once()

    def told_once(self) -> None:
        """Every event is in one message of every reader; a copy of a message was sent again only after a kill."""
        with closing(sqlite3.connect(self.home / "data" / "archive.db")) as db:
            wanted = dict(
                db.execute(
                    "SELECT feed_seq, coalesce(to_url, url) FROM changes c JOIN documents d ON d.id = c.document"
                    " WHERE feed_seq IS NOT NULL AND kind <> 'baseline'"
                ).fetchall()
            )
        taken = self.mail.by_id()
        copies = sum(len(found) - 1 for found in taken.values())
        # The same bytes under the same Message-ID
        assert all(len(set(found)) == 1 for found in taken.values())
        assert copies <= self.killer.kills["send"]
        told: Counter[tuple[str, int]] = Counter()
        for name, found in taken.items():
            parts = re.fullmatch(r"<\w+\.(\w+)\.(\d+)-(\d+)@example\.org>", name)
            assert parts, name
            text = text_of(found[0])
            for seq in range(int(parts[2]), int(parts[3]) + 1):
                told[parts[1], seq] += 1
                assert seq not in wanted or wanted[seq] in text, (name, seq)
        assert all(told[reader, seq] == 1 for reader in READERS for seq in wanted)
        assert max(told.values(), default=0) <= 1

    # -- migrations --------------------------------------------------------------------------------------
    def kill_migrations(self, times: int) -> None:
        """The same archive as an older gongkai would have left it, opened and killed while it is migrated."""
        kept, old = self.home / "kept", self.home / "old"
        shutil.copytree(self.killer.data, kept)
        old.mkdir()
        for name, newest in OLD.items():
            as_before(kept / name, old / name, newest)
        schemas = [*schemas_of("archive.db")]

        def once() -> bool:
            shutil.rmtree(self.killer.data)
            shutil.copytree(old, self.killer.data)
            self.killer.acknowledged = versions(kept)  # what the last one brought in is gone with its files
            command, most = self.chance.choices(((["collect"], 20), (["alerts", "send"], 4)), (3, 1))[0]
            killed = self.kill(command, moment_of(self.chance, "write", most, 0.03))
            with closing(sqlite3.connect(self.killer.data / "archive.db")) as db:
                assert schema_of(db) in schemas
            return killed

        until(times, once)
        assert collect(self.wild)[0] == 0
        self.sends()
        assert versions(kept) <= versions(self.killer.data)
        self.is_clean()
        shutil.rmtree(self.killer.data)
        kept.rename(self.killer.data)
        shutil.rmtree(old)


def until(times: int, once: Callable[[], bool]) -> None:
    """Kill so many commands; one that ended before its moment came is no kill."""
    left = times
    for _ in range(6 * times):
        left -= once()
        if not left:
            return
    raise AssertionError(f"only {times - left} of {times} were killed: the moments come too late")


def as_before(new: Path, old: Path, first_left_out: str) -> None:
    """What a file holds, in the schema that it had before a migration."""
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        MIGRATIONS[new.name].apply(Database(db), stop_before=first_left_out)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("ATTACH ? AS new", [str(new)])
        for (table,) in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = [c[1] for c in db.execute(f"PRAGMA main.table_info({table})")]
            there = {c[1] for c in db.execute(f"PRAGMA new.table_info({table})")}
            if table.startswith(("search", "sqlite_", "_sqlite")) or not there.issuperset(columns[:1]):
                continue
            both = ", ".join(f'"{c}"' for c in columns if c in there)
            db.execute(f'INSERT OR IGNORE INTO main."{table}" ({both}) SELECT {both} FROM new."{table}"')
        if new.name == "captures.db":
            as_plain_text(db, new)
        if new.name == "archive.db":
            as_whole_texts(db, new)
        if new.name == "archive.db":  # its index is made anew, the longest of the migrations
            db.execute("DROP VIEW main.search_content")
            db.execute("CREATE VIEW main.search_content AS SELECT id, title FROM documents")
            db.execute("DROP TABLE main.search_attachments")


def as_plain_text(old: sqlite3.Connection, new: Path) -> None:
    """Headers as they were stored before they were packed."""
    with closing(sqlite3.connect(new)) as db:
        store = CaptureStore(db)
        for (key,) in db.execute("SELECT key FROM captures").fetchall():
            came = store.capture(key)
            asked = {"method": came.request_method, "headers": came.request_headers}
            old.execute(
                "UPDATE captures SET headers = ?, redirects = ?, request = ? WHERE key = ?",
                [json.dumps(came.headers), json.dumps(came.redirects), json.dumps(asked), key],
            )
        for (number,) in db.execute("SELECT id FROM dictionaries WHERE kind = 'headers'"):
            old.execute("DELETE FROM dictionaries WHERE id = ?", [number])


def as_whole_texts(old: sqlite3.Connection, new: Path) -> None:
    """Texts as they were stored before those of superseded versions were packed."""
    with closing(sqlite3.connect(new)) as db:
        for sha256, length in db.execute("SELECT sha256, length FROM bodies WHERE text IS NULL").fetchall():
            old.execute("INSERT INTO main.bodies VALUES (?, ?, ?)", [sha256, texts.read(db, sha256), length])


def schema_of(db: sqlite3.Connection) -> tuple[tuple[str, ...], frozenset[str]]:
    """The migrations that a file says it had, and the tables and columns that it has."""
    had = tuple(row[0] for row in db.execute("SELECT name FROM _sqlite_migrations ORDER BY id"))
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in tables if not name.startswith("search")]  # see as_before; verify looks at them
    return had, frozenset(f"{t}.{c[1]}" for t in tables for c in db.execute(f'PRAGMA table_info("{t}")'))


def schemas_of(file: str) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """What a file is after each of its migrations: between them there is nothing."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        search.register(db)
        names = [migration.name for migration in MIGRATIONS[file].pending(Database(db))]
        for following in (*names[1:], None):
            MIGRATIONS[file].apply(Database(db), stop_before=following)
            yield schema_of(db)


def live_through(
    home: Path, seed: int, *, first: int, rounds: int, collections: int, mails: int, migrations: int
) -> Killer:
    """Kill so many first collections, then commands in every round of the office's work; let them end, and look."""
    print(f"seed {seed}")
    world = World(home, seed)
    try:
        world.kill_collections(first)
        world.completes()
        world.sends()  # nothing: subscriptions begin at the end of the feed
        for _ in range(rounds):
            world.office_works()
            world.kill_collections(collections)
            world.completes()
            world.kill_mail(mails)
            world.sends()
        world.kill_migrations(migrations)
    finally:
        world.close()
    print(dict(world.killer.kills))
    assert world.mail.taken
    return world.killer


def test_killed_a_few_times(tmp_path: Path) -> None:
    killer = live_through(tmp_path, 1, first=1, rounds=1, collections=1, mails=1, migrations=1)
    assert killer.kills.total() == 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_killed_a_thousand_times(tmp_path: Path, seed: int) -> None:
    """Twenty worlds, in each of which fifty commands are killed."""
    killer = live_through(tmp_path, seed, first=4, rounds=2, collections=16, mails=4, migrations=6)
    assert killer.kills.total() == 50
