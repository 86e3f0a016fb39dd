"""What comes of asking for a document's files: names, kinds, damaged ones, and pages in a file's place."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.batch import CaptureBody, Fetch, Found, Outcome, Role
from archive.model import Attachment, AttachmentState, Disclosure, Extraction, PageKind, Problem, Severity
from crawler.answers import Answer
from crawler.attachments.result import AttachmentText
from crawler.extract.fields import FieldBook
from crawler.fetching_files import MOST_FILES, PendingFiles
from tests.crawler import office_files as make

BOOK = FieldBook.load(Path("config/fields.yml"))
URL = "http://www.linjiang.example/zw/202603/t20260301_1.html"
HOST = "http://www.linjiang.example"
AT = datetime(2026, 3, 1, tzinfo=UTC)


def pending(*files: Attachment, hosts: frozenset[str] = frozenset()) -> PendingFiles:
    extraction = Extraction(
        url=URL, kind=PageKind.DOCUMENT, disclosure=Disclosure(title="通知", attachments=files)
    )
    found = Found(url=URL, extraction=extraction, extractor_revision="r", sources=(), at=AT)
    return PendingFiles(found, hosts)


def answer(url: str, body: bytes = b"", outcome: Outcome = Outcome.OK, **more: object) -> Answer:
    sha = hashlib.sha256(body).hexdigest()
    capture = CaptureBody(
        sha256=sha, body=body, wire_sha256=sha, wire_length=len(body), status=200, headers=()
    )
    fetch = Fetch(
        url=url,
        role=Role.ATTACHMENT,
        outcome=outcome,
        at=AT,
        capture=capture if outcome is Outcome.OK else None,
    )
    return Answer(fetch, body, **more)  # type: ignore[arg-type]


def one(files: PendingFiles) -> Attachment:
    assert files.found is not None and files.found.extraction.disclosure is not None
    return files.found.extraction.disclosure.attachments[0]


def codes(files: PendingFiles) -> list[str]:
    assert files.found is not None
    return [problem.code for problem in files.found.extraction.problems]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0a1b.pdf", "决定书.pdf"),
        ("附件2", "决定书.pdf"),
        ("附件", "决定书.pdf"),
        ("附件2：决定书", "附件2：决定书"),
    ],
)
def test_a_servers_name_is_better_than_none(name: str, expected: str) -> None:
    files = pending(Attachment(name=name, url=f"{HOST}/d.jsp?filename=0a1b.pdf"))
    header = f"attachment; filename*=UTF-8''{quote('决定书.pdf')}"
    text = AttachmentText(text="处罚决定", media_type="application/pdf")
    files.take(0, answer(f"{HOST}/d.jsp", make.pdf([["处罚决定"]]), disposition=header, text=text))
    got = one(files)
    assert (got.name, got.state, got.media_type, got.text) == (
        expected,
        AttachmentState.FETCHED,
        "application/pdf",
        "处罚决定",
    )


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ("0" * 64, AttachmentState.FAILED),  # a sound one was had: it is no other file
        (None, AttachmentState.FETCHED),  # all that there is of it
        (hashlib.sha256(b"%PDF-1.4 cut").hexdigest(), AttachmentState.FETCHED),  # it is what it was
    ],
)
def test_a_file_that_came_damaged_is_no_edit(known: str | None, state: AttachmentState) -> None:
    problem = Problem(code="attachment_damaged", message="the file is damaged", severity=Severity.WARNING)
    files = pending(Attachment(name="附表", url=f"{HOST}/a.pdf"))
    text = AttachmentText(text=None, media_type="application/pdf", problem=problem)
    fetch = files.take(0, answer(f"{HOST}/a.pdf", b"%PDF-1.4 cut", text=text), known)
    assert one(files).state is state
    assert (fetch.outcome is Outcome.FAILED) == (state is AttachmentState.FAILED)
    assert "attachment_damaged" in {p.code for p in files.found.extraction.problems}  # type: ignore[union-attr]


SAVED = b"<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><p>x</p></body></html>"
EXPORTED = b"<html><body><TABLE><tr><td>1</td></tr></TABLE></body></html>"
LOGIN = b"<html><body><form><table><tr><td>login</td></tr></table></form></body></html>"


@pytest.mark.parametrize(
    ("name", "body", "state", "outcome"),
    [
        ("a.doc", SAVED, AttachmentState.FETCHED, Outcome.OK),
        ("a.xls", EXPORTED, AttachmentState.FETCHED, Outcome.OK),
        ("a.xls", LOGIN, AttachmentState.FAILED, Outcome.SOFT_404),
        ("a.doc", b"<html><body><p>error</p></body></html>", AttachmentState.FAILED, Outcome.SOFT_404),
        ("a.pdf", EXPORTED, AttachmentState.FAILED, Outcome.SOFT_404),
        ("a.docx", SAVED, AttachmentState.FAILED, Outcome.SOFT_404),
        ("download?id=1", EXPORTED, AttachmentState.NOT_FETCHED, Outcome.OK),
    ],
)
def test_a_page_in_a_files_place(name: str, body: bytes, state: AttachmentState, outcome: Outcome) -> None:
    files = pending(Attachment(name="附件1：表", url=f"{HOST}/{name}"))
    fetch = files.take(0, answer(f"{HOST}/{name}", body))
    assert (one(files).state, fetch.outcome) == (state, outcome)
    assert (fetch.capture is None) == (state is not AttachmentState.FETCHED)


@pytest.mark.parametrize(
    ("name", "body", "media_type", "state"),
    [
        ("a.doc", b"<html><body><p>x</p></body></html>", "application/msword", AttachmentState.FETCHED),
        ("a.doc", LOGIN, "application/msword", AttachmentState.FAILED),
        ("a.doc", b"<html><body><p>x</p></body></html>", "text/html", AttachmentState.FAILED),
        (
            "a.xls",
            "单位\t数量\n城东\t46\n".encode("gbk"),
            "application/vnd.ms-excel",
            AttachmentState.FETCHED,
        ),
        ("a.xls", "单位,数量\n城东,46\n".encode("gbk"), "text/html", AttachmentState.FETCHED),
        ("a.xls", b"File not found\n", "text/html", AttachmentState.FAILED),
        ("a.xls", b"404, not found\nnginx\n", "text/html", AttachmentState.FAILED),
        ("a.xls", "请与管理员联系".encode(), "text/html", AttachmentState.FAILED),
    ],
)
def test_a_file_that_looks_like_an_error(
    name: str, body: bytes, media_type: str, state: AttachmentState
) -> None:
    files = pending(Attachment(name="附件1：表", url=f"{HOST}/{name}"))
    files.take(0, answer(f"{HOST}/{name}", body, content_type=media_type))
    assert one(files).state is state


@pytest.mark.parametrize(
    ("served", "body", "state"),
    [
        ("data.json", b'{"code":500}', AttachmentState.FETCHED),
        ("a.xlsx", "请与管理员联系".encode(), AttachmentState.FAILED),
    ],
)
def test_what_may_be_a_file_is_told_by_the_name_under_which_it_is_served(
    served: str, body: bytes, state: AttachmentState
) -> None:
    files = pending(Attachment(name="附件", url=f"{HOST}/d.jsp?id=1"))
    files.take(0, answer(f"{HOST}/d.jsp?id=1", body, disposition=f'attachment; filename="{served}"'))
    assert one(files).state is state


def test_files_elsewhere_and_too_many_files_are_said_to_be_left_out() -> None:
    elsewhere = Attachment(name="附件", url="http://files.example.org/a.pdf")
    assert pending(elsewhere).wanted == []
    found = pending(elsewhere).found
    assert found is not None and [p.code for p in found.extraction.problems] == ["attachment_elsewhere"]
    assert len(pending(elsewhere, hosts=frozenset({"files.example.org"})).wanted) == 1
    assert len(pending(Attachment(name="附件", url="http://other.linjiang.example/a.pdf")).wanted) == 0
    many = [Attachment(name=f"附件{n}", url=f"{HOST}/{n}.pdf") for n in range(MOST_FILES + 5)]
    files = pending(*many)
    assert len(files.wanted) == MOST_FILES
    for index, file in files.wanted:
        files.take(index, answer(file.url, outcome=Outcome.SKIPPED))
    assert codes(files) == ["attachment_too_many"]


@pytest.mark.parametrize(
    ("address", "code", "outcome"),
    [("a.pdf", "attachment_gone", Outcome.SOFT_404), ("show?id=1", "attachment_is_page", Outcome.OK)],
)
def test_a_page_in_a_files_place_is_said_and_is_none(address: str, code: str, outcome: Outcome) -> None:
    files = pending(Attachment(name="附件", url=f"{HOST}/{address}"))
    fetch = files.take(
        0, answer(f"{HOST}/{address}", b"<html><body>1</body></html>", content_type="text/html")
    )
    assert (fetch.outcome, fetch.capture, codes(files)) == (outcome, None, [code])


def test_a_file_that_is_not_read_is_of_the_type_that_its_server_says() -> None:
    files = pending(Attachment(name="附件.ppt", url=f"{HOST}/a.ppt"))
    body = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    files.take(0, answer(f"{HOST}/a.ppt", body, content_type="application/vnd.ms-powerpoint; charset=x"))
    assert (one(files).state, one(files).media_type) == (
        AttachmentState.FETCHED,
        "application/vnd.ms-powerpoint",
    )


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.NOT_MODIFIED, AttachmentState.NOT_FETCHED),
        (Outcome.SKIPPED, AttachmentState.NOT_FETCHED),
        (Outcome.ROBOTS, AttachmentState.NOT_FETCHED),
        (Outcome.FAILED, AttachmentState.FAILED),
        (Outcome.REFUSED, AttachmentState.FAILED),
        (Outcome.GONE, AttachmentState.FAILED),
    ],
)
def test_files_that_were_not_obtained(outcome: Outcome, state: AttachmentState) -> None:
    files = pending(Attachment(name="附件", url=f"{HOST}/a.pdf"))
    files.take(0, answer(f"{HOST}/a.pdf", outcome=outcome))
    assert one(files).state is state
