"""Whether a document's page is asked for only where it has changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.batch import Known, KnownFile
from crawler.plan import Plan
from crawler.platforms.base import ListRow

NOW = datetime(2031, 3, 1, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
MODIFIED = "Sat, 01 Feb 2031 00:00:00 GMT"


def known(n: int, etag: str | None) -> Known:
    return Known(
        document=n, url=f"http://a.example/zw/{n}.html", current=True, status="present", row_hash="a", etag=etag,
        last_modified=MODIFIED, validators_honest=True, last_confirmed_at=YESTERDAY, last_unconditional_at=YESTERDAY,
        extractor_revision="1",
    )  # fmt: skip


def test_what_the_server_said_is_sent_back_once_it_was_seen_to_be_true() -> None:
    one = known(1, '"7f3a"')
    plan = Plan((one,), NOW)
    both = {"If-None-Match": '"7f3a"', "If-Modified-Since": MODIFIED}
    assert plan.conditional_headers(one, None, "1") == both
    assert plan.conditional_headers(one, ListRow(url=one.url, row_hash="a"), "1") == both
    for other, row, revision in (
        (None, None, "1"),
        (replace(one, validators_honest=False), None, "1"),
        (replace(one, has_parts=True), None, "1"),
        (replace(one, last_unconditional_at=NOW - timedelta(days=30)), None, "1"),
        (one, ListRow(url=one.url, row_hash="b"), "1"),
        (one, None, "2"),
    ):
        assert plan.conditional_headers(other, row, revision) == {}


@pytest.mark.parametrize(
    ("tags", "believed"),
    [(['"a"', '"a"', '"a"'], False), (['"a"', '"a"', '"b"'], True), ([None, None, None], True)],
)
def test_an_etag_of_several_documents_is_none(tags: list[str | None], believed: bool) -> None:
    """A proxy's stays when a page is edited: the edits of a month went unnoticed."""
    documents = [known(n, tag) for n, tag in enumerate(tags)]
    assert bool(Plan(tuple(documents), NOW).conditional_headers(documents[0], None, "1")) == believed


def test_several_addresses_of_one_document_have_its_etag() -> None:
    one = known(1, '"a"')
    plan = Plan((one, *(replace(one, url=f"{one.url}?v={n}") for n in range(5))), NOW)
    assert plan.conditional_headers(one, None, "1") != {}


@pytest.mark.parametrize(("hashes", "believed"), [("abc", False), ("aab", True)])
def test_an_etag_of_several_files_is_none(hashes: str, believed: bool) -> None:
    files = tuple(
        KnownFile(
            url=f"http://a.example/f/{n}.doc", sha256=one, extractor_revision="1", etag='"proxy"', validators_honest=True,
            last_unconditional_at=YESTERDAY,
        )
        for n, one in enumerate(hashes)
    )  # fmt: skip
    assert bool(Plan((), NOW, files=files).file_headers(files[0].url)) == believed
