"""The page of one document: what it says of its problems, and of a text that no browser could show."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from archive import problems
from archive.batch import Outcome
from archive.browse.pages import document
from archive.model import Problem, Severity
from archive.record import SiteRow
from archive.store import open_archive
from archive.waits.expectations import SitePolicy
from scheduler.commands.browse import datasette_for
from tests.archive.harness import START, Office, notice, site_of, url

FILES = [url(0).replace(".html", name) for name in ("_1.doc", "_2.doc")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of two documents: one whose files are gone, one with four million characters in a line."""
    office = Office(tmp_path_factory.mktemp("documents") / "data", SitePolicy())
    office.collect({**site_of(1), url(1): replace(notice(1), body_text="罚款一万元。" * 700_000 + "完")})
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
        return {n: (await datasette.client.get(f"/-/gongkai/documents/{n}")).text for n in ("1", "2")}

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
