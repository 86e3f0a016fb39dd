"""Weeks of two sites, and of operators who use every command there is on their archive, any of which may be killed."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from archive.rows import load_disclosure
from archive.store import Paths, open_for_reading
from tests.fake_sites.editable import FIELDS
from tests.scheduler.operator_commands import KILLED, gongkai
from tests.scheduler.operator_truth import amiss, paper_of, words_held, words_mailed
from tests.scheduler.operator_world import LISTS, World, base, secret

_BEGINNING = datetime(2031, 3, 1, 2, 0, tzinfo=UTC)
_READER = {"key": "all", "to": "a@example.org", "significance": "any", "schedule": {"daily": "00:01"}}
_STEPS = 8  # a command is killed at a step below 2 to the power of this
_WORDS = re.compile(r"密语(\d{5})")


class Withdrawals:
    """What operators withdrew, as it is true of the archive that stands there; a backup keeps it as it was."""

    def __init__(self) -> None:
        self.papers = set[int]()
        # Word → its paper, and the words of the version; None where the document was withdrawn with all that it will say.
        self.words: dict[int, tuple[int, frozenset[int] | None]] = {}
        self.mailed: dict[int, set[str]] = {}  # word → messages that had been sent before

    def copy(self) -> Withdrawals:
        """As it is now."""
        twin = Withdrawals()
        twin.papers, twin.words, twin.mailed = set(self.papers), dict(self.words), dict(self.mailed)
        return twin


class Life:
    """Seeded. ``killing``: the share of commands that are killed."""

    def __init__(
        self, seed: int, home: Path, *, count: int = 8, killing: float = 0.2, failing: float = 0.07
    ) -> None:
        self.world, self.rng, self.home = World(seed, count), random.Random(f"operators {seed}"), home
        self.killing, self.failing = killing, failing
        self.watched = {site: dict(zip(LISTS, LISTS, strict=True)) for site in self.world.sites}  # key → list
        self.enabled = dict.fromkeys(self.world.sites, True)
        self.upgrades, self.skew = 0, timedelta()
        self.paths = Paths(home / "data")
        self.withdrawals, self.set_aside = Withdrawals(), set[int]()
        self.backups: list[tuple[Path, Withdrawals]] = []
        self.done: list[str] = []  # all command lines, with their exit status
        self.fed: dict[int, tuple[Any, ...]] = {}  # place in the feed → the event that was seen there
        (home / "config" / "sites").mkdir(parents=True)
        (home / "config" / "settings.yml").write_text("mail_from: gongkai@example.org\n")
        (home / "config" / "subscriptions.yml").write_text(yaml.safe_dump({"subscriptions": [_READER]}))
        self.configure()
        self.ahead = timedelta(minutes=round((_BEGINNING - datetime.now(UTC)).total_seconds() / 60))

    # -- commands ----------------------------------------------------------------------------------------

    def configure(self) -> None:
        """Write what operators have made of the configuration."""
        fields = FIELDS.read_text("utf-8")
        if self.upgrades % 2:
            fields = fields.replace("keywords: [主题词, ", "keywords: [")
        (self.home / "config" / "fields.yml").write_text(f"{fields}\n# {self.upgrades}\n", "utf-8")
        for site, watched in self.watched.items():
            lists = [{"key": k, "url": f"{base(site)}/{n}/index.html"} for k, n in watched.items()]
            file = {
                "site": site, "name": "某市人民政府", "url": f"{base(site)}/", "platform": "static_list", "catalogues": lists,
                "enabled": self.enabled[site], "confirm": {"checks": 2, "days": 1},
            }  # fmt: skip
            (self.home / "config" / "sites" / f"{site}.yml").write_text(yaml.safe_dump(file), "utf-8")

    def run(self, *words: object, lives: bool = False, fits: tuple[int, ...] = (0,)) -> int:
        """The exit status of a command, which is one of ``fits`` unless it is killed."""
        dies_at = (
            None if lives or self.rng.random() >= self.killing else int(2 ** self.rng.uniform(0, _STEPS))
        )
        line = ["--config", str(self.home / "config"), "--data", str(self.paths.data), *map(str, words)]
        ahead = self.ahead + self.skew + timedelta(days=self.world.day)
        status, said = gongkai(line, self.world, ahead=ahead, dies_at=dies_at, home=self.home)
        self.done.append(f"day {self.world.day}: {' '.join(map(str, words))} → {status}")
        assert status in (*fits, KILLED), f"{self.done}\n{said}"
        assert status == KILLED or "Traceback" not in said, f"{self.done}\n{said}"
        return status

    def archive(self) -> closing[sqlite3.Connection]:
        """The archive, to be read."""
        return closing(open_for_reading(self.paths.archive))

    def collect(self, *options: object, lives: bool = False) -> None:
        if any(self.enabled.values()):
            self.run("collect", *options, lives=lives, fits=(0, 1))
        if self.paths.archive.exists():
            self.look()

    def look(self) -> None:
        """What is true whenever one looks."""
        with self.archive() as db:
            rows = db.execute(
                "SELECT feed_seq, id, document, kind, detected_at FROM changes WHERE feed_seq > 0"
            )
            fed = {row[0]: tuple(row) for row in rows}
        assert {place: fed.get(place) for place in self.fed} == self.fed, self.done
        self.fed = fed
        for word, (number, said) in list(self.withdrawals.words.items()):
            now = self.world.papers[number - 1].says
            if said is not None and word in now and now != said:  # in another text, which is another version
                del self.withdrawals.words[word]
        assert words_held(self.paths, self.withdrawals.words) == [], self.done

    # -- operators ---------------------------------------------------------------------------------------

    def operate(self) -> None:
        """What operators do on a day."""
        acts = (
            lambda: self.collect("--full"), lambda: self.collect("--budget", self.rng.choice((2, 5, 9, 15))), self.look_back,
            lambda: self.run("reparse", "--apply", fits=(0, 1)), self.back_up, self.restore, self.withdraw, self.withdraw, self.withdraw,
            lambda: self.run("prune", "--apply", "--older-than", self.rng.choice((1, 3, 30))),
            lambda: self.run("publish", self.home / f"published{len(self.done)}"), lambda: self.run("verify", lives=True),
            self.export, lambda: self.run("alerts", "send"), lambda: self.run("doctor", fits=(0, 1)), lambda: self.accept(lives=False),
            self.drop_held, self.split, self.switch, self.rename_list, self.leave_list, self.take_up_list, self.upgrade,
        )  # fmt: skip
        for _ in range(self.rng.choice((1, 2, 2, 3))):
            self.rng.choice(acts)()

    def look_back(self) -> None:
        """A collection while the clock is wrong."""
        self.skew = timedelta(hours=-self.rng.choice((1, 5, 26)))
        self.collect()
        self.skew = timedelta()

    def export(self) -> None:
        form = self.rng.choice(("jsonl", "csv", "warc"))
        self.run("export", form, self.home / f"export{len(self.done)}")

    def back_up(self) -> None:
        place = self.home / f"backup{len(self.done)}"
        if self.run("backup", place) == 0:
            self.backups.append((place, self.withdrawals.copy()))

    def restore(self) -> None:
        """In place of the archive; one that was killed is begun again."""
        if not self.backups:
            return
        place, withdrawals = self.rng.choice(self.backups)
        if self.run("restore", place, "--replace", fits=(0, 1)) == KILLED:
            self.run("restore", place, "--replace", fits=(0, 1), lives=True)
        self.withdrawals, self.fed = withdrawals.copy(), {}
        for aside in (*self.paths.data.glob("replaced-*"), self.paths.outbox):
            shutil.rmtree(aside, ignore_errors=True)

    def withdraw(self) -> None:
        """A version, or a document with all that it will say; a command that was killed is given again."""
        is_whole = self.rng.random() < 0.5
        with self.archive() as db:
            rows = db.execute(
                "SELECT v.id, v.document, v.number, d.title, d.site, d.url FROM versions v JOIN documents d ON d.id = v.document"
                " WHERE v.withdrawn_at IS NULL AND d.merged_into IS NULL AND d.title IS NOT NULL ORDER BY v.id"
            ).fetchall()
            if not rows:
                return
            chosen = self.rng.choice(rows)
            versions = [
                r["id"] for r in rows if r["id"] == chosen["id"] or (is_whole and r["document"] == chosen["document"])
            ]  # fmt: skip
            words = self._words(db, versions)
        line = (
            "withdraw",
            f"#{chosen['document']}" + ("" if is_whole else f"@{chosen['number']}"),
            "--reason",
            "裁定",
            "--yes",
        )
        if self.run(*line) == KILLED:
            self.run(*line, lives=True)
        with self.archive() as db:
            shown = [row[0] for row in db.execute("SELECT id FROM versions WHERE withdrawn_at IS NULL")]
            gone = words - self._words(db, shown)
        paper = paper_of(self.world, chosen["site"], chosen["title"], chosen["url"])
        self.withdrawals.papers.add(paper.number)
        for word in gone:
            self.withdrawals.words[word] = (paper.number, None if is_whole else frozenset(words))
            self.withdrawals.mailed[word] = {file.name for file in self.paths.outbox.glob("*.eml")}
        self.look()

    def _words(self, db: sqlite3.Connection, versions: list[int]) -> set[int]:
        records = [load_disclosure(db, version) for version in versions]
        texts = [text or "" for r in records for text in (r.body_text, *(a.text for a in r.attachments))]
        return {int(word) for text in texts for word in _WORDS.findall(text)}

    def _held(self) -> list[int]:
        with self.archive() as db:
            return [r[0] for r in db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL")]

    def accept(self, *, lives: bool) -> None:
        for run in self._held():
            self.run("runs", "accept", run, lives=lives)

    def drop_held(self) -> None:
        for run in self._held():
            with self.archive() as db:
                told = "SELECT d.site, d.title, d.url FROM changes c JOIN documents d ON d.id = c.document WHERE held_by_run = ?"
                self.set_aside |= {paper_of(self.world, *row).number for row in db.execute(told, [run])}
            self.run("runs", "drop", run)

    def split(self) -> None:
        """An operator takes a move for a mistake."""
        with self.archive() as db:
            merged = db.execute(
                "SELECT m.document, d.site, d.title, d.url FROM merges m JOIN documents d ON d.id = m.into_document"
                " WHERE undone_at IS NULL ORDER BY m.id"
            ).fetchall()
        if not merged or self.rng.random() < 0.5:
            return
        document, *of = self.rng.choice(merged)
        self.set_aside.add(paper_of(self.world, *of).number)
        self.run("documents", "split", f"#{document}", fits=(0, 2))
        self.fed = {}  # events went back to where they belong

    # -- the configuration -------------------------------------------------------------------------------

    def switch(self) -> None:
        site = self.rng.choice(self.world.sites)
        self.enabled[site] = not self.enabled[site]
        self.configure()

    def rename_list(self) -> None:
        watched = self.watched[self.rng.choice(self.world.sites)]
        watched[f"key{len(self.done)}"] = watched.pop(self.rng.choice(sorted(watched)))
        self.configure()

    def leave_list(self) -> None:
        watched = self.watched[self.rng.choice(self.world.sites)]
        if len(watched) > 1 and self.rng.random() < 0.5:
            del watched[self.rng.choice(sorted(watched))]
            self.configure()

    def take_up_list(self) -> None:
        watched = self.watched[self.rng.choice(self.world.sites)]
        for name in sorted(set(LISTS) - set(watched.values()))[:1]:
            watched[f"new{len(self.done)}"] = name
        self.configure()

    def upgrade(self) -> None:
        self.upgrades += 1
        self.configure()

    # -- the whole of it ---------------------------------------------------------------------------------

    def live(self, days: int, quiet: int = 10) -> None:
        """So many days, and then ``quiet`` ones after which nothing waits any more; and what is true at the end."""
        self.collect(lives=True)
        for _ in range(days):
            self.world.live(failing=self.failing)
            if self.rng.random() < 0.85:
                self.collect()
            self.operate()
        self.enabled = dict.fromkeys(self.enabled, True)
        self.configure()
        for day in range(quiet):
            self.world.calm()
            self.collect(*([] if day % 3 else ["--full"]), lives=True)
            self.accept(lives=True)
        self.run("verify", lives=True)
        with self.archive() as db:
            lists = {site: set(watched.values()) for site, watched in self.watched.items()}
            handled = self.withdrawals.papers | self.set_aside
            found = amiss(self.world, db, lists, handled, reads_keywords=self.upgrades % 2 == 0)
        assert found == [], "\n".join([*self.done, *found])
        self._all_was_mailed()

    def _all_was_mailed(self) -> None:
        for _ in range(2):
            self.run("alerts", "send", lives=True)
            self.world.calm()
        with closing(open_for_reading(self.paths.alerts)) as db, self.archive() as archive:
            last = archive.execute("SELECT max(feed_seq) FROM changes").fetchone()[0]
            assert [tuple(r) for r in db.execute("SELECT cursor FROM subscriptions")] == [(last,)], self.done
            assert {row[0] for row in db.execute("SELECT state FROM outbox")} <= {"sent"}, self.done
        for word, before in self.withdrawals.mailed.items():
            if word in self.withdrawals.words:
                files = [f for f in self.paths.outbox.glob("*.eml") if f.name not in before]
                assert secret(word) not in words_mailed(files), self.done
