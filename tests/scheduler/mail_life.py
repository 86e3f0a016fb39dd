"""Weeks of two offices' changes, of readers who come, change their wishes and go, and of a mail server that fails.

The truth is held beside it: who was to be told what, when, by which message.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from archive import feed
from archive.store import exclusive, open_alerts, open_for_reading
from archive.withdrawal.withdraw import told_of
from crawler.config import Settings, Smtp
from scheduler.alerts import outbox, sending
from scheduler.alerts.mailer import SmtpTransport
from scheduler.alerts.subscriptions import read_subscriptions
from tests.scheduler.mail_offices import SITES, WORDS, Offices
from tests.scheduler.mail_server import FAULTS, UNDECIDED, FailingServer, Taken
from tests.scheduler.mail_truth import KINDS, Entry, counts_of, entries_of, parsed, slot_between, wanted

PATIENCE = 0.1  # seconds that the sender waits for an answer


class Killed(BaseException):
    """What a SIGKILL is to a process: nothing after it is done."""


@dataclass
class Reader:
    """What is true of one subscription."""

    cursor: int  # all changes up to here were told, or are none of its business
    considered: datetime  # when it was last due
    certain: bool = True  # whether the clock was right then
    entries: dict[str, list[Entry]] = field(default_factory=dict)  # Message-ID → what it tells
    addresses: set[str] = field(default_factory=set)  # all that it ever had
    firm: set[str] = field(default_factory=set)  # Message-IDs since the wishes last changed


class World(Offices):
    """An archive of two sites, its readers, and their mail."""

    def __init__(self, home: Path, seed: int) -> None:
        super().__init__(home / "data", seed)
        self.config = home / "config"
        self.config.mkdir(parents=True)
        self.skew = timedelta()  # of the clock that alerts are sent by
        self.server = FailingServer(PATIENCE)
        self.smtp = Smtp(host="127.0.0.1", port=self.server.port, tls="none")
        self.settings = Settings(
            smtp=self.smtp, mail_from="gongkai@example.org",
            base_url=self.chance.choice([None, "https://gongkai.example.org/"]),
        )  # fmt: skip
        self.file: dict[str, dict[str, Any]] = {}  # what subscriptions.yml says
        self.readers: dict[str, Reader] = {}  # those that were ever seen
        self.doubts: Counter[str] = Counter()  # Message-ID → how often nobody could know whether it arrived
        self.seen = 0  # of what the server took
        self.first: dict[str, int] = {}  # Message-ID → its first place in the feed, of those that arrived
        self.parked_once: set[str] = set()
        self.withdrew = False

    def withdraw(self, document: int, number: int) -> None:
        """As the command does it; now and then it dies before it comes to the mail, or is refused."""
        found = read_subscriptions(self.config, dict(zip(SITES, SITES, strict=True)))
        if found.mistakes:
            return
        with closing(open_for_reading(self.paths.archive)) as archive:
            into = "SELECT coalesce(merged_into, id) FROM documents WHERE id = ?"
            told = told_of(archive, archive.execute(into, [document]).fetchone()[0])
        with exclusive(self.paths, "alerts"), closing(open_alerts(self.paths).conn) as db:
            self.withdrew = True
            outbox.empty(db, told)
            super().withdraw(document, number)
            if self.chance.random() < 0.7:
                with closing(open_for_reading(self.paths.archive)) as archive:
                    sending.compose_emptied(archive, db, found.subscriptions, self.settings, now=self.clock())
            for row in db.execute("SELECT subject, message FROM outbox"):
                said = " ".join((row["subject"], *parsed(row["message"])))
                assert not [word for word in self.forbidden if word in said], said

    # -- the readers -------------------------------------------------------------------------------------
    def clock(self) -> datetime:
        return self.now + self.skew

    def readers_change(self) -> None:
        chance = self.chance
        for _ in range(chance.randrange(3)):
            act = chance.choice(("new", "new", "remove", "again", "change", "address", "mistake", "mend"))
            some = chance.choice(sorted(self.file)) if self.file else None
            if act == "new" and len(self.file) < 7:
                self.file[f"r{len(self.readers)}-{chance.randrange(10**6)}"] = self.wish()
            elif act == "again" and set(self.readers) - set(self.file):
                some = chance.choice(sorted(set(self.readers) - set(self.file)))
                self.file[some] = self.wish()
                self.readers[some].firm.clear()
            elif some is None:
                continue
            elif act == "remove" and chance.random() < 0.5:
                del self.file[some]
            elif act == "change":
                self.file[some] = {**self.wish(), "to": self.file[some]["to"]}
                self.readers.get(some, Reader(0, self.now)).firm.clear()
            elif act == "address":
                self.file[some]["to"] = f"a{chance.randrange(10**6)}@example.org"
            elif act == "mistake" and chance.random() < 0.3:
                self.file[some]["sites"] = ["nowhere"]
            elif act == "mend":
                for wish in self.file.values():
                    wish["sites"] = "all" if wish["sites"] == ["nowhere"] else wish["sites"]
        self.write()

    def write(self) -> None:
        listed = [{"key": key, **wish} for key, wish in self.file.items()]
        (self.config / "subscriptions.yml").write_text(
            yaml.safe_dump({"subscriptions": listed}, allow_unicode=True), "utf-8"
        )

    def wish(self) -> dict[str, Any]:
        chance = self.chance
        times = (
            {},
            {},
            {"daily": f"{chance.randrange(24):02}:30"},
            {"weekly": chance.choice(("mon", "thu", "sun")), "at": "09:15"},
        )
        found: dict[str, Any] = {
            "to": f"a{chance.randrange(10**6)}@example.org", "sites": chance.choice(("all", "all", [chance.choice(SITES)])),
            "significance": chance.choice(("any", "substantive")), "schedule": dict(chance.choice(times)),
            "language": chance.choice(("zh", "en", "both")),
        }  # fmt: skip
        if chance.random() < 0.4:
            found["kinds"] = chance.sample(KINDS, chance.randint(1, 6))
        if chance.random() < 0.4:
            found["keywords"] = chance.sample(WORDS, chance.randint(1, 2))
        return found

    # -- sending -----------------------------------------------------------------------------------------
    def send(self, faults: Sequence[str], *, kill: bool = False, tls: bool = False) -> None:
        """One `alerts send`, and whether all that it did is true."""
        faults = faults or ("ok",)
        used: list[str] = []
        self.server.fault = lambda: used.append(self.chance.choice(faults)) or used[-1]
        found = read_subscriptions(self.config, dict(zip(SITES, SITES, strict=True)))
        smtp = self.smtp.model_copy(update={"tls": "starttls" if tls else "none"})
        with closing(open_for_reading(self.paths.archive)) as db:
            end = feed.end_of_feed(db)
        for one in found.subscriptions:
            reader = self.readers.setdefault(
                one.key, Reader(end, self.clock() - timedelta(days=30), certain=False)
            )
            reader.addresses.add(one.to)
        with closing(open_alerts(self.paths).conn) as db:
            last = db.execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()[0]
            known = {r["key"] for r in db.execute("SELECT key FROM subscriptions")}
        whole, before = True, len(self.server.taken)
        try:
            with killing(self.chance) if kill else nullcontext():
                sending.send_due(
                    self.paths, found.subscriptions, self.settings, clock=self.clock, held=found.wrong_keys,
                    via=SmtpTransport(smtp, None, PATIENCE),
                )  # fmt: skip
        except Killed:
            whole = False
            for taken in self.server.taken[before:]:
                self.doubts[parsed(taken.content)[0]] += 1
        self.was_composed([s.key for s in found.subscriptions], last, known, end, whole=whole)
        self.arrived()

    def was_composed(self, keys: list[str], last: int, known: set[str], end: int, *, whole: bool) -> None:
        with (
            closing(open_alerts(self.paths).conn) as alerts,
            closing(open_for_reading(self.paths.archive)) as db,
        ):
            rows = alerts.execute("SELECT * FROM outbox WHERE id > ? ORDER BY id", [last]).fetchall()
            assert {r["subscription"] for r in rows} <= set(keys)
            cursors = {r["key"]: r["cursor"] for r in alerts.execute("SELECT key, cursor FROM subscriptions")}
            for key in keys:
                reader, mine = self.readers[key], [r for r in rows if r["subscription"] == key]
                if key not in cursors:
                    assert not whole
                    del self.readers[key]
                    continue
                if key not in known:
                    reader.cursor = end
                want = wanted(db, self.file[key], reader.cursor, end)
                assert len(mine) <= 1
                for row in mine:
                    self.is_true(reader, row, want, end)
                if not mine and cursors[key] > reader.cursor:
                    assert (cursors[key], want) == (end, []), (key, want)
                if (
                    whole
                    and self.skew == timedelta()
                    and reader.certain
                    and slot_between(self.file[key], reader.considered, self.now)
                ):
                    assert cursors[key] == end, (key, "was due", reader.considered, self.now)
                if mine or (
                    whole
                    and (slot_between(self.file[key], reader.considered, self.clock()) or not reader.certain)
                ):
                    reader.considered, reader.certain = self.clock(), self.skew == timedelta()
                if not whole or self.skew:
                    reader.certain = False
                reader.cursor = cursors[key]

    def is_true(self, reader: Reader, row, want: list[Entry], end: int) -> None:
        name, subject, text, html = parsed(row["message"])
        told = entries_of(text)
        assert Counter(told) == Counter(want), (row["subscription"], told, want, text)
        assert counts_of(subject) == Counter(kind for kind, *_ in want), subject
        assert (row["from_seq"], row["to_seq"]) == (reader.cursor + 1, end)
        assert name not in {n for r in self.readers.values() for n in r.entries}
        assert all(f"#{d}" in html for _, d, _, _ in want)
        reader.entries[name] = told
        reader.firm.add(name)

    def arrived(self) -> None:
        """Each message once, or as often again as nobody could know of it; each reader's in their order."""
        with closing(open_alerts(self.paths).conn) as db:
            states = {r["message_id"]: r["state"] for r in db.execute("SELECT * FROM outbox")}
        self.parked_once |= {name for name, state in states.items() if state == "parked"}
        for taken in self.server.taken[self.seen :]:
            self.came(taken, states)
        self.seen = len(self.server.taken)

    def came(self, taken: Taken, states: dict[str, str]) -> None:
        name, subject, text, _ = parsed(taken.content)
        said = subject + text
        assert not [w for w in self.forbidden if w in said], said
        key = next(k for k, r in self.readers.items() if name in r.entries)
        self.lacks_nothing(key, name, entries_of(text))
        if name in self.first:
            self.doubts[name] -= 1
            assert self.doubts[name] >= 0, (name, "came once more")
        else:
            place = int(re.search(r"\.(\d+)-\d+@", name)[1])
            before = [
                int(re.search(r"\.(\d+)-\d+@", n)[1]) for n in self.first if n in self.readers[key].entries
            ]
            # A text that was refused alone, or that may have come, does not keep the others waiting.
            late = name in self.parked_once or self.readers[key].addresses & self.server.stumbled
            assert late or all(p < place for p in before), (name, "was overtaken")
            self.first[name] = place
        if taken.fault in UNDECIDED:
            self.doubts[name] += 1

    def lacks_nothing(self, key: str, name: str, told: list[Entry]) -> None:
        """What was taken out of a message since it was composed is withdrawn, or its reader wants it no more."""
        composed = Counter(self.readers[key].entries[name])
        places = re.search(r"\.(\d+)-(\d+)@", name)
        unsure = key not in self.file or name not in self.readers[key].firm
        if Counter(told) == composed or places is None or unsure:
            return
        with closing(open_for_reading(self.paths.archive)) as db:
            want = Counter(wanted(db, self.file[key], int(places[1]) - 1, int(places[2])))
            emptied = {
                r["document"]
                for r in db.execute("SELECT document FROM versions WHERE withdrawn_at IS NOT NULL")
            }
        # An absence is looked for by its document's last text, which was empty until the next version came.
        want = Counter({e: n for e, n in want.items() if e[2] is not None or e[1] not in emptied})
        assert composed & want <= Counter(told), (name, composed & want, told)

    def retry(self) -> None:
        with exclusive(self.paths, "alerts"), closing(open_alerts(self.paths).conn) as db:
            outbox.requeue_parked(db, self.clock())

    # -- all of it ---------------------------------------------------------------------------------------
    def live(self, days: int) -> None:
        """So many days, and then all is well."""
        self.begin()
        outage: list[str] = []
        for _ in range(days):
            self.work()
            self.readers_change()
            if self.chance.random() < 0.25:
                outage = self.chance.choice(
                    ([], [], ["busy"], ["drop_hello"], ["slow_hello"], ["mail550"], list(FAULTS))
                )
            self.skew = self.chance.choice(
                [timedelta()] * 8 + [timedelta(hours=5), timedelta(days=-40), timedelta(days=400)]
            )
            for _ in range(self.chance.randrange(1, 4)):
                self.now += timedelta(minutes=self.chance.randrange(1, 240))
                faults = outage or self.chance.choice(
                    (["ok"], ["ok"], list(FAULTS), ["ok", "rcpt550", "dot451"])
                )
                self.send(faults, kill=self.chance.random() < 0.2, tls=self.chance.random() < 0.1)
            if self.chance.random() < 0.1:
                self.retry()
        self.end_well()

    def end_well(self) -> None:
        """When all is well again, nobody waits for anything."""
        self.skew = timedelta()
        for wish in self.file.values():
            wish["sites"] = "all" if wish["sites"] == ["nowhere"] else wish["sites"]
        self.write()
        self.retry()
        for _ in range(9):
            self.now += timedelta(days=1)
            self.send(["ok"])
        with (
            closing(open_alerts(self.paths).conn) as db,
            closing(open_for_reading(self.paths.archive)) as archive,
        ):
            left = db.execute(
                "SELECT message_id, state, next_attempt_at, last_error FROM outbox WHERE state <> 'sent'"
            ).fetchall()
            assert [tuple(r) for r in left] == []
            end = feed.end_of_feed(archive)
            late = {
                k: (self.readers[k].cursor, end)
                for k in self.file
                if wanted(archive, self.file[k], self.readers[k].cursor, end)
            }
            assert late == {}
        names = {n for r in self.readers.values() for n in r.entries}
        assert set(self.first) <= names
        missing = names - set(self.first) - self.emptied()
        assert not missing, missing

    def emptied(self) -> set[str]:
        """Messages of which a withdrawal left nothing that their readers want."""
        with closing(open_alerts(self.paths).conn) as db:
            kept = {r["message_id"] for r in db.execute("SELECT message_id FROM outbox")}
        return (
            {n for r in self.readers.values() for n in r.entries if n not in kept} if self.withdrew else set()
        )


@contextmanager
def killing(chance: random.Random) -> Iterator[None]:
    """Die at one of the steps, before it or after it."""
    where, name = chance.choice(
        ((outbox, "mark_sent"), (outbox, "mark_sent"), (outbox, "mark_failed"), (outbox, "enqueue"), (outbox, "advance"),
         (outbox, "readdress"), (outbox, "cursor_of"), (SmtpTransport, "deliver"))
    )  # fmt: skip
    step: Callable[..., Any] = getattr(where, name)
    left, after = [chance.randrange(4)], chance.random() < 0.5

    def dies(*args: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and not after:
            raise Killed
        done = step(*args, **named)
        if left[0] < 0:
            raise Killed
        return done

    with mock.patch.object(where, name, dies):
        yield
