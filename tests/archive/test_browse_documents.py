"""The page of one document: what it says of its problems, and of a text that no browser could show."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive import feed, problems
from archive.batch import Outcome
from archive.browse.pages import document
from archive.model import Attachment, AttachmentState, Problem, Severity
from archive.record import SiteRow
from archive.store import open_archive
from archive.waits.expectations import SitePolicy
from scheduler.commands.browse import datasette_for
from tests.archive.harness import START, Office, notice, site_of, url

FILES = [url(0).replace(".html", name) for name in ("_1.doc", "_2.doc")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Pages of documents: one whose files are gone, one with four million characters in a line, one with files."""
    office = Office(tmp_path_factory.mktemp("documents") / "data", SitePolicy())
    long = replace(notice(1), body_text="罚款一万元。" * 700_000 + "完")
    texts = {"分工表.xlsx": "东城\t46\n西城\t<b>32</b>", "名册.csv": "张三\n" * 120_000, "照片.png": None}
    files = tuple(
        Attachment(
            name=name, url=f"{url(2)}/{n}", sha256=f"{n:064x}", text=text, state=AttachmentState.FETCHED
        )
        for n, (name, text) in enumerate(texts.items())
    )
    listed = Attachment(name="图纸.dwg", url=f"{url(2)}/9")
    cited = notice(
        2, attachments=(*files, listed), document_number="临政办发〔2026〕2号", published_on=date(2026, 3, 1)
    )
    office.collect({**site_of(1), url(1): long, url(2): cited})
    db = open_archive(office.paths).conn
    gone = [
        Problem(code="attachment_gone", message="the page links to it, and it is gone", severity=Severity.WARNING, url=u)
        for u in (*FILES, url(0))
    ]  # fmt: skip
    problems.note(db, "linjiang", 1, gone, 1, START)
    db.commit()
    db.close()

    async def ask() -> dict[str, str]:
        datasette = datasette_for(office.paths)
        await datasette.invoke_startup()
        return {n: (await datasette.client.get(f"/-/gongkai/documents/{n}")).text for n in ("1", "2", "3")}

    return asyncio.run(ask())


def test_a_problem_of_a_file_names_the_file(pages: dict[str, str]) -> None:
    section = pages["1"].partition('id="problems"')[2].partition("</section>")[0]
    assert [section.count(file) for file in FILES] == [1, 1]
    assert section.count('<li>附件打不开 <span lang="en">the page links to it, and it is gone</span>') == 3
    assert f"{url(0)}<" not in section  # the page itself is named above


def test_a_text_that_no_browser_can_show_is_cut_and_says_so(pages: dict[str, str]) -> None:
    assert len(pages["2"]) < 1_000_000
    assert "of 4,200,001 characters" in pages["2"]
    assert "gongkai show &#39;#2@1&#39;" in pages["2"]
    assert "characters" not in pages["1"]


def test_a_document_page_holds_the_texts_of_its_files_as_far_as_a_browser_can_show_them(
    pages: dict[str, str],
) -> None:
    """They were to be seen in comparisons alone: whoever had found a word in a file could not read it."""
    table, roster, picture, listed = (
        pages["3"].partition('id="files"')[2].partition("</section>")[0].split("<li>")[1:]
    )
    assert "文字 Text · 18 字 characters" in table
    assert "<p>东城\t46</p><p>西城\t&lt;b&gt;32&lt;/b&gt;</p>" in table
    assert "Shown are the first 299,982 of 360,000 characters" in roster
    assert "未读取到文字" in picture
    assert "未取得" in listed
    assert [part.count("<details>") for part in (table, roster, picture, listed)] == [1, 1, 0, 0]


def test_a_version_can_be_cited(pages: dict[str, str]) -> None:
    section = pages["3"].partition('id="cite"')[2].partition("</section>")[0]
    with_number = "临江市人民政府：《关于第2号事项的通知》（临政办发〔2026〕2号），2026-03-01 发布，" + url(2)
    assert with_number in section
    seen = re.search(r"存档版本 @1（北京时间 (\S+ \S+) 至 \1 所见）", section)
    assert seen
    assert f"seen {seen[1]} to {seen[1]} (UTC+8)" in section
    assert section.count("http://localhost/-/gongkai/documents/3?version=1") == 2
    assert "published" not in pages["1"].partition('id="cite"')[2]  # it names no day


def test_one_text_on_several_sites_is_said_so_and_a_text_of_three_letters_is_not_one(tmp_path: Path) -> None:
    """见附件。 made fifty documents of others "also published" ones; one that was taken down there passed as published."""
    office = Office(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))
    short = {url(n): replace(notice(n), body_text="见附件。") for n in (3, 4)}
    office.collect({url(1): notice(1), **short})
    office.site = SiteRow("jiangbei", "江北省人民政府")
    city = {
        address.replace("linjiang", "jiangbei"): page
        for address, page in ({url(1): notice(1)} | short).items()
    }
    office.collect(city)
    office.collect(city | {url(1).replace("linjiang", "jiangbei"): Outcome.GONE}, listed=list(city)[1:])
    with office.read() as db:
        also = [
            [(row["site"], row["title"], row["status"]) for row in (document(db, n, None) or {})["also"]]
            for n in (1, 2)
        ]
    assert also == [
        [("江北省人民政府", notice(1).title, "removed")],
        [("江北省人民政府", notice(3).title, "present")],
    ]


def test_a_version_that_is_not_believed_yet_says_so(tmp_path: Path) -> None:
    """An edit that is held was the newest version of its page like any other: whoever cited it was told nothing of the doubt."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(40))
    held = office.collect({url(n): notice(n, f"第{n}号新文。") for n in range(40)})
    assert held.outcome == "held"

    async def ask() -> list[str]:
        datasette = datasette_for(office.paths)
        await datasette.invoke_startup()
        paths = ("1", "1?version=1", "1/diff")
        return [(await datasette.client.get(f"/-/gongkai/documents/{path}")).text for path in paths]

    waits = [page.count("尚待核实") for page in asyncio.run(ask())]
    with closing(open_archive(office.paths).conn) as db:
        feed.accept_run(db, held.run, at=office.now)
    accepted = [page.count("尚待核实") for page in asyncio.run(ask())]
    assert (waits, accepted) == ([2, 1, 1], [0, 0, 0])


def test_a_table_as_csv_can_be_opened_in_a_spreadsheet(tmp_path: Path) -> None:
    """Excel showed 关于 as å…³äºŽ, and ran what an office had written as a title."""
    office = Office(tmp_path / "data", SitePolicy())
    titles = ['=HYPERLINK("http://x")', '引"号,\n换行', "＋" + "长" * 200_000]
    office.collect({url(n): notice(n, title=title) for n, title in enumerate(titles)})

    async def ask() -> list[bytes]:
        datasette = datasette_for(office.paths)
        await datasette.invoke_startup()
        ways = ("_size=max", "_stream=on&_dl=1", "_nl=on", "_size=2")
        return [
            (await datasette.client.get(f"/archive/documents.csv?_sort=id&{way}")).content for way in ways
        ]

    tables = asyncio.run(ask())
    usual = csv.field_size_limit(1 << 20)
    for table in tables:
        assert table.startswith(b"\xef\xbb\xbfid,site,")
        assert table.count(b"\xef\xbb\xbf") == 1
        rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
        assert [row["title"] for row in rows] == [f"'{titles[0]}", titles[1], f"'{titles[2]}"][: len(rows)]
        assert len(rows) >= 2
    csv.field_size_limit(usual)


def test_a_mistake_in_the_address_of_a_table_is_answered_as_it_is(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(1))

    async def ask() -> bytes:
        datasette = datasette_for(office.paths)
        await datasette.invoke_startup()
        return bytes((await datasette.client.get("/archive/nothing.csv")).content)

    assert asyncio.run(ask()).lstrip().startswith(b"<!DOCTYPE html>")
