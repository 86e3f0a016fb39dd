"""How one collection of a site of :mod:`tests.archive.twin_world` goes, and what the archive is shown by it."""

from __future__ import annotations

import hashlib
import json
import random
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from archive.batch import Batch, CaptureBody, Fetch, Found, Listed, Outcome, Role, Row, Source, WalkEnd
from archive.identity import url_key
from archive.model import Attachment, AttachmentState, Citation, Disclosure, Extraction, PageKind
from archive.record import Recorder
from archive.reparse import StoredPage
from crawler.plan import Plan, wants_full_walk
from crawler.platforms.base import ListRow
from tests.archive.twin_world import Copy, Site, World

ROWS, QUIET_PAGES = 3, 2  # of a page of a list; pages with nothing new at which a short walk ends
FAILING = 0.05
Key = tuple[object, ...]


def key_of(d: Disclosure) -> Key:
    """What counts as the same in the plain words of the design: white space makes no difference."""

    def one(text: str | None) -> str | None:
        return " ".join(unicodedata.normalize("NFC", text or "").split()) or None

    body = tuple(filter(None, (one(line) for line in (d.body_text or "").split("\n"))))
    files = tuple((file.name, file.text) for file in d.attachments)
    source = (d.content_source or "").removeprefix("来源：")
    return (
        one(d.title),
        one(d.document_number),
        one(d.issuing_body),
        one(source),
        d.published_on,
        one(d.index_number),
        body,
        files,
    )


class TwinExtractor:
    """Reads the record off a page's bytes; each revision reads one more value or one less, or a label with its value."""

    def __init__(self) -> None:
        self.number = 1

    def revision(self, site: str) -> str:
        return f"r{self.number}"

    def read(self, page: StoredPage) -> Extraction:
        return self.extraction(page.url, page.body)

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        return body.decode()

    def extraction(self, url: str, body: bytes, files: tuple[Attachment, ...] = ()) -> Extraction:
        v, is_odd = json.loads(body.split(b"\n")[1]), self.number % 2 == 1
        listed = tuple(Attachment(name=n, url=u, state=AttachmentState.NOT_FETCHED) for n, u in v["files"])
        record = Disclosure(
            title=v["title"], document_number=v["number"], index_number=v["index"], issuing_body=v["issuer"],
            content_source=(v["source"] if is_odd else f"来源：{v['source']}") if v["source"] else None,
            published_on=date.fromisoformat(v["published"]), genre=None if is_odd else "通知",
            body_text="\n".join(v["body"]), attachments=files or listed,
            citations=tuple(Citation(document_number=number) for number in v["cites"]),
        )  # fmt: skip
        return Extraction(url=url, kind=PageKind.DOCUMENT, disclosure=record)


@dataclass
class Shown:
    """What the archive was shown of a copy, and must hold of it. ``lenient``: what can be asked of it no more."""

    is_known: bool = False
    kind: str | None = None  # of its first event
    seen: list[Key] = field(default_factory=list)
    withdrawn: set[Key] = field(default_factory=set)
    lenient: set[str] = field(default_factory=set)


@dataclass
class Records:
    """Of all copies what the archive was shown, and of all sites which first walks have ended."""

    world: World
    rng: random.Random
    extractor: TwinExtractor = field(default_factory=TwinExtractor)
    shown: defaultdict[int, Shown] = field(default_factory=lambda: defaultdict(Shown))
    # Site → catalogues whose first walk has not ended.
    open_walks: dict[str, set[str]] = field(default_factory=dict)
    walked: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    first_day: dict[str, date] = field(default_factory=dict)
    hits: int = 0


class Collection:
    """One collection of a site, in the order in which the crawler asks."""

    def __init__(
        self, life: Records, site: Site, recorder: Recorder, run: int, at: datetime, calm: bool
    ) -> None:
        self.life, self.site, self.recorder, self.run, self.at, self.calm = (
            life,
            site,
            recorder,
            run,
            at,
            calm,
        )
        self.rng, known = life.rng, tuple(recorder.known(site.key))
        self.known = {url_key(one.url) for one in known}
        self.plan = Plan(known, at, recorder.resumes_from(site.key))
        self.listed: defaultdict[str, set[str]] = defaultdict(set)  # address → catalogues
        self.walks: dict[str, WalkEnd] = {}
        self.became: dict[str, Outcome] = {}

    def go(self) -> None:
        catalogues = {c.key: c for c in self.recorder.known_catalogues(self.site.key)}
        full = {n for n in self.site.lists if self.calm or wants_full_walk(catalogues.get(n), self.at, False)}
        batches = [self.walk(name, name in full) for name in self.site.lists]
        budget, gone = 10**6 if self.calm else self.rng.choice((3, 10, 10**6, 10**6)), set[str]()
        for url, row, known in self.plan.documents():
            if budget <= 0 and row is None:
                break
            budget -= 1
            batches.append(self.look(url, row))
            fetch = batches[-1].fetches[0]
            if (
                fetch.outcome in (Outcome.GONE, Outcome.REDIRECTED_HOME)
                and known
                and known.status in ("present", "unlisted")
            ):
                gone.update(known.catalogues)
        batches += [self.walk(name, True) for name in sorted(gone - full)]
        for url, row, _ in self.plan.documents():
            if row is None:
                break
            batches.append(self.look(url, row))
        killed = not self.calm and self.rng.random() < 0.12
        kept = (
            batches[: self.rng.randint(0, len(batches))]
            if killed
            else [*batches, Batch(seq=0, finished=True)]
        )
        for seq, batch in enumerate(kept, start=1):
            self.recorder.record(self.run, replace(batch, seq=seq))
            self.was_shown(batch)
        if not killed or self.rng.random() < 0.5:
            self.recorder.finish(self.run, interrupted=killed)
            self.first_walks_end()

    def walk(self, name: str, full: bool) -> Batch:
        shown: list[Copy] = []
        complete = not self.life.world.is_dead(self.site)
        if complete:
            copies = sorted(
                (c for c in self.site.copies if name in c.lists),
                key=lambda c: (c.says.published, c.id),
                reverse=True,
            )
            if not self.calm and self.rng.random() < 0.1:
                complete, copies = False, copies[: len(copies) // 2]
            quiet = 0
            for start in range(0, len(copies), ROWS):
                page = [self.row(copy) for copy in copies[start : start + ROWS]]
                quiet = quiet + 1 if all(self.plan.is_quiet(row) for row in page) else 0
                for row in page:
                    self.plan.note(row)
                shown += copies[start : start + ROWS]
                if not full and quiet >= QUIET_PAGES:
                    break
        rows = tuple(Row(url=r.url, row_hash=r.row_hash) for r in map(self.row, shown))
        end = WalkEnd(catalogue=name, full=full, complete=complete, pages=1, rows=len(rows), at=self.at)
        return Batch(seq=0, listed=(Listed(catalogue=name, rows=rows, at=self.at),), walks=(end,))

    def row(self, copy: Copy) -> ListRow:
        says = copy.says
        return ListRow(
            url=copy.url, row_hash=hashlib.sha256(f"{says.title}{says.published}".encode()).hexdigest()
        )

    def look(self, url: str, row: ListRow | None) -> Batch:
        failing = not self.calm and self.rng.random() < FAILING
        outcome, leads_to, copy = (Outcome.FAILED, None, None) if failing else self.life.world.answer(url)
        if copy is None:
            return Batch(seq=0, fetches=(Fetch(url=url, role=Role.PAGE, outcome=outcome, at=self.at),))
        self.life.hits += 1
        text, place = copy.says, f"http://{copy.site.host}/files/{copy.id}"
        files = [
            (name, f"{place}/{hashlib.sha256(content.encode()).hexdigest()[:8]}", content)
            for name, content in text.files
        ]
        values = {
            "title": text.title, "number": text.number, "index": text.index, "issuer": text.issuer, "source": text.source,
            "published": text.published.isoformat(), "body": text.body, "files": [file[:2] for file in files],
        }  # fmt: skip
        others = (c.text.number for c in self.life.world.copies[: copy.id % 7] if c.text)
        values["cites"] = [number for number in others if number]
        visits = self.life.hits if copy.id % 3 == 0 else 0
        page = f"<html>{copy.site.frame}\n{json.dumps(values, ensure_ascii=False)}\n{visits}</html>".encode()
        fetches = [
            self.fetch(url, Role.PAGE, page, leads_to),
            *(self.fetch(u, Role.ATTACHMENT, c.encode()) for _, u, c in files),
        ]
        sources = tuple(Source(url=f.url, sha256=f.capture.sha256, role=f.role) for f in fetches if f.capture)
        attachments = tuple(
            Attachment(
                name=name, url=at, sha256=s.sha256, size=1, text=content, state=AttachmentState.FETCHED
            )
            for (name, at, content), s in zip(files, sources[1:], strict=True)
        )
        extraction = self.life.extractor.extraction(url, page, attachments)
        found = Found(
            url=url, extraction=extraction, extractor_revision=self.life.extractor.revision(""), sources=sources, at=self.at,
            row_hash=row.row_hash if row else None,
        )  # fmt: skip
        return Batch(seq=0, fetches=tuple(fetches), found=(found,))

    def fetch(self, url: str, role: Role, body: bytes, leads_to: str | None = None) -> Fetch:
        sha256, ways = hashlib.sha256(body).hexdigest(), (url,) if leads_to else ()
        capture = CaptureBody(
            sha256=sha256, body=body, wire_sha256=sha256, wire_length=len(body), status=200,
            headers=(("Date", str(self.life.hits)),), redirects=ways,
        )  # fmt: skip
        return Fetch(
            url=url,
            role=role,
            outcome=Outcome.OK,
            at=self.at,
            final_url=leads_to,
            status=200,
            capture=capture,
        )

    def copy_at(self, url: str) -> Copy:
        return next(c for c in self.site.copies if url_key(url) in map(url_key, c.urls))

    def was_shown(self, batch: Batch) -> None:
        """Note what the archive knows by a batch that was recorded."""
        for listed in batch.listed:
            for row in listed.rows:
                self.listed[url_key(row.url)].add(listed.catalogue)
        self.walks |= {walk.catalogue: walk for walk in batch.walks}
        if batch.fetches:
            self.became[url_key(batch.fetches[0].url)] = batch.fetches[0].outcome
        for found in batch.found:
            record = found.extraction.disclosure
            assert record
            shown, key = self.life.shown[self.copy_at(found.url).id], key_of(record)
            if not shown.is_known:
                opened = self.listed[url_key(found.url)] & self.life.open_walks[self.site.key]
                is_news = (
                    record.published_on is not None
                    and record.published_on > self.life.first_day[self.site.key]
                )
                shown.is_known, shown.kind = True, "baseline" if opened and not is_news else "added"
            if not shown.seen or shown.seen[-1] != key:
                shown.seen.append(key)

    def first_walks_end(self) -> None:
        """The first look ends when all that a whole walk listed was looked at, or could not be twice."""
        for name, walk in self.walks.items():
            if not (walk.full and walk.complete):
                continue
            new = {key for key, names in self.listed.items() if name in names} - self.known
            became = {self.became.get(key) for key in new}
            if None not in became and (
                Outcome.FAILED not in became or name in self.life.walked[self.site.key]
            ):
                self.life.open_walks[self.site.key].discard(name)
            self.life.walked[self.site.key].add(name)
