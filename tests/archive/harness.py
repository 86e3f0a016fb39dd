"""An office that drives the writer as a collector would, one call per collection, on a clock of its own."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from archive import feed, search
from archive.batch import Batch, CaptureBody, Fetch, Found, Listed, Outcome, Role, Row, Source, WalkEnd
from archive.migrations import archive_migrations, capture_migrations
from archive.model import ChangeKind, Disclosure, Evidence, Extraction, PageKind, Problem
from archive.record import Recorder, SiteRow
from archive.reparse import Extractor
from archive.store import Paths, open_for_reading, open_for_writing
from archive.waits.expectations import SitePolicy

START = datetime(2026, 3, 1, tzinfo=UTC)
SITE = SiteRow("linjiang", "临江市人民政府")
CATALOGUES = [("gongwen", "政府文件", "http://linjiang.example/gongwen/")]


@cache
def without_an_epoch() -> dict[str, bytes]:
    """
    Files whose tables are made, and no more, as a process that died early leaves them: making them takes forty commits
    to the disk, which ``test_beginning`` shows. Each archive still begins an epoch of its own.
    """
    with tempfile.TemporaryDirectory() as place:
        paths = Paths(Path(place))
        open_for_writing(paths.archive, archive_migrations).close()
        open_for_writing(paths.captures, capture_migrations).close()
        return {path.name: path.read_bytes() for path in (paths.archive, paths.captures)}


class Office:
    """Drives a recorder as a collector would: one call per collection."""

    def __init__(
        self, data: Path, policy: SitePolicy, extractor: Extractor | None = None, site: SiteRow = SITE
    ) -> None:
        self.paths, self.policy, self.now, self.extractor = Paths(data), policy, START, extractor
        self.site = site
        self.end = "</html>"  # of every page
        self.cut: set[str] = set()  # addresses of pages without it
        self.evidence: tuple[Evidence, ...] = ()  # of every page
        self.problems: tuple[Problem, ...] = ()  # of every page
        self.rows: dict[str, str] = {}  # hashes of the catalogue's rows, where they are known

    def collect(
        self,
        pages: dict[str, Disclosure | Outcome],
        *,
        listed: list[str] | None = None,
        complete: bool = True,
        full: bool = True,
        asked: bool = True,  # by a person; else the full walk was due
        repeat: bool = False,
        die: bool = False,
        revision: str = "r1",
        aliases: dict[str, tuple[str, ...]] | None = None,
        cut: int | None = None,  # pages in a batch; all of them in one
    ):
        self.now += timedelta(days=1)
        with self.recorder() as recorder:
            run = recorder.begin(self.site, CATALOGUES, collection="c", full=full and asked)
            batches = self.batches(
                pages, listed=listed, complete=complete, full=full, revision=revision, aliases=aliases or {}, cut=cut
            )  # fmt: skip
            for batch in batches[: 1 if die else None]:
                recorder.record(run, batch)
                if repeat:
                    recorder.record(run, batch)
            return None if die else recorder.finish(run)

    def batches(
        self,
        pages: dict[str, Disclosure | Outcome],
        *,
        listed: list[str] | None = None,
        complete: bool = True,
        full: bool = True,
        revision: str = "r1",
        aliases: Mapping[str, tuple[str, ...]] = {},
        cut: int | None = None,
    ) -> list[Batch]:
        """What a collection hands to the recorder; the arguments as in :meth:`collect`."""
        urls = [u for u, p in pages.items() if isinstance(p, Disclosure)] if listed is None else listed
        walk = WalkEnd(
            catalogue="gongwen", full=full, complete=complete, pages=1, rows=len(urls), at=self.now
        )
        rows = tuple(Row(url=u, aliases=aliases.get(u, ())) for u in urls)
        batches = [Batch(seq=1, listed=(Listed(catalogue="gongwen", rows=rows, at=self.now),), walks=(walk,))]
        events = [self._page(u, p, revision, aliases.get(u, ())) for u, p in pages.items()]
        size = cut or len(events) or 1
        for start in range(0, len(events), size):
            part = events[start : start + size]
            fetches, found = tuple(e[0] for e in part), tuple(e[1] for e in part if e[1])
            batches.append(Batch(seq=len(batches) + 1, fetches=fetches, found=found))
        return [*batches, Batch(seq=len(batches) + 1, finished=True)]

    def _page(self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]):
        if isinstance(page, Outcome):
            return Fetch(url=url, role=Role.PAGE, outcome=page, at=self.now), None
        body = f"<html>{page}{'' if url in self.cut else self.end}".encode()
        sha = hashlib.sha256(body).hexdigest()
        capture = CaptureBody(
            sha256=sha, body=body, wire_sha256=sha, wire_length=len(body), status=200, headers=(("A", "b"),)
        )
        fetch = Fetch(url=url, role=Role.PAGE, outcome=Outcome.OK, at=self.now, status=200, capture=capture)
        extraction = Extraction(
            url=url, kind=PageKind.DOCUMENT, disclosure=page, evidence=self.evidence, problems=self.problems
        )
        source = Source(url=url, sha256=sha, role=Role.PAGE)
        return fetch, Found(
            url=url,
            aliases=aliases,
            extraction=extraction,
            extractor_revision=revision,
            sources=(source,),
            at=self.now,
            row_hash=self.rows.get(url),
        )

    def recorder(self) -> Recorder:
        if not self.paths.data.exists():
            self.paths.data.mkdir(parents=True)
            for name, content in without_an_epoch().items():
                (self.paths.data / name).write_bytes(content)
        return Recorder(self.paths, clock=lambda: self.now, policy=self.policy, extractor=self.extractor)

    def read(self) -> closing[sqlite3.Connection]:
        connection = open_for_reading(self.paths.archive)
        search.register(connection)
        return closing(connection)

    def feed(self) -> list[tuple[str, str | None]]:
        with self.read() as connection:
            return [
                (c.kind.value, c.title) for c in feed.changes(connection) if c.kind is not ChangeKind.BASELINE
            ]


def url(n: int) -> str:
    return f"http://linjiang.example/gongwen/t20260101_{n}.html"


def notice(n: int, text: str = "罚款5万元。", **fields: object) -> Disclosure:
    values = {
        "title": f"关于第{n}号事项的通知",
        "index_number": f"LJ/2026-{n:04d}",
        "issuing_body": "临江市人民政府",
        **fields,
    }
    return Disclosure(body_text=f"第{n}号。{text}" + "各单位应当认真贯彻执行。" * 10, **values)


def site_of(count: int) -> dict[str, Disclosure | Outcome]:
    return {url(n): notice(n) for n in range(count)}
