"""A subscription that is wrong stops its own digests only, and is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import events
from archive.model import ChangeKind
from archive.store import Paths, open_archive
from crawler.yaml_file import ConfigError
from scheduler.alerts.subscriptions import read_subscriptions

SITE = (
    "site: linjiang\nname: 临江市人民政府\nurl: http://linjiang.example/\nplatform: static_list\n"
    "catalogues:\n  - key: zw\n    url: http://linjiang.example/zw/\n"
)
Run = Callable[..., tuple[int, str, str]]
RIGHT = "{key: right, to: right@example.org, schedule: {}}"
WRONG = {
    "an address": ("{key: wrong, to: nobody}", "subscriptions[0].to: "),
    "a schedule": ("{key: wrong, to: a@example.org, schedule: {daily: noon}}", "subscriptions[0].schedule.daily: "),
    "an hour without minutes": ("{key: wrong, to: a@example.org, schedule: {daily: 8}}", "schedule.daily: expected a time of day"),
    "an unknown key": ("{key: wrong, to: a@example.org, language_: zh}", "subscriptions[0].language_: "),
    "no key": ("{to: a@example.org}", "subscriptions[0].key: "),
    "no mapping": ("wrong", "subscriptions[0]: "),
    "a key that is a list": ("{key: [wrong], to: a@example.org}", "subscriptions[0].key: "),
    "a site that there is not": ("{key: wrong, to: a@example.org, sites: [nowhere]}", "subscriptions[0].sites[0]: no site"),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    sites = tmp_path / "config" / "sites"
    sites.mkdir(parents=True)
    (sites / "linjiang.yml").write_text(SITE, "utf-8")
    return tmp_path


@pytest.fixture
def run(home: Path, command: Callable[..., Run]) -> Run:
    return command("--config", str(home / "config"), "--data", str(home / "data"))


def write(home: Path, *entries: str) -> Path:
    file = home / "config" / "subscriptions.yml"
    file.write_text("subscriptions:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    return file


def publish(home: Path) -> None:
    with closing(open_archive(Paths(home / "data"), datetime(2026, 3, 2, tzinfo=UTC)).conn) as db:
        db.execute("INSERT OR IGNORE INTO sites (key, name) VALUES ('linjiang', '临江市人民政府')")
        db.execute(
            "INSERT INTO runs (collection, site, started_at) VALUES ('c', 'linjiang', '2026-03-01T00:00:00Z')"
        )
        run = db.execute("SELECT max(id) FROM runs").fetchone()[0]
        document = db.execute(
            "INSERT INTO documents (site, url, status, title) VALUES ('linjiang', ?, 'present', '关于停水的通知')",
            [f"http://linjiang.example/{run}"],
        ).lastrowid
        events.add_change(db, int(document or 0), "linjiang", run, ChangeKind.ADDED, "2026-03-02T00:30:00Z")
        events.release(db, [db.execute("SELECT max(id) FROM changes").fetchone()[0]])


def test_a_new_subscription_is_told_where_it_begins_and_where_its_mails_lie(home: Path, run: Run) -> None:
    write(home, RIGHT)
    publish(home)
    assert "it is new, and begins at the feed's end" in run("alerts", "preview")[1]
    assert "关于停水的通知" in run("alerts", "preview", "--since-seq", "0")[1]
    (digest,) = json.loads(run("alerts", "preview", "--since-seq", "0", "--json")[1])
    assert (digest["subscription"], "关于停水的通知" in digest["digest"]["text"]) == ("right", True)
    run("alerts", "preview", "right", "--since-seq", "0", "--html", str(home / "mail.html"))
    assert "关于停水的通知</a>" in (home / "mail.html").read_text("utf-8")
    assert run("alerts", "status")[:2] == (0, "Nothing has been sent yet.\n")
    assert "No SMTP server" not in run("alerts", "send")[1]  # nothing was sent yet
    publish(home)
    assert (
        f"No SMTP server is configured: what was sent lies in {home / 'data' / 'outbox'}"
        in run("alerts", "send")[1]
    )
    assert run("alerts", "preview")[1] == "right → right@example.org: nothing to tell\n"


@pytest.mark.parametrize("kind", WRONG)
def test_the_others_are_told(home: Path, run: Run, kind: str) -> None:
    entry, said = WRONG[kind]
    file = write(home, RIGHT)
    publish(home)
    assert run("alerts", "send")[0] == 0  # a new subscription begins at the feed's end
    publish(home)
    write(home, entry, RIGHT)
    status, out, err = run("alerts", "send")
    assert (status, out.splitlines()[0]) == (2, "1 composed, 1 sent, 0 failed, 0 parked")
    assert f"{file}:2: " in err
    assert said in err
    assert "were left out" in err.splitlines()[-1]
    status, out, err = run("alerts", "preview")
    assert (status, "right → right@example.org" in out, said in err) == (0, True, True)


def test_of_two_with_one_key_none_is_believed(home: Path) -> None:
    write(home, "{key: a, to: a@example.org}", RIGHT, "{key: a, to: b@example.org}", "{key: a, to: c}")
    found = read_subscriptions(home / "config")
    assert [s.key for s in found.subscriptions] == ["right"]
    assert [m.line for m in found.mistakes] == [2, 4, 5]
    assert found.wrong_keys == {"a"}


def test_where_nobody_says_which_sites_there_are_none_is_a_wrong_one(home: Path) -> None:
    write(home, "{key: a, to: a@example.org, sites: [qingshan]}")
    (found,) = read_subscriptions(home / "config").subscriptions
    assert found.sites == ("qingshan",)


def test_a_file_of_wrong_ones_only_is_a_refusal(home: Path, run: Run) -> None:
    write(home, "{key: a, to: nobody}")
    publish(home)
    status, out, err = run("alerts", "send")
    assert (status, out) == (2, "")
    assert "subscriptions[0].to" in err


@pytest.mark.parametrize(
    "text", ["subscriptions: 7\n", "subscriptions: []\nothers: 1\n", "- a\n", "subscriptions: [\n"]
)
def test_a_file_that_is_wrong_as_a_whole_is_believed_nothing(home: Path, text: str) -> None:
    (home / "config" / "subscriptions.yml").write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        read_subscriptions(home / "config")
