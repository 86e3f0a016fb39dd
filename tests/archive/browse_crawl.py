"""An archive of hostile texts, and a reader who follows every link of its pages."""

from __future__ import annotations

import asyncio
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html

from archive import search
from archive.batch import Outcome
from archive.model import Attachment, AttachmentState, Citation, Disclosure, Relation
from archive.record import SiteRow
from archive.store import exclusive, open_archive, open_captures
from archive.waits.expectations import SitePolicy
from archive.withdrawal import withdraw
from scheduler.commands.browse import datasette_for
from tests.archive.harness import Office, notice
from tests.archive.rich_office import RichOffice

# Each would make an element with this id, or run, if it were not written as text.
MARKUP = (
    '<b id="gkx">', '"><b id="gkx">', "'><b id=gkx>", "</title><b id=gkx>", "</textarea></select><b id=gkx>", "<!--", "]]>",
    "<script id=gkx>alert(1)</script>", "&lt;b id=gkx&gt;", "{{ 7*7 }}{% raw %}", "<img id=gkx src=x onerror=alert(1)>",
    "javascript:alert(1)", "<style id=gkx>*{display:none}</style>", "&#60;b id=gkx&#62;",
)  # fmt: skip
SIGNS = (
    "\u202e",
    "\u2066",
    "\x1b[31m",
    "\x0b",
    "\x85",
    "\u2028",
    "\ufffe",
    "\ufeff",
    "\U0001f600",
    "\U00020000",
    "很长" * 400,
    "W" * 900,
)


@dataclass
class Page:
    status: int
    text: str
    links: list[str] = field(default_factory=list)


class Archive:
    """Two sites of hostile names whose documents are edited, taken down, moved and withdrawn."""

    def __init__(self, home: Path, seed: int, documents: int = 9) -> None:
        self.chance, self.count = random.Random(seed), 0
        rule = SitePolicy(confirm_checks=1, confirm_days=0)
        self.offices: list[Office] = [
            RichOffice(home, rule, site=SiteRow(key, self.hostile("站"), url))
            for key, url in (("aa", "http://aa.example/"), ("bb", "javascript:alert(1)"))
        ]
        self.paths, self.secrets = self.offices[0].paths, set[str]()
        self.pages: list[dict[str, Disclosure]] = [{}, {}]
        for pages, office in zip(self.pages, self.offices, strict=True):
            pages.update({self.url(office): self.page() for _ in range(documents)})
            office.collect(dict(pages))

    def hostile(self, word: str) -> str:
        self.count += 1
        parts = [f"{word}{self.count}号", self.chance.choice(MARKUP), self.chance.choice(SIGNS)]
        self.chance.shuffle(parts)
        return "".join(parts)

    def url(self, office: Office) -> str:
        self.count += 1
        return f"http://{office.site.key}.example/gongwen/t2026_{self.count}.html?a=1&b=%22{self.chance.choice(('', '<b id=gkx>'))}"

    def page(self) -> Disclosure:
        n, chance = self.count, self.chance
        files = tuple(
            Attachment(
                name=self.hostile("附件"), url=chance.choice((f"http://aa.example/{n}.doc", "javascript:alert(1)")), size=5,
                sha256=f"{chance.randrange(10**9):064x}", text=self.hostile("表"), state=AttachmentState.FETCHED,
            )
            for _ in range(chance.randrange(3))
        )  # fmt: skip
        cited = (Citation(relation=Relation.CITES, title=self.hostile("引"), quote=self.hostile("据")),)
        return replace(
            notice(n, f"密{self.next()}码{self.hostile('正文')}。", title=self.hostile("标题"), attachments=files, citations=cited),
            issuing_body=self.hostile("局"), document_number=self.hostile("号"), index_number=f"LJ/{self.next()}",
            summary=self.hostile("概述"), keywords=(self.hostile("词"), "二"), published_on=None,
        )  # fmt: skip

    def next(self) -> int:
        self.count += 1
        return self.count

    def day(self) -> None:
        chance = self.chance
        for pages, office in zip(self.pages, self.offices, strict=True):
            gone = {}
            for url in chance.sample(sorted(pages), 4):
                act = chance.choice(("edit", "edit", "title", "move", "take"))
                if act == "edit":
                    text = f"密{self.next()}码{self.hostile('正文')}。"
                    pages[url] = replace(pages[url], body_text=text, attachments=self.page().attachments)
                elif act == "title":
                    pages[url] = replace(pages[url], title=self.hostile("标题"), summary=self.hostile("概述"))
                else:
                    page = pages.pop(url)
                    gone[url] = Outcome.GONE
                    if act == "move":
                        pages[self.url(office)] = page
            pages[self.url(office)] = self.page()
            office.now = max(o.now for o in self.offices) - timedelta(days=1) + timedelta(hours=1)
            office.collect({**pages, **gone})
        with self.offices[0].read() as db:
            self.secrets -= self.words(db)  # what the sites say anew

    def withdraw(self) -> None:
        """Take out a version of one document, and all of another."""
        with (
            exclusive(self.paths),
            closing(open_archive(self.paths).conn) as archive,
            closing(open_captures(self.paths).conn) as captures,
        ):
            search.register(archive)
            before = self.words(archive)
            rows = archive.execute(
                "SELECT v.document, number FROM versions v JOIN documents d ON d.id = v.document WHERE merged_into IS NULL"
                " AND v.withdrawn_at IS NULL ORDER BY v.id"
            ).fetchall()
            for document, number in (self.chance.choice(rows), (self.chance.choice(rows)[0], None)):
                withdraw.withdraw(
                    archive, captures, document, number, self.hostile("理由"), now=self.offices[0].now
                )
            self.secrets |= before - self.words(archive)

    @staticmethod
    def words(db: Any) -> set[str]:
        """Numbers of texts, of titles and of whatever else stands in versions that are kept."""
        found = set()
        for table, columns in (
            ("versions", "title, summary, keywords, issuing_body, document_number"),
            ("attachments", "name"),
            ("citations", "title, quote"),
            ("documents", "title, summary"),
        ):
            for row in db.execute(f"SELECT {columns} FROM {table}"):
                found |= set(
                    re.findall(r"(?:标题|概述|词|局|号|附件|引|据)\d+号", " ".join(filter(None, row)))
                )
        from archive.storage import texts

        for (sha256,) in db.execute("SELECT sha256 FROM bodies").fetchall():
            found |= set(re.findall(r"密\d+码|(?:正文|表)\d+号", texts.read(db, sha256) or ""))
        return found

    def ask(self, work: Callable[[Reader], Any]) -> Any:
        """Let a reader work in a Datasette on the archive."""

        async def asked() -> Any:
            datasette = datasette_for(self.paths)
            await datasette.invoke_startup()
            return await work(Reader(datasette))

        return asyncio.run(asked())


class Reader:
    """Reads pages, and says what is wrong with one."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self.read: dict[str, Page] = {}

    async def get(self, path: str) -> Page:
        if path not in self.read:
            answer = await self._datasette.client.get(path)
            page = Page(answer.status_code, answer.text)
            kind = answer.headers["content-type"]
            if "html" in kind and answer.status_code < 300:
                self.judge_html(path, page)
            elif "atom" in kind:
                ET.fromstring(page.text)
            if answer.status_code in (301, 302):
                page.links = [self.local(path, answer.headers["location"])]
            self.read[path] = page
        return self.read[path]

    def judge_html(self, path: str, page: Page) -> None:
        tree = lxml.html.fromstring(page.text)
        assert not tree.xpath("//*[@id='gkx']"), (path, "text became markup")
        assert not tree.xpath("//*[@onerror]"), path
        assert not [
            a
            for a in tree.xpath("//@href | //@src | //@action")
            if a.strip().lower().startswith("javascript:")
        ], path
        assert "Traceback" not in page.text
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f]", page.text), (
            path,
            "control characters",
        )
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)) or path.startswith("/archive"), (path, ids)
        inside = {urlsplit(a).fragment for a in tree.xpath("//a/@href") if a.startswith("#")}
        assert inside <= set(ids), (path, inside)
        page.links = [
            self.local(path, a) for a in tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src")
        ]
        page.links = [a for a in page.links if a]

    @staticmethod
    def local(path: str, link: str) -> str:
        parts = urlsplit(urljoin(f"http://localhost{path}", link.strip()))
        if parts.netloc != "localhost" or parts.scheme != "http":
            return ""
        return parts.path + (f"?{parts.query}" if parts.query else "")

    async def crawl(self, start: str, most: int = 400) -> None:
        """Follow all links: of the program's own pages each, of Datasette's one of each form."""
        waiting, forms = [start], set()
        while waiting and len(self.read) < most:
            path = waiting.pop(0)
            # Datasette takes their keys for text
            if path in self.read or re.match(r"/archive/(seals|search_\w+)/", path):
                continue
            parts = urlsplit(path)
            if parts.path.startswith("/archive"):
                form = (
                    re.sub(r"/\d+$|/[0-9a-f]{64}$", "/N", parts.path),
                    tuple(sorted({k for k, _ in parse_qsl(parts.query)})),
                )
                if form in forms:
                    continue
                forms.add(form)
            page = await self.get(path)
            assert page.status in (200, 301, 302), (path, page.status, page.text[-800:])
            waiting += page.links
