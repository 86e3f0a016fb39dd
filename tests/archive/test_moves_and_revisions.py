"""A document that moves while the extractor changes: the parser's change is not the government's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.model import Attachment, Disclosure, Extraction, PageKind
from archive.reparse import StoredPage
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

LINE = "\n（联系电话：0571-88001234）"


class Newer:
    """Reads a line more than the extractor before it."""

    def revision(self, site: str) -> str:
        return "r2"

    def read(self, page: StoredPage) -> Extraction:
        number = int(page.url.rpartition("_")[2].removesuffix(".html"))
        return Extraction(url=page.url, kind=PageKind.DOCUMENT, disclosure=more(notice(number)))

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        return None


def more(record: Disclosure) -> Disclosure:
    return replace(record, body_text=f"{record.body_text}{LINE}")


@pytest.mark.parametrize("extractor", [Newer(), None])
def test_what_only_a_newer_extractor_reads_is_no_edit(tmp_path: Path, extractor: Newer | None) -> None:
    office = Office(tmp_path, SitePolicy(), extractor)
    office.collect(site_of(12))
    rest: dict[str, Disclosure | Outcome] = {url(n): more(notice(n)) for n in range(1, 12)}
    office.collect({**rest, url(0): Outcome.GONE, url(50): more(notice(0))}, revision="r2")
    assert [kind for kind, _ in office.feed()] == ["moved"]
    with office.read() as db:
        text, versions = db.execute(
            "SELECT b.text, d.versions FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256 WHERE d.id = 1"
        ).fetchone()
        assert db.execute("SELECT count(*) FROM search_state WHERE body_sha256 IS NULL").fetchone()[0] == 0
    # Without the extractor the old answer cannot be read again: what it said is kept, and the newer reading follows.
    assert (LINE in text, versions) == (True, 1 if extractor else 2)


def test_a_figure_altered_on_the_way_is_an_edit_all_the_same(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy(), Newer())
    office.collect(site_of(12))
    rest: dict[str, Disclosure | Outcome] = {url(n): more(notice(n)) for n in range(1, 12)}
    office.collect({**rest, url(0): Outcome.GONE, url(50): more(notice(0, "罚款3万元。"))}, revision="r2")
    assert [kind for kind, _ in office.feed()] == ["moved", "edited"]
    with office.read() as db:
        reasons = db.execute("SELECT reasons FROM changes WHERE kind = 'edited'").fetchone()[0]
    assert "figures_changed" in reasons
    assert "text_added" not in reasons


@pytest.mark.parametrize("dropped", [True, False])
def test_documents_whose_old_host_is_dead_have_moved(tmp_path: Path, dropped: bool) -> None:
    """Nothing is ever learned of the old addresses: after a week the news was told as new, with its ghost beside it."""
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    dead: dict[str, Disclosure | Outcome] = {url(n): Outcome.FAILED for n in range(12)}
    there = {url(n).replace("linjiang.", "www.linjiang."): notice(n) for n in range(12)}
    for _ in range(6):
        office.collect({**dead, **there}, listed=[*there, *([] if dropped else dead)])
    assert office.feed() == []
    for _ in range(4):
        office.collect({**dead, **there}, listed=[*there, *([] if dropped else dead)])
    assert [kind for kind, _ in office.feed()] == ["moved" if dropped else "added"] * 12
