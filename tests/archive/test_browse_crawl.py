"""Whoever follows the links of an archive of hostile texts finds every page whole, every number true, and nothing withdrawn."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import product
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest

from archive.browse import listing, pages
from archive.store import open_for_reading
from tests.archive.browse_crawl import Archive, Reader

ATOM = "{http://www.w3.org/2005/Atom}"
TOLD = "SELECT feed_seq FROM changes WHERE feed_seq IS NOT NULL AND dropped_at IS NULL AND kind <> 'baseline'"

QUERIES = (
    "AND", "NEAR(a b)", '"', "*", "a:b", "-x", "' OR 1=1", "%", "_", "^", "😀", "𠀀", "\x00", "<b id=gkx>", "\u202e", "很" * 3000,
)  # fmt: skip


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were hundreds of rows."""
    monkeypatch.setattr(pages, "PAGE", 5)
    monkeypatch.setattr(listing, "PAGE", 5)
    monkeypatch.setattr(pages, "FEED_PAGE", 5)


def lived(home: Path, seed: int, documents: int, days: int) -> Archive:
    archive = Archive(home, seed, documents)
    for _ in range(days):
        archive.day()
    archive.withdraw()
    archive.day()
    return archive


async def through(reader: Reader, start: str, following: str, item: str) -> list[str]:
    """What stands on all pages from the first on."""
    found, path = [], start
    while path:
        page = await reader.get(path)
        assert page.status == 200
        tree = lxml.html.fromstring(page.text)
        found += tree.xpath(item)
        on = tree.xpath(f"//main//a[contains(., '{following}')]/@href")
        path = reader.local(path, on[0]) if on else ""
    return found


async def entries(reader: Reader, path: str) -> list[int]:
    """Places in the feed of all entries, from the newest page of the Atom feed to the oldest."""
    found: list[int] = []
    while path:
        tree = ET.fromstring((await reader.get(path)).text)
        found += [int(str(one.text).rpartition(":")[2]) for one in tree.findall(f"{ATOM}entry/{ATOM}id")]
        following = [link.get("href") for link in tree.findall(f"{ATOM}link") if link.get("rel") == "next"]
        path = reader.local(path, str(following[0])) if following else ""
    return found


async def numbers_are_true(reader: Reader, archive: Archive) -> None:
    """Every change and document once, in as many pages as it takes, and counted as the tables count it."""
    db = open_for_reading(archive.paths.archive)
    told = db.execute(TOLD).fetchall()
    rows = await through(reader, "/", "Older", "//ol[@class='gk-changes']/li")
    assert len(rows) == len(told)
    assert sorted(await entries(reader, "/-/gongkai/changes.atom")) == sorted(row[0] for row in told)
    living = [r[0] for r in db.execute("SELECT id FROM documents WHERE merged_into IS NULL")]
    listed = await through(reader, "/-/gongkai/documents", "Next", "//a[@class='gk-title']/@href")
    assert Counter(listed) == Counter(f"/-/gongkai/documents/{n}" for n in living)
    front, kept = reader.read["/"].text, reader.read["/-/gongkai/documents"].text
    versions = db.execute("SELECT count(*) FROM versions").fetchone()[0]
    assert f"2 个网站 sites · {len(living)} 份文件 documents · {versions} 个版本 versions" in front
    assert f"{len(living)} 份文件 documents" in kept
    for column in ("site", "status"):
        counted = db.execute(f"SELECT {column}, count(*) FROM documents WHERE merged_into IS NULL GROUP BY 1")
        for value, count in counted.fetchall():
            page = await reader.get(f"/-/gongkai/documents?{column}={value}")
            assert f">{count} 份文件 documents" in page.text
    db.close()


async def searches_are_true(reader: Reader, archive: Archive) -> None:
    db = open_for_reading(archive.paths.archive)
    wanted = db.execute(
        "SELECT d.id, d.site FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256 WHERE merged_into IS NULL"
        " AND text LIKE '%贯彻执行%'"
    ).fetchall()
    found = await through(
        reader, "/-/gongkai/search?q=" + quote("贯彻执行"), "Next", "//a[@class='gk-title']/@href"
    )
    assert Counter(found) == Counter(f"/-/gongkai/documents/{row[0]}" for row in wanted)
    own = [f"/-/gongkai/documents/{n}" for n, site in wanted if site == "aa"]
    found = await through(
        reader, f"/-/gongkai/search?site=aa&q={quote('贯彻执行')}", "Next", "//a[@class='gk-title']/@href"
    )
    assert Counter(found) == Counter(own)
    db.close()
    for query in QUERIES:
        for path in ("/-/gongkai/search?q=", "/archive/documents?_search="):
            assert (await reader.get(path + quote(query))).status == 200, (path, query)
    for path in (
        "/?before=x",
        "/?kind=nothing",
        "/?site=nowhere",
        "/-/gongkai/documents?year=%00",
        "/?before=99999999999999999",
    ):
        assert (await reader.get(path)).status == 200, path


async def any_two_compare(reader: Reader, archive: Archive) -> None:
    db = open_for_reading(archive.paths.archive)
    rows = db.execute(
        "SELECT id, versions FROM documents WHERE merged_into IS NULL AND versions > 1 LIMIT 6"
    ).fetchall()
    db.close()
    for document, count in rows:
        for old, new in product(range(count + 2), repeat=2):
            path = f"/-/gongkai/documents/{document}/diff?from={old}&to={new}"
            page = await reader.get(path)
            there = all(n in range(1, count + 1) for n in (old, new))
            assert page.status == 200 or not there, path
            if there:
                assert re.search(rf"@{old} \([^)]*\) → @{new} \(", page.text), path
                weighed = "形式 cosmetic" in page.text or "实质 substantive" in page.text
                assert not (weighed and "没有差异" in page.text), (path, "of nothing a weight was told")


async def titles_lead_on(reader: Reader) -> None:
    """In a table of versions a cell of the document is shown by its title, and is a key all the same."""
    for table in ("documents", "versions"):
        page = await reader.get(f"/archive/{table}")
        links = [link for link in page.links if link.startswith("/-/gongkai/documents/")]
        assert links
        for link in links[:10]:
            there = await reader.get(link)
            there = await reader.get(there.links[0]) if there.status == 302 else there
            assert there.status == 200, link


async def all_data(reader: Reader) -> None:
    """Every table as JSON and as CSV, the hidden ones too."""
    tables = json.loads((await reader.get("/archive.json")).text)["tables"]
    for table in tables:
        for form in (".json?_size=max&_shape=array", ".csv?_size=max"):
            assert (await reader.get(f"/archive/{table['name']}{form}")).status == 200


def read_all(home: Path, seed: int, documents: int, days: int, most: int) -> None:
    archive = lived(home, seed, documents, days)

    async def reads(reader: Reader) -> Reader:
        await numbers_are_true(reader, archive)
        await searches_are_true(reader, archive)
        await any_two_compare(reader, archive)
        await titles_lead_on(reader)
        await all_data(reader)
        await reader.crawl("/", most)
        return reader

    reader = archive.ask(reads)
    assert archive.secrets
    assert [(path, s) for path, page in reader.read.items() for s in archive.secrets if s in page.text] == []


def test_a_reader_who_follows_every_link(tmp_path: Path) -> None:
    read_all(tmp_path, 3, 4, 1, 130)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_readers_who_follow_every_link(tmp_path: Path, seed: int) -> None:
    read_all(tmp_path, seed, 9, 3, 3000)
