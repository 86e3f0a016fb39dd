"""Wherever the stream of a collection is cut into batches, the archive that comes out is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.model import Attachment, AttachmentState
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

# Numbers of rows of a batch stand in none of these.
TABLES = (
    "documents", "versions", "version_sources", "bodies", "addresses", "listings", "attachments", "citations",
    "changes", "problems", "observations", "search_state", "search_docsize",
)  # fmt: skip


def office(data: Path, cut: int | None) -> Office:
    """An office after collections in which pages come, change, answer 304, vanish, come back and share a text."""
    made = Office(data, SitePolicy(confirm_checks=2, confirm_days=1))
    file = Attachment(name="附表", url=url(1) + ".pdf", sha256="ab" * 32, state=AttachmentState.FETCHED)
    twin = {url(50): notice(4), url(51): notice(4)}
    collections = (
        site_of(9),
        {**site_of(9), url(0): notice(0, "罚款3万元。"), url(1): notice(1, attachments=(file,)), **twin},
        {**site_of(9), url(2): Outcome.NOT_MODIFIED, url(3): Outcome.GONE, url(4): Outcome.BLOCKED},
        {url(3): Outcome.GONE, url(2): Outcome.NOT_MODIFIED, url(5): Outcome.FAILED, url(0): notice(0)},
        {url(0): notice(0, "罚款3万元。"), url(3): notice(3)},
    )
    for pages in collections:
        made.collect(dict(pages), listed=[url(n) for n in range(9)], cut=cut)
    return made


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_the_cut_of_a_stream_changes_nothing(tmp_path: Path, cut: int) -> None:
    whole, pieces = office(tmp_path / "whole", None), office(tmp_path / "pieces", cut)
    with whole.read() as one, pieces.read() as other:
        for table in TABLES:
            rows = [
                sorted((tuple(r) for r in db.execute(f"SELECT * FROM {table}")), key=repr)
                for db in (one, other)
            ]
            assert rows[0] == rows[1], table
        assert {row[0] for row in one.execute("SELECT kind FROM changes")} >= {
            "baseline", "edited", "attachment", "added", "missing", "removed", "restored",
        }  # fmt: skip
