"""What is said of sites that nothing collects any more, that fail for days, and that are known to be broken."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from archive.record import SiteRow
from archive.store import open_archive, open_for_reading
from archive.waits.expectations import SitePolicy
from crawler.sites import load_site
from scheduler import heartbeat
from scheduler.doctor import Finding, State, examine
from scheduler.neglected import failing, last_begun, overdue
from tests.archive.harness import Office, notice, site_of, url
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]
CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime.now(UTC)
TOMORROW = f"{NOW + timedelta(days=2):%Y-%m-%d}"
FILE = """\
site: linjiang
name: 临江市人民政府
url: http://linjiang.example/
platform: static_list
catalogues: [{key: zw, url: "http://linjiang.example/zw/"}]
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Collected completely today."""
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "sites" / "linjiang.yml").write_text(FILE)
    for name in ("fields.yml", "regions.yml"):
        shutil.copy(CONFIG / name, tmp_path / "config")
    office = Office(tmp_path / "data", SitePolicy())
    office.now = NOW - timedelta(days=1, minutes=5)  # collecting moves it on by a day
    office.collect(site_of(1))
    return office


@pytest.fixture
def run(tmp_path: Path, office: Office, command: Callable[..., Run]) -> Run:
    return command("--config", str(tmp_path / "config"), "--data", str(office.paths.data))


def say(office: Office, line: str) -> None:
    """Into the site file."""
    file = office.paths.data.parent / "config" / "sites" / "linjiang.yml"
    file.write_text(FILE + line + "\n")


def back_dated(office: Office, days: int) -> None:
    """The archive as it is so many days after its last collection."""
    with closing(open_archive(office.paths).conn) as db:
        db.execute(
            "UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', started_at, ?)", [f"-{days} days"]
        )
        db.execute(
            "UPDATE sites SET last_complete_at = strftime('%Y-%m-%dT%H:%M:%SZ', last_complete_at, ?)", [f"-{days} days"]
        )  # fmt: skip


def findings(office: Office) -> list[Finding]:
    return [
        f for f in examine(office.paths, office.paths.data.parent / "config", now=NOW) if f.check == "sites"
    ]


def test_a_site_is_overdue_a_day_after_its_slot_passed_without_a_collection(tmp_path: Path) -> None:
    path = tmp_path / "linjiang.yml"
    path.write_text(FILE + 'schedule: {daily: "07:30"}\n')
    site = load_site(path)
    collected = datetime(2031, 3, 1, 23, 31, tzinfo=UTC)  # 07:31 on the second in Shanghai
    for hours, late in ((23, False), (47, False), (49, True)):
        found = overdue([site], {"linjiang": collected}, collected + timedelta(hours=hours))
        assert (found == {"linjiang": datetime(2031, 3, 2, 23, 30, tzinfo=UTC)}) is late
    assert (
        overdue([site], {}, collected) == {}
    )  # never collected: nobody knows since when it should have been
    off = site.model_copy(update={"enabled": False})
    assert overdue([off], {"linjiang": collected}, collected + timedelta(days=9)) == {}
    path.write_text(FILE + 'schedule: {cron: "0 3 1 1 *"}\n')  # once a year
    assert overdue([load_site(path)], {"linjiang": collected}, collected + timedelta(days=99)) == {}


def test_sites_that_nothing_collects_any_more_are_told(office: Office, run: Run) -> None:
    """Cron had stopped, and for ever after `status` said "complete" and ended with 0."""
    assert run("status")[0] == 0
    assert [f.state for f in findings(office)] == [State.OK]
    back_dated(office, 5)
    status, out, _ = run("status")
    assert (status, "not collected since" in out) == (1, True)
    assert json.loads(run("status", "--json")[1])["sites"][0]["due_since"] < f"{NOW:%Y-%m-%dT%H}"
    (finding,) = findings(office)
    assert (finding.state, "linjiang (due " in finding.message) == (State.ERROR, True)
    say(office, "enabled: false")  # collected when a person wants it
    assert run("status")[0] == 0


def test_a_clock_that_was_ahead_hides_no_silence_and_alarms_nobody(office: Office, run: Run) -> None:
    """It was right by the next collection, or right after the last. For a year nobody heard that cron had stopped."""
    back_dated(office, 1)
    office.now = NOW + timedelta(days=364)
    office.collect(site_of(1))
    assert run("status")[0] == 0
    clock = [f for f in examine(office.paths, office.paths.data, now=NOW) if f.check == "clock"]
    assert [f.state for f in clock] == [State.ERROR]  # as it is at the newest observation
    back_dated(office, 0)
    office.now = NOW - timedelta(days=1, minutes=5)
    office.collect(site_of(1))
    assert run("status")[0] == 0
    (clock,) = (f for f in examine(office.paths, office.paths.data, now=NOW) if f.check == "clock")
    assert (clock.state, "that of run 2 said" in clock.message) == (State.WARNING, True)
    with closing(open_archive(office.paths).conn) as db:
        db.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00Z' WHERE id <> 2")
    assert run("status")[0] == 1
    with closing(open_archive(office.paths).conn) as db:
        db.execute("UPDATE runs SET started_at = '9999-01-01T00:00:00Z'")
    assert run("status")[0] == 1


@pytest.mark.parametrize(("ahead", "silent"), [(0, False), (0.01, False), (1, True), (365 * 24, True)])
def test_a_scheduler_that_died_while_the_clock_was_ahead_is_missed(
    tmp_path: Path, ahead: float, silent: bool
) -> None:
    heartbeat.beat(tmp_path, NOW)
    os.utime(heartbeat.file_of(tmp_path), ((NOW + timedelta(hours=ahead)).timestamp(),) * 2)
    assert bool(heartbeat.silence(tmp_path, NOW)) is silent


def test_the_doctor_names_sites_that_fail_and_is_alarmed_after_three_days(office: Office) -> None:
    office.now = NOW - timedelta(days=1, minutes=3)
    office.collect(site_of(1), complete=False)
    (finding,) = findings(office)
    assert (finding.state, "linjiang: the last collection is partial" in finding.message) == (
        State.WARNING,
        True,
    )
    assert "runs show 2" in finding.advice
    with closing(open_archive(office.paths).conn) as db:
        db.execute("UPDATE sites SET last_complete_at = ?", [f"{NOW - timedelta(days=4):%Y-%m-%dT%H:%M:%SZ}"])
    assert [f.state for f in findings(office)] == [State.ERROR]
    with closing(open_for_reading(office.paths.archive)) as db:
        assert [(f.site, f.outcome) for f in failing(db)] == [("linjiang", "partial")]
        assert set(last_begun(db, NOW)) == {"linjiang"}


def test_a_site_that_is_known_to_be_broken_alarms_nobody_until_the_day_is_over(
    office: Office, run: Run
) -> None:
    office.now = NOW - timedelta(days=1, minutes=3)
    office.collect(site_of(1), complete=False)
    assert run("status")[0] == 1
    say(office, f"broken_until: {TOMORROW}")
    status, out, _ = run("status")
    assert (status, "partial at" in out, f"known to be broken until {TOMORROW}" in out) == (0, True, True)
    assert [f.state for f in findings(office)] == [State.OK]
    say(office, "broken_until: 2020-01-01")
    assert run("status")[0] == 1


def test_collecting_a_site_that_is_known_to_be_broken_is_no_failure(
    tmp_path: Path, command: Callable[..., Run]
) -> None:
    loopback = LoopbackSite(2)
    configure(tmp_path, loopback)
    loopback.answers["/zw/t20260101_0.html"] = (500, {}, b"")
    run = command("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"))
    assert run("collect")[0] == 1
    file = tmp_path / "config" / "sites" / "linjiang.yml"
    file.write_text(file.read_text() + f"broken_until: {TOMORROW}\n")
    status, out, _ = run("collect")
    assert (status, "linjiang: partial" in out) == (0, True)
    assert f"its file says that it is broken until {TOMORROW}" in out
    loopback.server.shutdown()


def test_each_site_that_fails_is_named(office: Office) -> None:
    for key in ("lanxi", "yunhe", "linjiang"):
        office.site = SiteRow(key, key)
        office.collect({}, complete=False)
    with office.read() as db:
        found = {f.site: f.complete_at for f in failing(db)}
    assert list(found) == ["lanxi", "linjiang", "yunhe"]
    assert [site for site, complete_at in found.items() if complete_at] == ["linjiang"]


def test_the_operator_is_told_by_mail_what_a_person_is_needed_for(run: Run, office: Office) -> None:
    """A scheduler in a container told it to nobody but its log."""
    settings = office.paths.data.parent / "config" / "settings.yml"
    status, _, err = run("status", "--mail")
    assert (status, "settings.yml: operator: name the address" in err) == (2, True)
    settings.write_text("operator: ops@example.org\n")
    office.site = SiteRow("yunhe", "云和市人民政府")
    office.collect({url(7).replace("linjiang", "yunhe"): notice(7)})
    assert run("status", "--mail") == (0, "", "")
    assert not office.paths.outbox.exists()  # all is well
    back_dated(office, 3)
    assert run("status", "--mail")[:2] == (1, "")
    (file,) = office.paths.outbox.glob("status-*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == (
        "ops@example.org",
        "公开 gongkai：需要处理 linjiang · a person is needed",
    )
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert "linjiang: complete at" in part.get_content()
        assert "not collected since" in part.get_content()
        assert "1 other site: nothing to be done" in part.get_content()
        assert "yunhe" not in part.get_content()
    settings.write_text("operator: ops@example.org\nsmtp: {host: 127.0.0.1, port: 1, tls: none}\n")
    status, _, err = run("status", "--mail")
    assert (status, "the status could not be sent to ops@example.org: 127.0.0.1:1: " in err) == (1, True)


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        ("sites/yunhe.yml", "site: yunhe\nnonsense_key: 1\n", "配置 configuration"),
        ("subscriptions.yml", "subscriptions:\n  - {key: desk, to: no address, sites: [linjiang]}\n", "配置 configuration"),
        ("../data/archive.db", "damaged", "存档 archive"),
    ],
)  # fmt: skip
def test_the_operator_is_told_of_what_keeps_a_site_or_a_reader_from_anything(
    run: Run, office: Office, file: str, content: str, named: str
) -> None:
    config = office.paths.data.parent / "config"
    (config / "settings.yml").write_text("operator: ops@example.org\n")
    (config / file).write_text(content, "utf-8")
    assert run("status", "--mail")[0] == 1
    (mail,) = office.paths.outbox.glob("status-*.eml")
    assert named in message_from_bytes(mail.read_bytes(), policy=policy.default)["Subject"]
