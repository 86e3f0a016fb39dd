"""Attached files over loopback: found, named, read, compared and searched; and what must not look like a change."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import here
from tests.crawler import office_files as make
from tests.fake_sites.editable import LoopbackSite, collect, configure

PAGE = "/zw/t20260101_0.html"
OCTETS = {"Content-Type": "application/octet-stream"}
ROWS = [["序号", "单位", "数量"], ["1", "城东街道", "46"]]


def rows(home: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        return db.execute(sql).fetchall()


def run(command: list[str], *words: str) -> str:
    done = here.gongkai(*here.of(command), *words)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def files(home: Path) -> dict[str, tuple]:
    found = rows(
        home,
        "SELECT a.name, a.state, a.media_type, b.text FROM attachments a JOIN documents d ON d.current_version = a.version"
        " LEFT JOIN bodies b ON b.sha256 = a.text_sha256 ORDER BY position",
    )
    return {row[0]: row[1:] for row in found}


def named(disposition: str) -> dict[str, str]:
    """Headers of a server that knows nothing of media types."""
    return {"Content-Type": "text/html", "Content-Disposition": disposition}


def plan(*figures: str) -> bytes:
    return make.docx(
        ["老旧小区改造任务分工表", *(f"改造任务共{f}个小区，由住房和城乡建设局牵头落实。" for f in figures)]
    )


@pytest.fixture
def office(site) -> LoopbackSite:
    one = site(1)
    one.pages = {PAGE: '见附件。</p><p>附件：<a href="/files/plan.docx">改造任务分工表</a>'}
    one.answers["/files/plan.docx"] = (200, OCTETS, plan("46"))
    return one


def test_files_are_found_named_and_read_wherever_they_are_linked(tmp_path: Path, site) -> None:
    office = site(1)
    other = f"http://localhost:{office.server.server_port}"
    office.pages = {
        PAGE: (
            "见附件。</p>"
            f'<p>附件1：<a href="{quote("/files/表 一.xlsx".encode("gbk"))}">收入/支出表</a></p>'
            '<p>附件2：<a href="/download?id=12">下载</a></p>'
            '<p><a href="/module/download/downfile.jsp?classid=0&amp;filename=0123456789abcdef0123456789abcdef.pdf">点击下载</a></p>'
            '<p><a href="/file/77">附件3.改造方案</a></p>'
            '<p><iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2Fscan.pdf"></iframe></p>'
            f'<p><a href="{other}/files/elsewhere.txt">附件5：别处的说明</a></p>'
            '<p><a href="/zw/annex.html">附件6：网页</a><a href="/annex/9">附件7：也是网页</a>'
        )
    }
    notice = ["临江市人民政府办公室", "关于印发改造方案的通知"]
    web_page = f"<html><body><h1>网页</h1><p>{'这是一个网页，不是文件。' * 30}</p></body></html>"
    gbk = "附件2：名单.doc".encode("gbk").decode("latin-1")
    office.answers |= {
        quote("/files/表 一.xlsx".encode("gbk")): (200, OCTETS, make.xlsx({"表一": ROWS})),
        "/download?id=12": (200, named(f'attachment; filename="../{gbk}"'), (make.FILES / "plan.doc").read_bytes()),
        "/module/download/downfile.jsp?classid=0&filename=0123456789abcdef0123456789abcdef.pdf": (
            200, named(f"attachment; filename*=UTF-8''{quote('通知.pdf')}"), make.pdf([notice]),
        ),
        "/file/77": (200, {"Content-Type": "application/ofd"}, make.ofd([[(20, 30, "版式文件的文字")]])),
        "/files/scan.pdf": (200, {"Content-Type": "application/pdf"}, make.pdf([], image=b"\x10" * 8)),
        "/files/elsewhere.txt": (200, {"Content-Type": "text/plain"}, "别处的文字".encode()),
        "/annex/9": (200, {"Content-Type": "text/html"}, web_page.encode()),
    }  # fmt: skip
    command = configure(tmp_path, office, allow=f'127.0.0.0/8", "localhost:{office.server.server_port}')
    status, report = collect(command)
    assert (status, report["outcome"], report["baseline"]) == (0, "complete", 1)
    got = files(tmp_path)
    assert got["收入／支出表"][2] == "序号\t单位\t数量\n1\t城东街道\t46"
    assert got["附件2：名单.doc"][:2] == ("fetched", "application/msword")
    assert got["通知.pdf"] == ("fetched", "application/pdf", "\n".join(notice))
    assert got["附件3.改造方案"] == ("fetched", "application/ofd", "版式文件的文字")
    assert got["scan.pdf"] == ("fetched", "application/pdf", None)
    assert got["附件5：别处的说明"] == ("not_fetched", "text/plain", None)
    assert got["附件7：也是网页"] == ("not_fetched", None, None)
    assert len(got) == 7
    problems = {row[0] for row in rows(tmp_path, "SELECT code FROM problems")}
    assert {"attachment_is_scan", "attachment_elsewhere", "attachment_is_page"} <= problems
    file = tmp_path / "config" / "sites" / "linjiang.yml"
    file.write_text(file.read_text() + "attachment_hosts: [localhost]\n")
    report = collect(command)[1]
    assert files(tmp_path)["附件5：别处的说明"] == ("fetched", "text/plain", "别处的文字")
    # What is learned is no change.
    assert (report["unchanged"], report["attachment"], report["edited"]) == (1, 0, 0)
    for words in ("版式文件", "也是网页", "老旧小区改造实施方案", "城东街道"):
        assert [hit["document"] for hit in json.loads(run(command, "search", words, "--json"))] == [1], words


def test_a_replaced_file_is_a_change_and_shows_what_differs(tmp_path: Path, office: LoopbackSite) -> None:
    command = configure(tmp_path, office)
    office.no_hotlinks = {"/files/plan.docx"}
    collect(command)
    office.answers["/files/plan.docx"] = (200, OCTETS, plan("32"))
    report = collect(command)[1]
    assert (report["attachment"], report["edited"], report["unchanged"]) == (1, 0, 0)
    change = json.loads(run(command, "changes", "--json"))[-1]
    assert (change["kind"], change["significance"]) == ("attachment", "substantive")
    assert change["reasons"] == ["attachment_replaced: 改造任务分工表", "figures_changed: 46 → 32"]
    text = run(command, "diff", "#1")
    assert "附件被替换 attachment replaced: 改造任务分工表" in text
    assert "改造任务共[-46-]{+32+}个小区" in text
    assert "改造任务共<del>46</del><ins>32</ins>个小区" in run(command, "diff", "#1", "--format", "html")
    (file,) = json.loads(run(command, "diff", "#1", "--format", "json"))["attachments"]
    assert [pair for pair in file["text"] if pair[0] != "equal"] == [["delete", "46"], ["insert", "32"]]
    assert "32" in run(command, "search", "任务共32个")
    assert "Nothing found" in run(command, "search", "任务共46个")


def test_other_bytes_with_the_same_text_are_cosmetic(tmp_path: Path, office: LoopbackSite) -> None:
    command = configure(tmp_path, office)
    collect(command)
    text = [["老旧小区改造任务分工表"], ["改造任务共46个小区，由住房和城乡建设局牵头落实。"]]
    office.answers["/files/plan.docx"] = (200, OCTETS, make.pdf(text))
    assert collect(command)[1]["attachment"] == 1
    change = json.loads(run(command, "changes", "--json"))[-1]
    assert (change["significance"], change["reasons"]) == (
        "cosmetic",
        ["attachment_same_text: 改造任务分工表"],
    )


def test_files_that_cannot_be_had_keep_what_is_known_of_them(tmp_path: Path, office: LoopbackSite) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    page = "<html><head><title>提示</title></head><body><h1>对不起，您访问的页面不存在</h1><a href='/'>返回首页</a></body></html>"
    login = f"<html><body><form>用户登录</form><p>{'请登录后继续访问本系统。' * 20}</p></body></html>"
    broken = [
        (404, html, page.encode()), (500, {}, b""), (200, html, page.encode()), (302, {"Location": "/"}, b""),
        (200, html, b"<html><script>var _0x1=['a'];document.cookie='x'</script></html>"), (200, OCTETS, login.encode()),
        (200, {**OCTETS, "Content-Length": "90000"}, b"PK\x03\x04 cut short"), (200, OCTETS, b""),
        (200, OCTETS, '{"code":500,"msg":"文件不存在"}'.encode()), (200, OCTETS, b"File not found"),
    ]  # fmt: skip
    office.answers["/"] = (200, html, "<html><body>首页</body></html>".encode())
    office.pages[PAGE] += "".join(f'<a href="/files/{n}.docx">附件{n}：方案</a>' for n in range(len(broken)))
    whole = {f"/files/{n}.docx": (200, OCTETS, plan(str(n))) for n in range(len(broken))}
    office.answers |= whole
    command = configure(tmp_path, office)
    collect(command)
    before = {name: file[2] for name, file in files(tmp_path).items()}
    assert len(before) == 11 and all(before.values())
    office.answers |= dict(zip(whole, broken, strict=True))
    report = collect(command)[1]
    assert (report["attachment"], report["edited"], report["unchanged"]) == (0, 0, 1)
    assert {name: file[2] for name, file in files(tmp_path).items()} == before
    gone = rows(tmp_path, "SELECT DISTINCT url FROM problems WHERE code = 'attachment_gone' ORDER BY 1")
    assert [url.rpartition("/")[2] for (url,) in gone] == [f"{n}.docx" for n in (0, 2, 3, 5, 7, 8, 9)]
    office.answers |= whole
    assert collect(command)[1]["unchanged"] == 1
    assert len(rows(tmp_path, "SELECT 1 FROM versions")) == 1


def test_honest_validators_save_the_files_and_lying_ones_hide_nothing(
    tmp_path: Path, office: LoopbackSite
) -> None:
    command = configure(tmp_path, office)
    honest = {**OCTETS, "ETag": '"a"'}
    office.answers["/files/plan.docx"] = (200, honest, plan("46"))
    for expected in (0, 0, 1, 2):  # their honesty is established by the second collection
        report = collect(command)[1]
        assert office.not_modified == expected
    assert (report["unchanged"], report["not_modified"]) == (1, 1)
    assert "46" in (files(tmp_path)["改造任务分工表"][2] or "")
    office.answers["/files/plan.docx"] = (200, {**OCTETS, "ETag": '"b"'}, plan("32"))
    assert collect(command)[1]["attachment"] == 1
    # From here on the server changes the file under one ETag. It was believed, until the monthly unconditional look.
    office.answers["/files/plan.docx"] = (200, {**OCTETS, "ETag": '"b"'}, plan("33"))
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db, db:
        db.execute("UPDATE files SET last_unconditional_at = '2020-01-01T00:00:00Z'")
    assert collect(command)[1]["attachment"] == 1
    for figure in ("34", "35"):
        office.answers["/files/plan.docx"] = (200, {**OCTETS, "ETag": '"b"'}, plan(figure))
        assert collect(command)[1]["attachment"] == 1


def test_validators_that_lie_from_the_first_day_hide_nothing(tmp_path: Path, office: LoopbackSite) -> None:
    command = configure(tmp_path, office)
    first, second, third = plan("46"), plan("32"), plan("33")
    for body in (first, second, third, third, first):
        office.answers["/files/plan.docx"] = (200, {**OCTETS, "ETag": '"a"'}, body)
        collect(command)
    assert office.not_modified == 0
    assert len(rows(tmp_path, "SELECT 1 FROM versions")) == 4


def test_hostile_files_cost_problems_and_nothing_else(tmp_path: Path, office: LoopbackSite) -> None:
    hostile = {
        "bomb.zip": make.zipped({"a.txt": b"0" * (100 << 20)}),
        "half.pdf": make.pdf([["甲"]])[:200],
        "noise.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 100,
        "deep.html.doc": b"<html><body>" + b"<div>" * 100_000 + b"x",
    }
    links = "".join(f'<a href="/files/{name}">附件 {name}</a>' for name in hostile)
    office.pages[PAGE] += links
    office.answers |= {f"/files/{name}": (200, OCTETS, body) for name, body in hostile.items()}
    status, report = collect(configure(tmp_path, office))
    assert (status, report["outcome"], report["baseline"]) == (0, "complete", 1)
    assert "46" in (files(tmp_path)["改造任务分工表"][2] or "")
    codes = {row[0] for row in rows(tmp_path, "SELECT code FROM problems WHERE document = 1")}
    assert {"attachment_partly_read", "attachment_damaged"} <= codes


def test_a_file_that_moved_and_cannot_be_had_is_no_change(tmp_path: Path, office: LoopbackSite) -> None:
    command = configure(tmp_path, office)
    collect(command)
    office.pages[PAGE] = office.pages[PAGE].replace("/files/", "/new/")
    report = collect(command)[1]
    assert (report["attachment"], report["edited"], report["unchanged"]) == (0, 0, 1)
    office.answers["/new/plan.docx"] = (200, OCTETS, plan("32"))
    assert collect(command)[1]["attachment"] == 1
