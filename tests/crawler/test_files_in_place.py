"""What came in a file's place: nothing, an error in a few words, or the file."""

from __future__ import annotations

import pytest

from crawler.attachments.kinds import kind_of
from crawler.extract.linked_files.file_page import may_be_document
from crawler.fetching_files import instead_of_file

ERROR = '{"code":500,"msg":"文件不存在"}'.encode()


@pytest.mark.parametrize(
    ("body", "end", "instead"),
    [
        (b"", "pdf", "an empty answer"),
        (b"\r\n", "", "an empty answer"),
        (ERROR, "pdf", "an error in JSON"),
        (ERROR, "", "an error in JSON"),
        ("文件不存在".encode("gbk"), "doc", "a line of text"),
        ("对不起，您访问的文件不存在".encode(), "", "a line of text"),
        (b"File not found", "xlsx", "a line of text"),
        (ERROR, "json", None),
        ("甲,5".encode(), "csv", None),
        ("各县区：请报送材料。".encode(), "txt", None),
        ("各县区：请报送材料。".encode(), "", None),
        (b"%PDF-1.4 \x00", "pdf", None),
        (b"{\\rtf1\\ansi}", "doc", None),
        ("各县区：请报送材料。".encode() * 40, "doc", None),
    ],
)
def test_what_is_no_file(body: bytes, end: str, instead: str | None) -> None:
    assert instead_of_file(body, kind_of(body, "application/octet-stream", f"a.{end}"), end) == instead


@pytest.mark.parametrize(
    ("body", "is_file"),
    [
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n", True),
        (b"From: <saved>\r\nSubject: x\r\n y\r\nMIME-Version: 1.0\r\n", True),
        (b'<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?><w:wordDocument/>', True),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><body>MIME-Version: 1.0</body></html>', False),
        (b"<html><body><p>MIME-Version: 1.0</p></body></html>", False),
        ("标题：通知\n正文".encode(), False),
    ],
)
def test_what_office_programs_save_is_no_web_page(body: bytes, is_file: bool) -> None:
    assert may_be_document(body, "http://www.linjiang.example/zw/1.doc") == is_file
