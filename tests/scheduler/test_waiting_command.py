"""``gongkai waiting``: what was seen and is not told yet, why, and what never was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.events import Wait
from archive.waits.expectations import SitePolicy
from scheduler.commands.waiting import WAIT_WORDS
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """
    Of 20 notices two are gone in a collection that saw half of the site, and one has lost its text. One of the two is
    back in the next, in which another has lost its values; and a run that saw half of the site goes on.
    """
    office = Office(tmp_path_factory.mktemp("waiting") / "data", SitePolicy())
    pages = site_of(20)
    office.collect(pages)
    emptied = replace(notice(3), body_text=None)
    office.collect({**pages, url(1): Outcome.GONE, url(2): Outcome.GONE, url(3): emptied}, complete=False)
    office.collect({**pages, url(2): Outcome.GONE, url(3): emptied, url(4): notice(4, index_number=None)})
    return office


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command("--data", str(office.paths.data))


def test_what_waits_is_named_with_what_it_waits_for(run: Run) -> None:
    status, out, _ = run("waiting")
    lines = out.splitlines()
    assert status == 0
    edited = next(n for n, line in enumerate(lines) if " edited " in line)
    assert "#5@2 关于第4号事项的通知  (linjiang)" in lines[edited]
    assert "待著录项恢复 waits for quiet days: values are away" in "\n".join(lines[edited : edited + 5])
    assert "网页失去了正文 page_emptied  #4 关于第3号事项的通知" in out
    assert "#2 " not in out  # is back, and was never told


def test_what_was_never_told_is_named_with_when_that_was_decided(run: Run) -> None:
    _, out, _ = run("waiting", "--dropped")
    assert "暂不可见 missing  #2 关于第1号事项的通知" in out
    assert "未告知 never told, since 2026-03-04 08:00" in out
    told = json.loads(run("changes", "--json")[1])
    assert not [change for change in told if change["document"] == 2 and change["kind"] != "baseline"]


def test_json_is_for_programs(run: Run) -> None:
    _, out, _ = run("waiting", "--json")
    found = json.loads(out)
    assert [(c["document"], c["waits_for"]) for c in found["changes"]] == [(5, "emptied")]
    assert [(p["document"], p["code"], p["looks"]) for p in found["pages"]] == [(4, "page_emptied", 2)]


def test_a_limit_says_what_it_leaves_out(office: Office, command: Callable[..., Run], tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    pages = site_of(20)
    office.collect(pages)
    office.collect({**pages, **{url(n): Outcome.GONE for n in range(3)}}, complete=False)
    run = command("--data", str(office.paths.data))
    out = run("waiting", "--limit", "1")[1]
    assert out.count("待走完目录 waits for a walk of its catalogue to the end") == 1
    assert out.splitlines()[-1] == "… and 2 more: --limit 3"
    assert run("waiting", "--dropped")[:2] == (0, "Nothing was dropped.\n")
    status, _, err = run("waiting", "--site", "linjang")
    assert (status, "did you mean linjiang?" in err) == (2, True)


def test_held_changes_say_which_run_holds_them(command: Callable[..., Run], tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(40))
    office.collect({url(n): notice(n, index_number=None, text="新版。") for n in range(40)})
    out = command("--data", str(office.paths.data))("waiting", "--limit", "1")[1]
    assert "待人工决定 waits for a person" in out
    assert "held by run 2: `gongkai runs show 2`" in out


def test_each_wait_has_words_and_is_explained() -> None:
    explained = (ROOT / "docs/what-waits.md").read_text()
    assert set(WAIT_WORDS) == set(Wait)
    assert [wait for wait in Wait if f"| `{wait}` |" not in explained] == []
