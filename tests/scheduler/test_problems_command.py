"""``gongkai problems``: what could not be read or contradicts itself, by kind and one by one; and where each is explained."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.model import Problem, Severity
from archive.waits.expectations import SitePolicy
from archive.words import PROBLEM_WORDS
from tests.archive.harness import Office, notice, url

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
DRIVES_A_TERMINAL = "published_on: no date in '\x1b[31m第3天'"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """30 notices, each with a date that is not to be read and two issuers; a week later a page without a text."""
    office = Office(tmp_path_factory.mktemp("problems") / "data", SitePolicy())
    office.problems = (
        Problem(code="unreadable_date", message=DRIVES_A_TERMINAL, severity=Severity.WARNING),
        Problem(code="conflicting_issuing_body", message="two bodies", severity=Severity.INFO),
    )
    office.collect({url(n): notice(n) for n in range(30)})
    office.problems = (Problem(code="mojibake", message="no character set", severity=Severity.ERROR),)
    for _ in range(7):
        office.collect({url(n): notice(n) for n in range(1)}, full=False)
    return office


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command("--data", str(office.paths.data))


def test_kinds_are_counted_the_loudest_first(run: Run) -> None:
    status, out, _ = run("problems")
    lines = [re.sub(r" {2,}", " ", line) for line in out.splitlines()]
    assert status == 0
    assert [line.split()[:2] for line in lines[1:-1]] == [
        ["error", "mojibake"],
        ["warning", "unreadable_date"],
        ["info", "conflicting_issuing_body"],
    ]
    assert (
        "warning unreadable_date 日期无法辨认 30 problems 30 documents 1 site last 2026-03-02 08:00" in lines
    )
    assert "conflicting_issuing_body 发布机构有不同的值 30 problems" in lines[3]


def test_those_of_a_kind_are_named_the_last_first_and_the_rest_is_counted(run: Run) -> None:
    status, out, _ = run("problems", "unreadable_date", "--limit", "2")
    assert status == 0
    assert out.count("published_on: no date in") == 2
    assert "\x1b" not in out
    assert "linjiang  #30  published_on" in out
    assert f"    {url(29)}" in out.splitlines()
    assert out.splitlines()[-1] == "… and 28 more: --limit 30"


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("--severity error", ["mojibake"]),
        ("--since 2026-03-05", ["mojibake"]),
        ("--site linjiang --severity info", ["conflicting_issuing_body"]),
        ("--severity info --since 2026-03-05", []),
    ],
)
def test_kinds_are_chosen_by_site_severity_and_time(run: Run, words: str, codes: list[str]) -> None:
    status, out, _ = run("problems", "--json", *words.split())
    assert status == 0
    assert [row["code"] for row in json.loads(out)] == codes


def test_json_names_document_address_and_times(run: Run) -> None:
    _, out, _ = run("problems", "mojibake", "--json")
    (row,) = json.loads(out)
    assert (row["document"], row["url"], row["count"], row["words"]) == (1, url(0), 7, "文字为乱码，未采用")
    assert (row["first_at"][:10], row["last_at"][:10]) == ("2026-03-03", "2026-03-09")


def test_those_of_a_document_are_of_all_kinds_and_said_beside_it(run: Run) -> None:
    _, out, _ = run("problems", "--doc", "#1", "--json")
    assert [row["code"] for row in json.loads(out)] == [
        "mojibake",
        "conflicting_issuing_body",
        "unreadable_date",
    ]
    assert [row["code"] for row in json.loads(run("problems", "mojibake", "--doc", "#2", "--json")[1])] == []
    _, out, _ = run("show", "#2")
    assert (
        "存疑 problems: 日期无法辨认 unreadable_date、发布机构有不同的值 conflicting_issuing_body;"
        " `gongkai problems --doc '#2'` says what"
    ) in out
    assert json.loads(run("show", "#2", "--json")[1])["problems"] == [
        "unreadable_date",
        "conflicting_issuing_body",
    ]
    status, _, err = run("problems", "--doc", "#99")
    assert (status, "no such document" in err) == (2, True)


def test_a_code_that_is_none_is_a_slip_and_one_that_was_not_seen_is_not(run: Run) -> None:
    status, out, err = run("problems", "unreadable_dates")
    assert (status, out) == (2, "")
    assert "did you mean unreadable_date" in err
    assert run("problems", "no_text")[:2] == (0, "No problems.\n")
    assert run("problems", "conflicting_title")[:2] == (0, "No problems.\n")


def test_each_kind_is_explained_for_whoever_has_to_act() -> None:
    explained = "".join((ROOT / "docs" / name).read_text() for name in ("problems.md", "attachments.md"))
    assert sorted(code for code in PROBLEM_WORDS if f"`{code}`" not in explained) == []
