"""Whoever can make everything anew cannot put it under a head of the ledger that came before: `gongkai verify` names it."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import CaptureBody
from archive.captures import CaptureStore, NewCapture
from archive.ledger import headers_sha256
from archive.rewrite import rewrite
from archive.rows import load_disclosure
from archive.search import index_documents
from archive.store import Transaction, open_archive, open_captures
from archive.verify import Damage, verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import SITE, Office, site_of, url


def damages_of(office: Office) -> list[Damage]:
    found: list[Damage] = []
    verify(office.paths, tell=found.append)
    return found


@pytest.mark.parametrize(
    ("laid", "named"), [("its answer", "version_sources"), ("its answer and an observation", "stretches")]
)
def test_a_version_forged_with_its_answer_is_in_no_head(tmp_path: Path, laid: str, named: str) -> None:
    """Fields, text, fingerprint, keys, hashes and seals are made anew, as whoever knows the code can."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(12))
    paths, at = office.paths, office.now
    body = "罚款9万元。".encode()
    sha = hashlib.sha256(body).hexdigest()
    forged = CaptureBody(sha256=sha, body=body, wire_sha256=sha, wire_length=9, status=200, headers=())
    with closing(open_captures(paths).conn) as db, Transaction(db):
        (key,) = CaptureStore(db).add_many([NewCapture(SITE.key, url(7), at, forged)])
    with closing(open_archive(paths).conn) as db, Transaction(db):
        version = db.execute("SELECT current_version FROM documents WHERE url = ?", [url(7)]).fetchone()[0]
        old = load_disclosure(db, version)
        rewrite(db, version, replace(old, body_text=body.decode()), (), "r1")
        index_documents(db, [8])
        db.execute(
            "UPDATE version_sources SET sha256 = ?, capture = ? WHERE version = ?", [sha, key, version]
        )
        if "observation" in laid:
            db.execute(
                "INSERT INTO stretches (place, outcome, status, capture, first_at, last_at, count, body_sha256, headers_sha256)"
                " SELECT id, 'ok', 200, ?, ?, ?, 1, ?, ? FROM places WHERE url = ?",
                [
                    bytes.fromhex(key), int(at.timestamp()), int(at.timestamp()), bytes.fromhex(sha),
                    bytes.fromhex(headers_sha256(())), url(7),
                ],
            )  # fmt: skip
    (damage,) = damages_of(office)
    assert (damage.table, damage.url) == (named, url(7))
    assert "the ledger does not know it" in damage.what
