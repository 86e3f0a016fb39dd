"""Kill a real command at a moment that chance decides, and look at what the archive then holds."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtpd.controller import Controller

from tests.fake_sites.editable import LoopbackSite

FILES = ("archive.db", "captures.db", "alerts.db")
WRITER, CHILD, BOTH = "the command", "its collecting process", "both"
_LOOK_EVERY = 0.002  # seconds between two looks at the files: a moment between two commits is found
Seen = set[tuple[str, int, str, str]]  # address, version, fingerprint, SHA-256 of the text


@dataclass(frozen=True)
class Moment:
    """``count`` events of a kind, then ``later`` seconds.

    Kinds: a request to the site, a command of the mail dialogue, a write seen in one of the files, the start.
    """

    kind: str  # request | mail | write | start
    count: int
    later: float
    victim: str = WRITER

    def __str__(self) -> str:
        return f"{self.kind} {self.count} + {self.later * 1000:.1f} ms, {self.victim}"


class MailServer:
    """Takes every message, and tells of each command of the dialogue before it answers."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.tell: Callable[[], None] = lambda: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_MAIL(self, _server, _session, envelope, address: str, options: list[str]) -> str:
        self.tell()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address: str, options: list[str]) -> str:
        self.tell()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.taken.append(envelope.content)
        self.tell()
        return "250 OK"

    def stop(self) -> None:
        self._controller.stop()

    def by_id(self) -> dict[str, list[bytes]]:
        """Message-ID → every copy that was taken."""
        found: dict[str, list[bytes]] = {}
        for content in self.taken:
            name = str(message_from_bytes(content, policy=policy.default)["Message-ID"])
            found.setdefault(name, []).append(content)
        return found


def text_of(content: bytes) -> str:
    part = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert part is not None
    return part.get_content()


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


def versions(data: Path) -> Seen:
    """Every version that a reader of the archive sees now; none while there is no archive."""
    if not (data / "archive.db").exists():
        return set()
    with closing(sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True, timeout=30)) as db:
        try:
            rows = db.execute(
                "SELECT d.url, v.number, v.fingerprint, v.body_sha256 FROM versions v JOIN documents d"
                " ON d.id = v.document"
            ).fetchall()
        except sqlite3.OperationalError:  # its tables are not there yet
            return set()
    return set(rows)


class Killer:
    """Runs commands on one data directory and kills them."""

    def __init__(self, data: Path, office: LoopbackSite, mail: MailServer) -> None:
        self.data, self._office, self._mail = data, office, mail
        self.acknowledged: Seen = set()  # versions that a reader saw, at any time
        self.kills: Counter[str] = Counter()  # that met a living process, by the command

    def run(self, command: list[str], moment: Moment) -> bool:
        """Run a command and kill it at the moment; whether it was still alive then."""
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        killed = threading.Event()

        def kill() -> None:
            if killed.is_set() or process.poll() is not None:
                return
            self.acknowledged |= versions(self.data)
            collecting = children_of(process.pid)
            victims = [process.pid] if moment.victim != CHILD else []
            for pid in victims + (collecting if moment.victim != WRITER else []):
                with suppress(ProcessLookupError):  # it has come to its end
                    os.kill(pid, signal.SIGKILL)
                    killed.set()

        with self._watched(moment, kill):
            _, words = process.communicate(timeout=120)
        assert "Traceback" not in words, words
        self.kills[command[-1]] += killed.is_set()
        return killed.is_set()

    @contextmanager
    def _watched(self, moment: Moment, kill: Callable[[], None]) -> Iterator[None]:
        """Call ``kill`` once, when the moment has come."""
        lock, left, ended = threading.Lock(), [moment.count], threading.Event()

        def event() -> None:
            with lock:
                left[0] -= 1
                come = left[0] == 0
            if come and moment.later:
                threading.Timer(moment.later, kill).start()
            elif come:
                kill()

        def watch_files() -> None:
            before = self._written()
            while not ended.wait(_LOOK_EVERY):
                if (now := self._written()) != before:
                    before = now
                    event()

        plain, watcher = self._office.answer, threading.Thread(target=watch_files)

        def answer(path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
            event()
            return plain(path, per_page)

        if moment.kind == "request":
            self._office.answer = answer  # type: ignore[method-assign]
        elif moment.kind == "mail":
            self._mail.tell = event
        elif moment.kind == "write":
            watcher.start()
        else:
            threading.Timer(moment.later, kill).start()
        try:
            yield
        finally:
            ended.set()
            self._office.answer = plain  # type: ignore[method-assign]
            self._mail.tell = lambda: None
            if watcher.is_alive():
                watcher.join()

    def _written(self) -> list[tuple[int, int]]:
        """Time and size of every file that a writer touches."""
        found = []
        for name in FILES:
            for path in (self.data / name, self.data / f"{name}-wal"):
                try:
                    stat = path.stat()
                    found.append((stat.st_mtime_ns, stat.st_size))
                except OSError:
                    found.append((0, 0))
        return found

    def examine(self) -> None:
        """Nothing that a reader has seen is gone, no version is there twice, and every file is sound."""
        assert self.acknowledged - versions(self.data) == set()
        with TemporaryDirectory() as place:
            self._examine(Path(place))

    def _examine(self, place: Path) -> None:
        """Look at a copy: what the killed process left half-written is for the next command to take back."""
        # None at all, where the first command died before it made the directory.
        for path in self.data.glob("*"):
            if path.name.startswith(FILES):
                shutil.copy(path, place)
        for name in FILES:
            if not (place / name).exists():
                continue
            with closing(sqlite3.connect(place / name, timeout=30)) as db:
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], name
                assert db.execute("PRAGMA foreign_key_check").fetchall() == [], name
                if name == "archive.db" and db.execute("PRAGMA table_list(versions)").fetchone():
                    twice = db.execute(
                        "SELECT d.url, a.number FROM versions a JOIN versions b ON b.document = a.document AND"
                        " b.number = a.number + 1 AND b.fingerprint = a.fingerprint JOIN documents d ON d.id = a.document"
                    ).fetchall()
                    assert twice == []


def closed_after_all(data: Path, last: int) -> bool:
    """Whether all that a collection fetched was in when it died: the next one closes it, and begins anew."""
    with closing(sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True, timeout=30)) as db:
        row = db.execute("SELECT outcome FROM runs WHERE id = ?", [last]).fetchone()
    return row is not None and row[0] not in (None, "interrupted")


def last_run(data: Path) -> int:
    """The number of the newest collection; 0 before the first."""
    if not (data / "archive.db").exists():
        return 0
    with closing(sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True, timeout=30)) as db:
        try:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are not there yet
            return 0


def confirmed_since_death(data: Path) -> set[str]:
    """Documents that the collections which died one after another had looked at: they need not be asked for again."""
    if not (data / "archive.db").exists():
        return set()
    with closing(sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True, timeout=30)) as db:
        try:
            rows = db.execute(
                "SELECT url FROM addresses WHERE last_confirmed_at >= (SELECT min(started_at) FROM runs WHERE id >"
                " coalesce((SELECT max(id) FROM runs WHERE outcome IS NOT NULL AND outcome <> 'interrupted'), 0))"
            ).fetchall()
        except sqlite3.OperationalError:  # its tables are not there yet
            return set()
    return {row[0] for row in rows}


def moment_of(chance: random.Random, kind: str, most: int, span: float) -> Moment:
    """A random moment: up to ``most`` events of a kind and up to ``span`` seconds after the last of them."""
    victim = chance.choices((WRITER, CHILD, BOTH), (6, 1, 1))[0] if kind == "request" else WRITER
    return Moment(kind, chance.randrange(1, most + 1), chance.random() * span, victim)
