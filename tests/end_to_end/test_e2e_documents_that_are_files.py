"""Documents that are files: rows of a catalogue that lead to a PDF or a Word file, not to a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawler import office_files as make
from tests.end_to_end.test_e2e_attachments import OCTETS, files, rows, run
from tests.fake_sites.editable import LoopbackSite, collect, configure

REPORT = "/zw/P020260102345.pdf"
PDF = {"Content-Type": "application/pdf"}
KINDS = {
    "b.docx": make.docx(["临江市财政局", "关于下达资金的通知"]),
    "b.rtf": rb"{\rtf1\ansi\ansicpg936 \u20020 1}",
    "download?id=7": make.xlsx({"表": [["序号", "金额"], ["1", "46"]]}),
    "scan.jpg": b"\xff\xd8\xff\xe0" + b"\x00" * 60,
}


def report(figure: str) -> bytes:
    return make.pdf([["2025年政府信息公开工作年度报告", f"全年受理申请{figure}件。"]])


@pytest.fixture
def office(site) -> LoopbackSite:
    one = site(1)
    one.pages[REPORT] = ""
    one.answers[REPORT] = (200, {**PDF, "ETag": '"a"'}, report("12"))
    return one


def test_a_file_is_the_document_that_its_row_names(tmp_path: Path, office: LoopbackSite) -> None:
    command = configure(tmp_path, office)
    status, told = collect(command)
    assert (status, told["outcome"], told["baseline"], told["failed"]) == (0, "complete", 2, 0)
    assert office.hits[REPORT] == 1  # the file is not asked for once more as its own attachment
    (got,) = rows(tmp_path, "SELECT title, published_on FROM documents WHERE url LIKE '%.pdf'")
    assert got == ("关于0234事项的通知公告", "2026-01-05")
    text = "2025年政府信息公开工作年度报告\n全年受理申请12件。"
    assert files(tmp_path)["关于0234事项的通知公告"] == ("fetched", "application/pdf", text)
    assert json.loads(run(command, "search", "受理申请12件", "--json"))
    assert "all clean" in run(command, "verify")

    before = files(tmp_path)
    book = tmp_path / "config" / "fields.yml"
    book.write_text(book.read_text("utf-8") + "\n# another revision\n", "utf-8")
    run(command, "reparse", "--apply")
    assert files(tmp_path) == before
    assert collect(command)[1]["unchanged"] == 2

    office.answers[REPORT] = (200, {**PDF, "ETag": '"b"'}, report("32"))
    told = collect(command)[1]
    assert (told["attachment"], told["edited"], told["unchanged"]) == (1, 0, 1)
    change = json.loads(run(command, "changes", "--json"))[-1]
    assert change["reasons"] == ["attachment_replaced: 关于0234事项的通知公告", "figures_changed: 12 → 32"]

    # An image in a page's place may be a captcha; a page in the file's place is what it says.
    page = next(iter(office.pages))
    office.answers[page] = (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n" + b"\x00" * 60)
    office.answers[REPORT] = (200, {"Content-Type": "text/html"}, "<h1>您访问的页面不存在</h1>".encode())
    told = collect(command)[1]
    assert (told["edited"], told["attachment"], told["removed"], told["failed"]) == (0, 0, 1, 1)


def test_files_of_other_kinds(tmp_path: Path, site) -> None:
    office = site(0)
    for name, body in KINDS.items():
        office.pages[f"/zw/{name}"] = ""
        office.answers[f"/zw/{name}"] = (200, OCTETS, body)
    title = "临江市人民政府关于表彰先进集体的决定"
    scan = f"<title>{title}</title><h1>{title}</h1><div id=zoom><img src='/zw/scan.jpg'><img src='/att/2.jpg'></div>"
    office.pages["/zw/t20260105_9.html"] = ""
    office.answers["/zw/t20260105_9.html"] = (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        scan.encode(),
    )
    office.answers["/att/2.jpg"] = (200, OCTETS, KINDS["scan.jpg"] + b"2")
    command = configure(tmp_path, office)
    assert collect(command)[1]["baseline"] == len(KINDS) + 1
    assert rows(tmp_path, "SELECT count(*) FROM attachments WHERE state = 'fetched'") == [(len(KINDS) + 2,)]

    office.answers["/att/2.jpg"] = (200, OCTETS, KINDS["scan.jpg"] + b"3")
    told = collect(command)[1]
    assert (told["attachment"], told["edited"]) == (1, 0)
    change = json.loads(run(command, "changes", "--json"))[-1]
    assert (change["significance"], change["reasons"]) == ("substantive", ["attachment_replaced: 2.jpg"])
