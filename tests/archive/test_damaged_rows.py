"""A damaged row or text is told, keeps no other document from being collected, and hides no edit once it is restored."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.model import Disclosure
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, url
from tests.archive.rich_office import RichOffice, rich_notice

OF_2 = "(SELECT current_version FROM documents WHERE id = 2)"
DAMAGE = {
    "a row": f"UPDATE versions SET keywords = '[' WHERE id = {OF_2}",
    "a text": "UPDATE bodies SET text = NULL, packed = X'00' WHERE sha256 = (SELECT body_sha256 FROM documents WHERE id = 2)",
    "a text that is lost": "DELETE FROM bodies WHERE sha256 = (SELECT body_sha256 FROM documents WHERE id = 2)",
    "a superseded text": "UPDATE bodies SET packed = X'00' WHERE packed IS NOT NULL",
}


def pages(**texts: str) -> dict[str, Disclosure]:
    return {url(n): rich_notice(n, texts.get(f"p{n}", "罚款5万元。")) for n in range(4)}


def damaged(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda finding: found.append(f"{finding.table} {finding.row}"))
    return found


@pytest.mark.parametrize("revision", ["r1", "r2"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_the_others_go_on_and_its_edit_is_told_after_a_restore(
    tmp_path: Path, damage: str, revision: str
) -> None:
    office = RichOffice(tmp_path / "data", SitePolicy())
    office.collect(pages())
    office.collect(pages(p1="罚款3万元。"))
    whole = tmp_path / "whole.db"
    shutil.copy(office.paths.archive, whole)
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        db.executescript(f"PRAGMA foreign_keys = OFF; {DAMAGE[damage]}")
    told = len(office.feed())
    for text in ("罚款8万元。", "罚款9万元。"):  # the state between is stored as well
        office.collect(pages(p1="罚款4万元。", p2=text), revision=revision)
    current = damage != "a superseded text"
    assert office.feed()[told:].count(("edited", "关于第2号事项的通知")) == 2
    with office.read() as db:
        assert db.execute("SELECT versions FROM documents WHERE id = 3").fetchone()[0] == 3
        noted = db.execute(
            "SELECT document, severity, count FROM problems WHERE code = 'damaged_row'"
        ).fetchall()
    assert [tuple(row) for row in noted] == ([(2, "error", 2)] if current else [])
    assert damaged(office)

    shutil.copy(whole, office.paths.archive)
    for name in ("archive.db-wal", "archive.db-shm"):
        (office.paths.data / name).unlink(missing_ok=True)
    office.collect(pages(p1="罚款4万元。", p2="罚款9万元。"))
    assert office.feed()[told:].count(("edited", "关于第1号事项的通知")) == 1
