"""An office whose files come, go, change, move, fail and hang on several documents, and what is to be told of them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from archive.batch import Batch, CaptureBody, Fetch, Found, Listed, Outcome, Role, Row, Source, WalkEnd
from archive.fingerprint import is_bare_name
from archive.model import Attachment, Disclosure, Extraction, PageKind
from archive.reparse import StoredPage
from archive.rows import load_disclosure
from archive.waits.expectations import SitePolicy
from crawler.answers import Answer
from crawler.attachments.result import AttachmentText
from crawler.fetching_files import PendingFiles
from crawler.plan import Plan
from crawler.platforms.base import ListRow
from tests.archive.harness import CATALOGUES, SITE, Office, notice

HOST, FILES, ELSEWHERE = "http://linjiang.example", "http://files.linjiang.example", "https://wenku.example"
FAILURES = (Outcome.GONE, Outcome.FAILED, Outcome.BLOCKED, Outcome.SKIPPED)
KINDS = ("edited", "attachment")


@dataclass(slots=True)
class Stored:
    """A file on a server. ``fresh``: its bytes are made anew at each request, and say the same."""

    content: int
    readable: bool = True
    fresh: bool = False
    honest: bool = False  # there is an ETag, and it can be believed
    failure: Outcome | None = None
    served: int = 0

    def serve(self) -> bytes:
        self.served += self.fresh
        return f"%PDF-1.4 {self.content} {self.served} {self.readable}".encode()

    @property
    def text(self) -> str | None:
        return f"附件第{self.content}版，补助{self.content}元。" if self.readable else None


class Seen(NamedTuple):
    """An attachment as an honest observer knows it; hash and text of the file as it was last obtained."""

    name: str
    url: str
    sha256: str | None
    text: str | None


@dataclass(slots=True)
class Paper:
    """A document: a page with its files, or, for a while, a file itself."""

    number: int
    fine: int = 5
    links: list[tuple[str, str]] = field(default_factory=list)
    is_file: bool = False
    known: tuple[int | None, list[Seen]] | None = None

    @property
    def url(self) -> str:
        return f"{HOST}/a/{self.number}.html"

    @property
    def shown(self) -> list[tuple[str, str]]:
        return [(f"关于第{self.number}号事项的通知", self.url)] if self.is_file else self.links

    @property
    def record(self) -> Disclosure:
        files = tuple(Attachment(name=name, url=url) for name, url in self.shown)
        if self.is_file:
            return Disclosure(title=f"关于第{self.number}号事项的通知", attachments=files)
        return notice(self.number, f"罚款{self.fine}万元。", attachments=files)


@dataclass(slots=True)
class Reader:
    """Reads pages and files again; a newer one reads a line more of each."""

    newest: str = "r1"
    records: dict[bytes, Disclosure] = field(default_factory=dict)
    texts: dict[bytes, str | None] = field(default_factory=dict)

    def revision(self, site: str) -> str:
        return self.newest

    def read(self, page: StoredPage) -> Extraction:
        return self.extraction(page.url, page.body)

    def extraction(self, url: str, body: bytes) -> Extraction:
        record = self.records[body]
        if record.body_text:
            record = replace(record, body_text=f"{record.body_text}\n{self.newest}")
        return Extraction(url=url, kind=PageKind.DOCUMENT, disclosure=record)

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        return read_by(self.newest, self.texts[body])


def read_by(revision: str, text: str | None) -> str | None:
    return None if text is None else f"{text}\n{revision}"


class Bureau:
    """A site whose files live, seeded, its collector, and an honest observer who sees the same answers."""

    def __init__(self, seed: int, home: Path, count: int = 10) -> None:
        self.rng, self.reader, self.number, self.wrong = random.Random(seed), Reader(), 100, list[str]()
        self.office = Office(home, SitePolicy(), self.reader)
        self.files: dict[str, Stored] = {}
        self.papers = [Paper(n) for n in range(count)]
        for paper in self.papers * 2:
            self._add(paper)
        self.collect()

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _new_file(self) -> Stored:
        readable, fresh = self.rng.random() < 0.8, self.rng.random() < 0.1
        return Stored(self._next(), readable, fresh, honest=not fresh and self.rng.random() < 0.6)

    # -- what happens ------------------------------------------------------------------------------------

    def live(self) -> None:
        """One day: up to four documents or files of theirs change, some twice."""
        if self.rng.random() < 0.1:
            self.reader.newest = f"r{self._next()}"
        happenings: tuple[Callable[[Paper], None], ...] = (
            self._add, self._drop, self._replace, self._replace, self._rename, self._move, self._fail, self._fail,
            self.heal, self.heal, self._edit, self._edit, self._shuffle, self._become,
        )  # fmt: skip
        for paper in self.rng.sample(self.papers, self.rng.choice((1, 2, 3, 4))):
            for happen in self.rng.choices(happenings, k=self.rng.choice((1, 1, 2))):
                if not paper.is_file or happen in (self._become, self._replace, self._fail, self.heal):
                    happen(paper)

    def _add(self, paper: Paper) -> None:
        number, url = self._next(), f"{HOST}/files/{self.number}.pdf"
        if self.files and self.rng.random() < 0.25:
            url = self.rng.choice(sorted(self.files))
        if url not in [known for _, known in paper.links]:
            self.files.setdefault(url, self._new_file())
            name = self.rng.choice(
                (f"附件{len(paper.links) + 1}", f"申报表{number}", f"{number}.pdf", "申报表")
            )
            paper.links.insert(self.rng.randint(0, len(paper.links)), (name, url))

    def _drop(self, paper: Paper) -> None:
        if paper.links and self.rng.random() < 0.5:
            paper.links.remove(self.rng.choice(paper.links))

    def _replace(self, paper: Paper) -> None:
        if paper.shown:
            self.files[self.rng.choice(paper.shown)[1]].content = self._next()

    def _rename(self, paper: Paper) -> None:
        if paper.links:
            place = self.rng.randrange(len(paper.links))
            paper.links[place] = (f"新表{self._next()}", paper.links[place][1])

    def _move(self, paper: Paper) -> None:
        if paper.links:
            old = self.rng.choice(paper.links)[1]
            new = f"{self.rng.choice((HOST, FILES, ELSEWHERE))}/moved/{self._next()}.pdf"
            self.files[new] = replace(self.files[old])
            for other in self.papers:
                other.links = [(name, new if url == old else url) for name, url in other.links]

    def _fail(self, paper: Paper) -> None:
        if paper.shown:
            self.files[self.rng.choice(paper.shown)[1]].failure = self.rng.choice(FAILURES)

    def heal(self, paper: Paper) -> None:
        for _, url in paper.shown:
            self.files[url].failure = None

    def _edit(self, paper: Paper) -> None:
        paper.fine = self._next()

    def _shuffle(self, paper: Paper) -> None:
        if self.rng.random() < 0.3:
            self.rng.shuffle(paper.links)

    def _become(self, paper: Paper) -> None:
        if paper.is_file or self.rng.random() < 0.3:
            paper.is_file, paper.fine = not paper.is_file, self._next()
            self.files[paper.url] = replace(self._new_file(), honest=False)

    # -- the collector -----------------------------------------------------------------------------------

    def collect(self, *, whole: bool = True, only: Paper | None = None) -> None:
        office, expected = self.office, dict[str, tuple[str, str]]()
        office.now += timedelta(days=1)
        with office.recorder() as recorder:
            run = recorder.begin(SITE, CATALOGUES, collection="c", full=False)
            plan = Plan(
                tuple(recorder.known(SITE.key)), office.now, None, tuple(recorder.known_files(SITE.key))
            )
            for paper in self.papers:
                plan.note(ListRow(url=paper.url))
            rows = tuple(Row(url=paper.url) for paper in self.papers)
            walk = WalkEnd(
                catalogue="gongwen", full=True, complete=True, pages=1, rows=len(rows), at=office.now
            )
            listed = (Listed(catalogue="gongwen", rows=rows, at=office.now),)
            batches = [Batch(seq=1, listed=listed, walks=(walk,))]
            asked = [url for url, _, _ in plan.documents() if only is None or url == only.url]
            for url in asked if whole else asked[: self.rng.choice((3, 6, len(asked)))]:
                paper = next(paper for paper in self.papers if paper.url == url)
                fetches, found, seen = self._visit(paper, plan)
                if found is not None and (change := self._learn(paper, seen)) is not None:
                    expected[paper.record.title or ""] = change
                # A file may come in another batch than the record of the page that it hangs on.
                batches += [
                    Batch(seq=len(batches) + 1, fetches=tuple(fetches[:-1])),
                    Batch(seq=len(batches) + 2, fetches=tuple(fetches[-1:]), found=(found,) if found else ()),
                ]
            for batch in (*batches, Batch(seq=len(batches) + 1, finished=True)):
                recorder.record(run, batch)
            recorder.finish(run)
        self._compare(run, expected)

    def _visit(self, paper: Paper, plan: Plan) -> tuple[list[Fetch], Found | None, dict[str, Seen]]:
        seen: dict[str, Seen] = {}
        file = self.files[paper.url] if paper.is_file else None
        if file is not None and file.failure is not None:
            return (
                [Fetch(url=paper.url, role=Role.PAGE, outcome=Outcome.FAILED, at=self.office.now)],
                None,
                seen,
            )
        body = self._served(file) if file is not None else f"<html>{paper.record}</html>".encode()
        self.reader.records[body] = paper.record
        page = self._got(paper.url, Role.PAGE, body)
        assert page.capture is not None
        found: Found | None = Found(
            url=paper.url, extraction=self.reader.extraction(paper.url, body), extractor_revision=self.reader.newest,
            sources=(Source(url=paper.url, sha256=page.capture.sha256, role=Role.PAGE),), at=self.office.now,
        )  # fmt: skip
        assert found is not None
        pending, fetches = PendingFiles(found, frozenset({"files.linjiang.example"})), [page]
        if file is not None:
            text = AttachmentText(text=read_by(self.reader.newest, file.text), media_type="application/pdf")
            pending.take_page(Answer(page, body, "application/pdf", text=text))
            seen[paper.url] = Seen("", "", page.capture.sha256, file.text)
        for place, attachment in pending.wanted:
            answer = self._answer(attachment.url, plan, seen)
            fetches.append(pending.take(place, answer, plan.had_file(attachment.url)))
        return fetches, pending.found, seen

    def _answer(self, url: str, plan: Plan, seen: dict[str, Seen]) -> Answer:
        """What the server makes of a request for a file, and what the observer sees of it."""
        file, sent = self.files[url], plan.file_headers(url)
        if file.failure is not None:
            return Answer(Fetch(url=url, role=Role.ATTACHMENT, outcome=file.failure, at=self.office.now))
        body, tag = self._served(file), f'"{file.content}"' if file.honest else None
        sha256 = hashlib.sha256(body).hexdigest()
        seen[url] = Seen("", "", sha256, file.text)
        if tag is not None and sent.get("If-None-Match") == tag:
            outcome = Outcome.NOT_MODIFIED
            return Answer(
                Fetch(url=url, role=Role.ATTACHMENT, outcome=outcome, at=self.office.now, unconditional=False)
            )
        text = None
        if sha256 != plan.known_file(url, self.reader.newest):
            text = AttachmentText(text=read_by(self.reader.newest, file.text), media_type="application/pdf")
        fetch = replace(self._got(url, Role.ATTACHMENT, body), etag=tag, unconditional=not sent)
        return Answer(fetch, body, "application/pdf", text=text)

    def _served(self, file: Stored) -> bytes:
        body = file.serve()
        self.reader.texts[body] = file.text
        return body

    def _got(self, url: str, role: Role, body: bytes) -> Fetch:
        sha256 = hashlib.sha256(body).hexdigest()
        capture = CaptureBody(
            sha256=sha256,
            body=body,
            wire_sha256=sha256,
            wire_length=len(body),
            status=200,
            headers=(("A", "b"),),
        )
        return Fetch(url=url, role=role, outcome=Outcome.OK, at=self.office.now, status=200, capture=capture)

    # -- the observer ------------------------------------------------------------------------------------

    def _learn(self, paper: Paper, seen: dict[str, Seen]) -> tuple[str, str] | None:
        """What is known of a document after a look at it, and what readers must be told: (kind, significance)."""
        before, fine = paper.known, None if paper.is_file else paper.fine
        old = before[1] if before is not None else []
        now = [_known_of(name, url, seen, old, [u for _, u in paper.shown]) for name, url in paper.shown]
        paper.known = (fine, now)
        if before is None:
            return None
        unknown = {one.url for one in old if one.sha256 is None}
        names = {one.url: one.name for one in now}  # what had a number for its name may have got a better one
        were = [
            _shown_as(one._replace(name=names[one.url]))
            if one.url in names and is_bare_name(one.name, one.url)
            else _shown_as(one)
            for one in old
        ]
        learned = [_shown_as(one._replace(sha256=None) if one.url in unknown else one) for one in now]
        same_files = were in (learned, [_shown_as(one) for one in now])
        if fine != before[0]:
            return "edited", "substantive"
        return None if same_files else ("attachment", _weight(old, now))

    def _compare(self, run: int, expected: dict[str, tuple[str, str]]) -> None:
        """What the run found against what it should have, and what the archive holds against what is known."""
        with self.office.read() as db:
            told = {
                row["title"]: (row["kind"], row["significance"])
                for row in db.execute(
                    "SELECT d.title, c.kind, c.significance FROM changes c JOIN documents d ON d.id = c.document"
                    " WHERE c.run = ? AND c.kind <> 'baseline' ORDER BY c.id",
                    [run],
                )
            }
            if told != expected:
                self.wrong.append(f"{self.office.now:%m-%d}: told {told}, not {expected}")
            for paper in self.papers:
                current, revision = db.execute(
                    "SELECT v.id, v.extractor_revision FROM documents d JOIN versions v ON v.id = d.current_version"
                    " WHERE d.url = ?",
                    [paper.url],
                ).fetchone()
                held = [
                    Seen(a.name, a.url, a.sha256, a.text) for a in load_disclosure(db, current).attachments
                ]
                known = [
                    one._replace(text=read_by(revision, one.text)) for one in (paper.known or (0, []))[1]
                ]
                if held != known:
                    self.wrong.append(f"{self.office.now:%m-%d} {paper.number}: holds {held}, not {known}")

    def untold(self) -> list[str]:
        """Gaps in what readers heard: each edit is told from the version that was told before it, up to the current one."""
        gaps = []
        with self.office.read() as db:
            prints = {row[0]: row[1] for row in db.execute("SELECT id, fingerprint FROM versions")}
            for document, current in db.execute("SELECT id, current_version FROM documents").fetchall():
                told = db.execute(
                    "SELECT from_version, to_version FROM changes WHERE document = ? AND feed_seq IS NOT NULL"
                    " ORDER BY feed_seq",
                    [document],
                ).fetchall()
                ends = [prints[row["to_version"]] for row in told]
                starts = [prints[row["from_version"]] for row in told[1:]]
                if starts != ends[:-1] or ends[-1:] != [prints[current]]:
                    gaps.append(f"document {document}: {[tuple(row) for row in told]}, now {current}")
        return gaps


def _known_of(name: str, url: str, seen: dict[str, Seen], old: Sequence[Seen], shown: list[str]) -> Seen:
    """An attachment as it is known now: as obtained, else as it was, recognised by address or name."""
    known = seen.get(url) or next((one for one in old if one.url == url), None)
    if known is None:
        gone = [one for one in old if one.name == name and one.url not in shown and one.sha256]
        known = gone[0] if len(gone) == 1 else None
    return Seen(name, url, known.sha256, known.text) if known else Seen(name, url, None, None)


def _shown_as(one: Seen) -> tuple[str, str]:
    return one.name, one.sha256 or one.url


def _weight(old: Sequence[Seen], now: Sequence[Seen]) -> str:
    """Cosmetic where files came anew with the same text, or in another order; nothing else is."""
    left, right, pairs = list(old), list(now), list[tuple[Seen, Seen]]()
    for key in ("url", "sha256", "name"):
        for one in list(right):
            same = [
                other for other in left if getattr(other, key) and getattr(other, key) == getattr(one, key)
            ]
            if same:
                pairs.append((same[0], one))
                left.remove(same[0])
                right.remove(one)
    grave = bool(left or right)
    for before, after in pairs:
        if before.sha256 and after.sha256 and before.sha256 != after.sha256:
            grave |= before.text is None or before.text != after.text
        elif before.name != after.name:
            grave |= before.url != after.url or not is_bare_name(before.name, before.url)
    return "substantive" if grave else "cosmetic"
