"""Three sites of one archive collected day by day, and whether the archive says of each copy what is true of it."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from archive import feed, search
from archive.batch import Outcome
from archive.identity import url_key
from archive.model import Attachment, Disclosure
from archive.record import Recorder, SiteRow
from archive.resolve import resolve
from archive.rows import load_disclosure
from archive.store import Paths, exclusive, open_archive, open_for_reading
from archive.times import shanghai_date
from archive.verify import verify
from tests.archive.harness import without_an_epoch
from tests.archive.twin_collection import Collection, Key, Records, key_of
from tests.archive.twin_world import NAMES, START, Copy, Site, Text, World


def is_cosmetic(old: Key, new: Key) -> bool:
    """Whether two differ in nothing but punctuation, width and white space."""

    def letters(key: Key) -> list[str]:
        return [
            "".join(c for c in unicodedata.normalize("NFKC", str(part)) if c.isalnum()) for part in key[:7]
        ]

    return letters(old) == letters(new) and old[7] == new[7]


class TwinLife(Records):
    """The collector, and the comparison of archive and truth. ``rough``: walks are cut, answers fail, it is killed."""

    def __init__(self, seed: int, home: Path, *, rough: bool = True) -> None:
        super().__init__(World(seed), random.Random(seed * 7 + 1))
        self.rough, self.paths, self.minutes = rough, Paths(home / "data"), 0
        self.paths.data.mkdir(parents=True)
        for name, content in without_an_epoch().items():
            (self.paths.data / name).write_bytes(content)

    def now(self) -> datetime:
        self.minutes += 7
        return START + timedelta(days=self.world.day, minutes=self.minutes % 700)

    def enabled(self) -> list[Site]:
        return [site for site in self.world.sites.values() if site.enabled <= self.world.day]

    def settle(self, days: int = 14) -> None:
        """All is well, and what waits is decided."""
        self.world.is_calm = True
        for _ in range(days):
            self.world.day += 1
            self.world.relink(1.0)
            for site in self.world.sites.values():
                self.collect(site, calm=True)
            self.decide(1.0)

    def decide(self, chance: float) -> None:
        with exclusive(self.paths), closing(open_archive(self.paths).conn) as db:
            for (run,) in db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL").fetchall():
                if self.rng.random() < chance:
                    feed.accept_run(db, run, at=self.now())

    # -- one collection ----------------------------------------------------------------------------------

    def collect(self, site: Site, *, calm: bool = False) -> None:
        at, calm = self.now(), calm or not self.rough
        with (
            exclusive(self.paths),
            Recorder(self.paths, clock=lambda: at, extractor=self.extractor) as recorder,
        ):
            names = [(name, name, f"http://{site.hosts[0]}/{name}/") for name in site.lists]
            run = recorder.begin(SiteRow(site.key, NAMES[site.key]), names, collection="c", full=False)
            self.first_day.setdefault(site.key, shanghai_date(at))
            self.open_walks.setdefault(site.key, set(site.lists))
            Collection(self, site, recorder, run, at, calm).go()

    # -- the truth ---------------------------------------------------------------------------------------

    def reading(self) -> closing:
        db = open_for_reading(self.paths.archive)
        search.register(db)
        return closing(db)

    def documents_of(self, db, copy: Copy) -> set[int]:
        sql = "SELECT coalesce(d.merged_into, d.id) FROM addresses a JOIN documents d ON d.id = a.document WHERE a.site = ? AND url_key = ?"
        return {row[0] for url in copy.urls for row in db.execute(sql, [copy.site.key, url_key(url)])}

    def amiss(self, *, final: bool = False) -> list[str]:
        """What the archive has wrong; at the end it may owe nothing any more."""
        wrong: list[str] = []
        if final or self.world.day % 5 == 0:
            verify(self.paths, tell=lambda damage: wrong.append(str(damage)))
        found: dict[int, Copy] = {}
        with self.reading() as db:
            news = "SELECT document FROM changes WHERE kind IN ('added', 'baseline') AND feed_seq IS NULL AND dropped_at IS NULL"
            untold = {row[0] for row in db.execute(news)}
            for copy in self.world.copies:
                documents = self.documents_of(db, copy)
                wrong += [
                    f"{copy.id}: one with {found[d].id}" for d in documents if found.get(d, copy) is not copy
                ]
                found |= dict.fromkeys(documents, copy)
                if "parted" in self.shown[copy.id].lenient:
                    continue
                if len(documents) > 1 and not final:
                    documents -= untold
                if len(documents) != self.shown[copy.id].is_known:
                    wrong.append(f"{copy.id}: documents {documents}")
                elif documents and not documents & untold:
                    wrong += [
                        f"{copy.id}: {what}" for what in self.wrong_with(db, copy, *documents, final=final)
                    ]
            alone = {row[0] for row in db.execute("SELECT id FROM documents WHERE merged_into IS NULL")}
            wrong += [f"document {d} is no copy" for d in alone - found.keys()]
            waits = db.execute(
                "SELECT document, kind, waits_for FROM changes WHERE feed_seq IS NULL AND dropped_at IS NULL"
            )
            wrong += [f"still waits: {tuple(row)}" for row in waits if final]
        return wrong + self.unresolved()

    def unresolved(self) -> list[str]:
        """Citations must not depend on the order in which documents came."""
        with closing(open_archive(self.paths).conn) as db:
            search.register(db)
            sql = "SELECT id, target FROM citations ORDER BY id"
            before = [tuple(row) for row in db.execute(sql)]
            db.execute("BEGIN")
            resolve(db, [row[0] for row in db.execute("SELECT id FROM documents").fetchall()])
            after = [tuple(row) for row in db.execute(sql)]
            db.execute("ROLLBACK")
        return [] if before == after else ["citations depend on the order"]

    def wrong_with(self, db, copy: Copy, document: int, *, final: bool) -> list[str]:
        shown = self.shown[copy.id]
        events = db.execute(
            "SELECT * FROM changes WHERE document = ? AND feed_seq IS NOT NULL AND dropped_at IS NULL ORDER BY feed_seq",
            [document],
        ).fetchall()
        told = Counter(row["kind"] for row in events)
        absent = max(told["missing"], told["removed"])
        gone = copy.count("removed") + copy.is_late + (copy.count("moved") if copy.original else 0)
        first = [row["kind"] for row in events if row["kind"] in ("baseline", "added")]
        status, current = db.execute(
            "SELECT status, current_version FROM documents WHERE id = ?", [document]
        ).fetchone()
        outcome = self.world.answer(copy.url)[0]
        here = "present" if copy.lists else "unlisted"
        is_whole = not shown.withdrawn and "dropped" not in shown.lenient
        checks = {
            f"first told as {first}, was {shown.kind}": first == [shown.kind],
            f"moves {told}": told["moved"] <= copy.count("moved"),
            f"absences {told}": absent <= gone,
            f"unlistings {told}": told["unlisted"] <= copy.count("unlisted"),
            f"returns {told}": told["restored"] <= told["unlisted"] + absent,
            f"edits {told}": told["edited"] + told["attachment"] < max(len(shown.seen), 1)
            or bool(shown.withdrawn),
        }
        if final and not copy.is_late and "dropped" not in shown.lenient:
            checks[f"{status}, is {here}"] = outcome is not Outcome.OK or status == here
            checks["a removal was not told"] = status != "removed" or told["removed"] > 0
            checks["its newest text was not seen"] = outcome is not Outcome.OK or shown.seen[-1] == self.key(
                copy.says
            )
        wrong = [what for what, right in checks.items() if not right]
        if is_whole:
            ids = db.execute(
                "SELECT id FROM versions WHERE document = ? ORDER BY number", [document]
            ).fetchall()
            if (keys := [key_of(load_disclosure(db, row[0])) for row in ids]) != shown.seen:
                wrong.append(f"{len(keys)} versions of {len(shown.seen)} texts")
            wrong += self.wrong_edits(db, copy, events, current if final and outcome is Outcome.OK else None)
        return wrong

    def wrong_edits(self, db, copy: Copy, events: list, current: int | None) -> list[str]:
        """Each edit goes on from what was told before, weighs what it should, and the last one leads to what stands there."""
        wrong, known, moved = [], None, set()

        def key(version: int) -> Key:
            return key_of(load_disclosure(db, version))

        for row in events:
            old, new = row["from_version"], row["to_version"]
            if row["kind"] in ("edited", "attachment"):
                before, after = key(old), key(new)
                if before != known and old not in moved and not (copy.original or copy).site.had_line:
                    wrong.append("an edit goes on from what was not told")
                if before == after:
                    wrong.append("an edit of nothing")
                elif (row["significance"] == "cosmetic") != is_cosmetic(before, after):
                    wrong.append(f"{row['significance']}: {before} → {after}")
            if row["kind"] == "moved":
                moved.add(old)
            if new is not None:
                known = key(new)
        if current is not None and known != key(current) and not (copy.original or copy).site.had_line:
            wrong.append("its last text was not told")
        return wrong

    def key(self, text: Text) -> Key:
        return key_of(self.record(text))

    def record(self, text: Text) -> Disclosure:
        files = tuple(Attachment(name=name, url="http://x/", text=content) for name, content in text.files)
        return Disclosure(
            title=text.title, document_number=text.number, index_number=text.index, issuing_body=text.issuer,
            content_source=text.source, published_on=text.published, body_text="\n".join(text.body), attachments=files,
        )  # fmt: skip
