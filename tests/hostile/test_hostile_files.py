"""Files that mean harm, read as a collection reads them: in a process with bounds, which they must not exceed."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from crawler.attachments import worker
from crawler.attachments.reader import TextReader
from crawler.attachments.result import MAX_CHARACTERS, AttachmentText, File
from tests.crawler import office_files as make

DEEP = 50_000
BOOK = {
    "[Content_Types].xml": make.CONTENT_TYPES,
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="一" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<R><x Id="r1" Target="worksheets/sheet1.xml"/></R>',
}
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY x SYSTEM "file:///etc/hostname">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)


@pytest.fixture(scope="module")
def reader() -> Iterator[TextReader]:
    with TextReader() as one:
        yield one


def nested(levels: int) -> bytes:
    body = make.zipped({"底.txt": "文字"})
    for _ in range(levels):
        body = make.zipped({"里.zip": body})
    return body


def sheet(rows: str) -> bytes:
    return make.zipped(
        {**BOOK, "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"}
    )


def entities(text: str) -> bytes:
    xml = f'<?xml version="1.0"?>{ENTITIES}<d xmlns="w"><body><p><r><t>{text}</t></r></p></body></d>'
    return make.zipped({"[Content_Types].xml": make.CONTENT_TYPES, "word/document.xml": xml})


def many_pages() -> bytes:
    kids = b"3 0 R " * 100_000
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 100000/Kids["
        + kids
        + b"]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def inflating_pdf() -> bytes:
    packed = zlib.compress(b"BT /F1 12 Tf (a) Tj ET\n" * 20_000_000, 1)
    whole = make.pdf([["甲"]])
    at = whole.index(b"<</Filter", whole.index(b"6 0 obj"))
    return whole[:at] + b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n%%%%EOF" % (
        len(packed),
        packed,
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.zip": (lambda: make.zipped({"a.txt": b"0" * (300 << 20)}), "attachment_partly_read"),
    "many.zip": (lambda: make.zipped({f"{i}.txt": "一" for i in range(5_000)}), "attachment_not_whole"),
    "bombs.zip": (
        lambda: make.zipped({f"{i}.zip": make.zipped({"a.txt": b"0" * (30 << 20)}) for i in range(20)}),
        "attachment_partly_read",
    ),
    "deep.zip": (lambda: nested(30), "attachment_partly_read"),
    "entities.docx": (lambda: entities("&j;"), "attachment_damaged"),
    "outside.docx": (lambda: entities("&x;"), "attachment_empty"),
    "deep.docx": (lambda: make.docx_of("<w:sdt>" * DEEP + "</w:sdt>" * DEEP), "attachment_damaged"),
    "bomb.docx": (lambda: make.docx_of("<w:p/>" * 20_000_000), "attachment_too_large"),
    "million.xlsx": (
        lambda: sheet("".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1_000_000))),
        "attachment_not_whole",
    ),
    "wide.xlsx": (
        lambda: sheet("".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(50_000))),
        "attachment_not_whole",
    ),
    "attributes.docx": (
        lambda: make.docx_of("<w:p " + " ".join(f'a{i}="1"' for i in range(100_000)) + "/>"),
        "attachment_empty",
    ),
    "pages.pdf": (many_pages, "attachment_"),
    "inflating.pdf": (inflating_pdf, "attachment_"),
    "groups.rtf": (lambda: b"{\\rtf1" + b"{" * 1_000_000, "attachment_damaged"),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 500_000, "attachment_too_large"),
    "long.txt": (lambda: "临江市。\n".encode() * 2_000_000, "attachment_not_whole"),
    "noise.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(1 << 20), "attachment_damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_a_problem_and_no_more(name: str, reader: TextReader) -> None:
    build, code = HOSTILE[name]
    got = reader.read(build(), None, name)
    assert got.problem is not None and got.problem.code.startswith(code), got.problem
    assert len(got.text or "") < MAX_CHARACTERS + 500
    assert "root" not in (got.text or "")
    assert reader.read("其后的文件".encode(), None, "a.txt").text == "其后的文件"


def test_memory_is_bounded_by_the_kernel(reader: TextReader) -> None:
    reader.start()
    assert reader._process is not None
    limits = Path(f"/proc/{reader._process.pid}/limits")
    reader.read(b"a", None, "a.txt")
    rows = {line[:25].strip(): line[26:].split() for line in limits.read_text().splitlines()}
    assert rows["Max data size"][0] == str(worker.MEMORY)
    assert rows["Max core file size"][0] == "0"


def test_a_reader_that_hangs_is_killed_and_the_next_file_is_read() -> None:
    with TextReader(longest=0.0) as reader:
        got = reader.read("文字".encode(), None, "a.txt")
        assert got.problem is not None and got.problem.code == "attachment_too_large"
        assert "longer than 0 seconds" in got.problem.message
        reader._longest = 60.0
        assert reader.read("文字".encode(), None, "a.txt").text == "文字"


@pytest.mark.parametrize(
    ("ended_by", "words"), [(signal.SIGXCPU, "30 seconds of processor time"), (signal.SIGSEGV, "broke down")]
)
def test_a_reader_that_dies_is_replaced(
    ended_by: signal.Signals, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TextReader() as reader:
        ask = reader._ask

        def ask_the_dying(stdin: IO[bytes], stdout: IO[bytes], file: File) -> AttachmentText | None:
            assert reader._process is not None
            for one in (signal.SIGSTOP, ended_by, signal.SIGCONT):
                reader._process.send_signal(one)
            return ask(stdin, stdout, file)

        monkeypatch.setattr(reader, "_ask", ask_the_dying)
        got = reader.read("文字".encode(), None, "a.txt")
        assert got.problem is not None and words in got.problem.message
        monkeypatch.undo()
        assert reader.read("文字".encode(), None, "a.txt").text == "文字"


def test_a_file_that_takes_too_much_processor_time_ends_its_process() -> None:
    with TextReader(seconds=1) as reader:
        got = reader.read(b"{\\rtf1 " + b"\\par a" * 4_000_000, None, "a.rtf")
        assert got.problem is not None and "1 seconds of processor time" in got.problem.message
