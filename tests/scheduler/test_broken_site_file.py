"""A site file that is wrong stops its own site only, and is named: with file, line and key, and in the exit status."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.daemon import Daemon
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]
_SITE = (
    "site: {key}\nname: 青山市人民政府\nurl: http://qingshan.example/\nplatform: static_list\n"
    "catalogues:\n  - key: zw\n    url: http://qingshan.example/zw/\n"
)
# Content of the file, and what is said of it: the line, the key, the mistake.
WRONG = {
    "no YAML": ("site: qingshan\nname: [青山\nurl: x: y\n", ":3:", "not YAML"),
    "an unknown key": (_SITE.format(key="qingshan") + "    inclde: ['^http']\n", ":8: catalogues[0].inclde:", "did you mean include?"),
    "no pattern": (_SITE.format(key="qingshan") + "    include: ['(']\n", ":8: catalogues[0].include[0]:", "not a regular expression"),
    "another key": (_SITE.format(key="beishan"), ":1: site:", "must be the file's name"),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, office: LoopbackSite) -> Path:
    configure(tmp_path, office)
    return tmp_path


@pytest.fixture
def run(home: Path, command: Callable[..., Run]) -> Run:
    return command("--config", str(home / "config"), "--data", str(home / "data"))


def _write(home: Path, text: str, name: str = "qingshan.yml") -> Path:
    file = home / "config" / "sites" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    "kind",
    [pytest.param(k, marks=() if k in ("no YAML", "another key") else pytest.mark.slow) for k in WRONG],
)
def test_the_other_sites_are_collected(home: Path, run: Run, kind: str) -> None:
    text, where, mistake = WRONG[kind]
    file = _write(home, text)
    status, out, err = run("collect")
    assert status == 2
    assert "linjiang: complete" in out
    assert f"{file}{where}" in err
    assert mistake in err
    assert err.splitlines()[-1].startswith(f"Error: not collected, as its file is wrong: {file}")


def test_a_program_gets_one_report_with_the_mistakes(home: Path, run: Run) -> None:
    file = _write(home, WRONG["an unknown key"][0])
    status, out, _ = run("collect", "--json")
    report = json.loads(out)
    assert (status, [site["outcome"] for site in report["sites"]]) == (2, ["complete"])
    assert [(m["file"], m["line"], m["key"]) for m in report["mistakes"]] == [
        (str(file), 8, "catalogues[0].inclde")
    ]


def test_a_site_that_is_named_needs_no_other_file(home: Path, run: Run) -> None:
    _write(home, WRONG["no YAML"][0])
    status, out, err = run("collect", "linjiang")
    assert (status, err) == (0, "")
    assert "linjiang: complete" in out
    status, out, err = run("collect", "qingshan")
    assert (status, out) == (2, "")
    assert "qingshan.yml:3: not YAML" in err
    assert run("collect", "qingshan", "linjiang")[0] == 2


def test_of_two_files_with_one_key_neither_is_believed(home: Path, run: Run) -> None:
    good = (home / "config" / "sites" / "linjiang.yml").read_text("utf-8")
    _write(home, good.replace("linjiang", "nanhe"), "nanhe.yml")
    _write(home, good.replace("linjiang", "nanhe"), "south/nanhe.yml")
    status, out, err = run("collect")
    assert status == 2
    assert "linjiang: complete" in out
    assert "nanhe:" not in out
    assert "has this key already" in err


def test_no_right_file_is_a_refusal(home: Path, run: Run, office: LoopbackSite) -> None:
    (home / "config" / "sites" / "linjiang.yml").write_text("site: linjiang\n", "utf-8")
    status, out, err = run("collect")
    assert (status, out, office.hits.total()) == (2, "", 0)
    assert "this key is required" in err
    assert not (home / "data").exists()


def test_readers_are_told_what_the_other_sites_published(home: Path, run: Run) -> None:
    (home / "config" / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: editor, to: editor@example.org, sites: [linjiang, qingshan]}\n", "utf-8"
    )
    run("collect")
    _write(home, WRONG["no YAML"][0])
    assert run("alerts", "send")[0] == 0
    assert run("alerts", "preview")[0] == 0


def test_the_daemon_names_the_file_and_keeps_the_others_timetable(
    home: Path, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _write(home, WRONG["an unknown key"][0])
    (home / "config" / "subscriptions.yml").write_text("subscriptions: 7\n", "utf-8")
    scheduled: list[str] = []
    monkeypatch.setattr(Daemon, "run", lambda daemon: scheduled.extend(s.site for s in daemon._sites))
    with caplog.at_level(logging.ERROR):
        status, _, _ = run("schedule")
    assert (status, scheduled) == (0, ["linjiang"])
    assert "qingshan.yml:8: catalogues[0].inclde" in caplog.text
    assert "subscriptions.yml:1: subscriptions: expected a list" in caplog.text


def test_a_timetable_for_cron_is_whole_or_none(home: Path, run: Run) -> None:
    """It replaces the old one: a line that is left out would end a site's collection in silence."""
    _write(home, WRONG["no YAML"][0])
    status, out, err = run("crontab")
    assert (status, out) == (2, "")
    assert "qingshan.yml:3" in err


@pytest.mark.parametrize("name", ["settings.yml", "fields.yml"])
def test_the_daemon_does_not_start_where_every_collection_would_fail(home: Path, run: Run, name: str) -> None:
    (home / "config" / name).write_text("pace: [\n", "utf-8")
    status, _, err = run("schedule")
    assert (status, f"{name}:2: not YAML" in err) == (2, True)


def test_a_log_that_cannot_be_written_is_said_and_stops_nothing(home: Path, run: Run) -> None:
    log = home / "data" / "logs" / "linjiang.log"
    log.mkdir(parents=True)
    status, out, _ = run("collect")
    assert status == 0
    assert "linjiang: complete" in out
    assert f"{log}: no log is written there (Is a directory)" in out


@pytest.mark.parametrize(
    "extra",
    [
        "pace: {daily_budget: 99999999999999999999}",
        "confirm: {days: 99999999999.0}",
        "expect: {minimum: 1000000000000}",
    ],
)
def test_numbers_that_no_site_can_mean_are_named(home: Path, run: Run, extra: str) -> None:
    """A budget beyond 2**64 ended the collection of all sites in a traceback."""
    file = home / "config" / "sites" / "qingshan.yml"
    file.write_text(_SITE.format(key="qingshan") + extra + "\n", "utf-8")
    status, _, err = run("collect", "qingshan")
    assert (status, "qingshan.yml:8: " in err, "must be at most" in err) == (2, True, True)
    assert run("collect", "linjiang", "--budget", "99999999999999999999")[0] == 2
