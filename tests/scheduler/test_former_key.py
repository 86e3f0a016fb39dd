"""A site file that gets another key: with its former one stated, its history and its readers go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.store import Paths
from crawler.sites import load_sites
from crawler.yaml_file import ConfigError
from scheduler import doctor
from scheduler.doctor import State
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, office: LoopbackSite) -> Path:
    configure(tmp_path, office)
    (tmp_path / "config" / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: editor, to: editor@example.org, sites: [linjiang]}\n", "utf-8"
    )
    return tmp_path


@pytest.fixture
def run(home: Path, command: Callable[..., Run]) -> Run:
    return command("--config", str(home / "config"), "--data", str(home / "data"))


def rename(home: Path, formerly: str) -> None:
    file = home / "config" / "sites" / "linjiang.yml"
    text = file.read_text("utf-8").replace("site: linjiang", f"site: lj\n{formerly}")
    file.unlink()
    file.with_name("lj.yml").write_text(text, "utf-8")


def said(home: Path) -> list[tuple[State, str]]:
    found = doctor.examine(Paths(home / "data"), home / "config", now=datetime.now(UTC))
    return [
        (f.state, f.message + f.advice) for f in found if f.check == "configuration" and "lj" in f.message
    ]


def test_history_and_readers_go_on(home: Path, run: Run, office: LoopbackSite) -> None:
    run("collect")
    run("alerts", "send")  # a new subscription begins at the present end of the feed
    first, second = sorted(office.pages)
    office.pages[first] = "罚款77万元。"
    run(
        "collect", "--full"
    )  # what it finds is told after the key has changed, and before a collection under it
    rename(home, "formerly: [linjiang]")
    assert run("sites", "check")[0] == 0
    ((state, message),) = said(home)
    assert (state, "lj takes it over when it is collected" in message) == (State.OK, True)
    assert "edited 1\n" in run("alerts", "preview")[1]
    office.pages[second] = "罚款88万元。"
    status, out, _ = run("collect", "--full")
    assert (status, "lj: complete" in out, "edited 1" in out, "baseline" in out) == (0, True, True, False)
    assert said(home) == []
    assert "formerly linjiang" in run("status")[1]
    assert "edited 2\n" in run("alerts", "preview")[1]
    assert run("verify")[0] == 0


def test_two_histories_stay_two_and_are_named(home: Path, run: Run) -> None:
    (home / "config" / "subscriptions.yml").unlink()
    run("collect")
    rename(home, "formerly: []")
    ((state, message),) = said(home)
    assert (state, "write `formerly: [linjiang]`" in message) == (State.WARNING, True)
    run("collect")  # without the advice: a history begins anew
    ((state, message),) = said(home)
    assert (state, "restore a backup" in message) == (State.WARNING, True)
    file = home / "config" / "sites" / "lj.yml"
    file.write_text(file.read_text("utf-8").replace("formerly: []", "formerly: [linjiang]"), "utf-8")
    assert said(home)[0][0] is State.ERROR
    status, out, _ = run("collect")
    assert (status, "histories cannot be joined" in out) == (1, True)


@pytest.mark.parametrize(
    ("formerly", "other", "said"),
    [
        ("[linjiang]", "site: linjiang", "linjiang.yml has this key"),
        ("[lj]", None, "lj.yml has this key"),
        ("[old, old]", None, "this one's twice"),
        ("[old]", "site: linjiang\nformerly: [old]", "another file's `formerly`"),
        ("[Old]", None, "formerly[0]"),
    ],
)
def test_a_key_that_is_still_in_use_is_no_former_one(
    home: Path, formerly: str, other: str | None, said: str
) -> None:
    file = home / "config" / "sites" / "linjiang.yml"
    text = file.read_text("utf-8")
    rename(home, f"formerly: {formerly}")
    if other:
        file.write_text(text.replace("site: linjiang", other), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_sites(home / "config")
    assert any(said in str(m) and m.file.name == "lj.yml" and m.line == 2 for m in caught.value.mistakes), (
        caught.value
    )
