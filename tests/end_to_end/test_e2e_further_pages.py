"""A text that its site serves in three parts is one document: collected, compared, proved and read again as a whole."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import here
from tests.fake_sites.editable import FIELDS, LoopbackSite, collect, configure

PLAN = "/zw/t20260101_0.html"
HTML = {"Content-Type": "text/html; charset=utf-8", "ETag": '"always the same"'}


class Office:
    """A loopback site with two notices, of which one is a plan of three pages."""

    def __init__(self, home: Path) -> None:
        self.home, self.site = home, LoopbackSite(2)
        self.command = configure(home, self.site)
        self.texts = [
            "第一章 总体要求：投资3亿元。",
            "第二章 主要任务：投资5亿元。",
            "第三章 保障措施：投资7亿元。",
        ]
        self.publish()

    def publish(self) -> None:
        for number, text in enumerate(self.texts):
            markup = (
                "<html><head><title>综合交通规划-临江市</title></head><body><table><tr><th>索引号：</th><td>LJ/2026-0</td>"
                "<th>发布机构：</th><td>临江市人民政府</td></tr><tr><th>名称：</th><td>临江市综合交通规划</td><th>发布日期：</th>"
                f"<td>2026-01-05</td></tr></table><div id='zoom'><p>{text}</p><p>{'各单位应当认真贯彻执行。' * 9}{number}</p></div>"
                f"<script>createPageHTML({len(self.texts)}, {number}, 't20260101_0', 'html');</script></body></html>"
            )
            self.site.answers[self.part(number)] = (200, HTML, markup.encode())

    def part(self, number: int) -> str:
        return PLAN.replace(".html", f"_{number}.html") if number else PLAN

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.home / "data" / "archive.db")) as db:
            return db.execute(sql).fetchall()

    def body(self) -> str:
        return self.run("show", self.site.base + PLAN)

    def run(self, *words: str, status: int = 0) -> str:
        done = here.gongkai(*here.of(self.command), *words)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.site.server.shutdown()


def test_an_edit_on_the_third_page_is_an_edit_of_the_document(office: Office) -> None:
    status, report = collect(office.command)
    assert (status, report["baseline"], report["scheduled"]) == (0, 2, 5)
    assert all(text in office.body() for text in office.texts)
    assert office.rows("SELECT count(*) FROM documents") == [(2,)]

    # The first page is asked for in full: the others may differ.
    assert collect(office.command)[1]["edited"] == 0
    office.texts[2] = "第三章 保障措施：投资9亿元。"
    office.publish()
    status, report = collect(office.command)
    assert (status, report["edited"], report["unchanged"]) == (0, 1, 1)
    assert "投资[-7-]{+9+}亿元" in office.run("diff", office.site.base + PLAN)

    proof = office.home / "proof"
    office.run("proof", f"{office.site.base}{PLAN}@2", str(proof))
    assert len(list(proof.glob("captures/*-part.html"))) == 2
    subprocess.run(["python3", "-I", "verify.py"], cwd=proof, check=True, capture_output=True)
    office.run("verify")


@pytest.mark.parametrize(
    ("status", "outcome"), [(503, "failed"), pytest.param(403, "blocked", marks=pytest.mark.slow)]
)
def test_half_a_text_is_no_edit(office: Office, status: int, outcome: str) -> None:
    collect(office.command)
    office.site.answers[office.part(1)] = (status, {"Content-Type": "text/html"}, b"<h1>Error</h1>")
    got, report = collect(office.command)
    assert (got, report["edited"], report[outcome]) == (1, 0, 2)  # the page, and the document with it
    assert all(text in office.body() for text in office.texts)
    office.publish()
    assert collect(office.command)[1]["edited"] == 0


def test_a_part_that_stays_gone_is_an_edit_and_said(office: Office) -> None:
    collect(office.command)
    del office.site.answers[office.part(2)]
    assert collect(office.command)[1]["edited"] == 0  # one look at which a page is away proves nothing
    assert office.texts[2] in office.body()
    assert collect(office.command)[1]["edited"] == 1
    assert office.texts[2] not in office.body()
    assert office.rows("SELECT count(*) FROM problems WHERE code = 'further_page_gone'") == [(1,)]


def test_reading_again_reads_all_parts(office: Office) -> None:
    fields = office.home / "config" / "fields.yml"
    text = FIELDS.read_text()
    label = "index_number: [索引号, 索取号,"
    fields.write_text(text.replace(label, "index_number: [索取号,"))
    collect(office.command)
    fields.write_text(text)
    report = json.loads(office.run("reparse", "--json"))
    assert set(report["fields"]) == {"index_number"}
    assert not report["unread"]
    office.run("reparse", "--apply")
    assert all(text in office.body() for text in office.texts)
    assert collect(office.command)[1]["edited"] == 0


def test_a_budget_that_ends_in_the_middle_of_a_text_leaves_it_for_another_day(office: Office) -> None:
    report = collect(office.command, "--budget", "4")[1]
    assert report["skipped"] >= 2, report
    assert office.rows(f"SELECT count(*) FROM documents WHERE url LIKE '%{PLAN}'") == [(0,)]
    status, report = collect(office.command)
    assert status == 0, report
    assert all(text in office.body() for text in office.texts)


def test_a_text_whose_further_page_is_gone_for_good_is_read_again_and_its_edits_are_told(
    office: Office,
) -> None:
    for number in (1, 2):
        del office.site.answers[office.part(number)]
    fields = office.home / "config" / "fields.yml"
    text = FIELDS.read_text()
    label = "index_number: [索引号, 索取号,"
    fields.write_text(text.replace(label, "index_number: [索取号,"))
    collect(office.command)
    fields.write_text(text)
    report = json.loads(office.run("reparse", "--json"))
    assert (report["versions"], report["unread"]) == (2, {})
    office.texts[0] = "第一章 总体要求：投资4亿元。"
    office.publish()
    for number in (1, 2):
        del office.site.answers[office.part(number)]
    assert collect(office.command)[1]["edited"] == 1


def test_pages_that_are_fetched_for_the_first_time_after_an_update_complete_the_text_silently(
    office: Office,
) -> None:
    fields = office.home / "config" / "fields.yml"
    text = FIELDS.read_text()
    for number in (1, 2):
        del office.site.answers[office.part(number)]
    fields.write_text(text.replace("index_number: [索引号, 索取号,", "index_number: [索取号,"))
    collect(office.command)
    fields.write_text(text)
    office.publish()
    assert collect(office.command)[1]["edited"] == 0
    assert all(part in office.body() for part in office.texts)
