"""Alerts against a real SMTP server on loopback that takes, refuses, breaks and vanishes."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from archive import events
from archive.model import ChangeKind
from archive.store import Paths, open_alerts, open_archive, open_for_reading
from archive.times import iso
from crawler.config import Settings, Smtp
from crawler.yaml_file import ConfigError
from scheduler.alerts import outbox
from scheduler.alerts.sending import send_due
from scheduler.alerts.subscriptions import DigestTime, Subscription, load_subscriptions
from scheduler.doctor import State, examine
from scheduler.terminal import shanghai

Run = Callable[..., tuple[int, str, str]]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
ALWAYS = Subscription(key="editors", to="editors@example.org", schedule=DigestTime())


class Server:
    """Keeps what it takes; ``verdict`` decides on each message."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.verdict: Callable[[bytes], str] = lambda _: "250 OK"
        self.welcome = "250 OK"  # to the sender

    async def handle_MAIL(
        self, _server: object, _session: object, envelope, address: str, _options: object
    ) -> str:
        envelope.mail_from = address
        return self.welcome

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:
        answer = self.verdict(envelope.content)
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer


@pytest.fixture
def server() -> Iterator[tuple[Server, Settings]]:
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        handler,
        Settings(smtp=Smtp(host="127.0.0.1", port=port, tls="none"), mail_from="gongkai@example.org"),
    )
    controller.stop()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path)
    with closing(open_archive(found, NOW).conn) as db:
        db.execute("INSERT INTO sites (key, name) VALUES ('linjiang', '临江市人民政府')")
        db.execute(
            "INSERT INTO runs (id, collection, site, started_at) VALUES (1, 'c', 'linjiang', '2026-03-01T00:00:00Z')"
        )
    return found


def publish(paths: Paths, title: str, kind: ChangeKind = ChangeKind.ADDED) -> None:
    with closing(open_archive(paths).conn) as db:
        document = db.execute(
            "INSERT INTO documents (site, url, status, title) VALUES ('linjiang', ?, 'present', ?)",
            [f"http://linjiang.example/{title!r}", title],
        ).lastrowid
        events.add_change(db, int(document or 0), "linjiang", 1, kind, "2026-03-02T00:30:00Z")
        events.release(db, [db.execute("SELECT max(id) FROM changes").fetchone()[0]])


def send(paths: Paths, settings: Settings, now: datetime = NOW, *subscriptions: Subscription):
    return send_due(paths, subscriptions or (ALWAYS,), settings, clock=lambda: now)


def text_of(message: bytes) -> str:
    part = message_from_bytes(message, policy=policy.default).get_body(("plain",))
    assert part is not None
    return part.get_content()


def test_a_new_subscription_starts_at_the_end_and_each_change_is_told_once(paths: Paths, server) -> None:
    handler, settings = server
    publish(paths, "旧通知")
    assert send(paths, settings).composed == 0
    publish(paths, "新通知")
    assert (send(paths, settings).sent, send(paths, settings).sent) == (1, 0)
    (message,) = handler.taken
    assert "新通知" in text_of(message)
    assert "旧通知" not in text_of(message)
    parsed = message_from_bytes(message, policy=policy.default)
    assert [p.get_content_type() for p in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_baseline_is_never_told(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    publish(paths, "首次", ChangeKind.BASELINE)
    assert (send(paths, settings).composed, handler.taken) == (0, [])


def test_an_outage_delays_but_loses_and_doubles_nothing(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    publish(paths, "通知")
    down = settings.model_copy(update={"smtp": Smtp(host="127.0.0.1", port=1, tls="none")})
    assert send(paths, down).failed == 1
    assert send(paths, settings).sent == 0  # waits for its next attempt
    assert send(paths, settings, NOW + timedelta(minutes=2)).sent == 1
    assert send(paths, settings, NOW + timedelta(days=1)).sent == 0
    assert len(handler.taken) == 1


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 Authentication required", "550 5.7.1 Sender not allowed", "451 later"]
)
def test_what_is_refused_to_us_and_not_to_the_message_parks_none(paths: Paths, server, answer: str) -> None:
    """A password that has expired: all digests of the day would have waited for a person's `alerts retry`."""
    handler, settings = server
    send(paths, settings)
    publish(paths, "通知")
    handler.welcome = answer
    done = send(paths, settings)
    assert (done.failed, done.parked, done.waiting) == (1, 0, 1)
    assert f"{answer[:3]} " in done.errors[0]
    assert done.next_at == "2026-03-02T01:01:00Z"
    handler.welcome = "250 OK"
    assert send(paths, settings, NOW + timedelta(minutes=2)).sent == 1


def test_a_corrected_address_gets_what_was_parked_for_the_wrong_one(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    publish(paths, "通知")
    handler.verdict = lambda content: "550 no such user" if b"editors@" in content else "250 OK"
    assert send(paths, settings).parked == 1
    corrected = ALWAYS.model_copy(update={"to": "editor@example.org"})
    moved = settings.model_copy(update={"mail_from": "watch@example.org"})
    done = send(paths, moved, NOW + timedelta(minutes=5), corrected)
    assert (done.sent, done.parked, done.composed) == (1, 0, 0)
    parsed = message_from_bytes(handler.taken[0], policy=policy.default)
    assert (parsed["To"], parsed["From"]) == ("editor@example.org", "watch@example.org")
    assert "watch@example.org" in parsed["List-Unsubscribe"]
    assert "通知" in text_of(handler.taken[0])
    assert send(paths, moved, NOW + timedelta(days=1), corrected).sent == 0


def test_what_waits_is_kept_while_its_subscription_is_not_there(paths: Paths, server) -> None:
    """A file that was mislaid for a while must cost no reader a digest."""
    handler, settings = server
    other = ALWAYS.model_copy(update={"key": "other", "to": "other@example.org"})
    send(paths, settings, NOW, other)
    publish(paths, "通知")
    handler.welcome = "451 later"
    send(paths, settings, NOW, other)
    handler.welcome = "250 OK"
    assert send(paths, settings, NOW + timedelta(minutes=2), ALWAYS).sent == 1
    assert message_from_bytes(handler.taken[0], policy=policy.default)["To"] == "other@example.org"


def test_an_address_that_smtp_has_no_letters_for_blocks_no_other(paths: Paths, server) -> None:
    """As an earlier version let into the outbox: it ended in a traceback, before all messages behind it."""
    _, settings = server
    strange = ALWAYS.model_copy(update={"key": "strange", "to": "编辑@example.org"})
    send(paths, settings, NOW, strange, ALWAYS)
    publish(paths, "通知")
    done = send(paths, settings, NOW, strange, ALWAYS)
    assert (done.sent, done.parked) == (1, 1)
    assert "编辑@example.org: this address cannot be written to" in done.errors[0]


def test_what_waits_for_a_wrong_subscription_stays(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    publish(paths, "通知")
    handler.verdict = lambda _: "451 later"
    send(paths, settings)
    handler.verdict = lambda _: "250 OK"
    later = NOW + timedelta(days=1)
    done = send_due(paths, (), settings, clock=lambda: later, held={"editors"})
    assert (done.sent, done.waiting, handler.taken) == (0, 1, [])
    assert send(paths, settings, later).sent == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("to: 编辑@example.org", "ASCII letters"), ("to: a@例子.中国", "write the host in ASCII: a@xn--fsqu00a.xn--fiqs8s"),
     ("to: ｅditor@example.org", "ASCII letters"), ("to: 'Editor<a@example.org>'", "expected one e-mail address"),
     ("to: a@b.example, keywords: ['']", "keywords[0]: must not be empty"), ("to: a@b.example, kinds: []", "tell of nothing"),
     ("to: a@b.example, kinds: [baseline]", "tell of nothing"), ("to: a@b.example, sites: []", "tells of no site"),
     ("to: a@b.example, schedule: {daily: '08:00', weekly: mon}", "daily or weekly, not both")],
)  # fmt: skip
def test_a_subscription_that_cannot_be_meant_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "subscriptions.yml").write_text(f"subscriptions:\n  - {{key: a, {text}}}\n", "utf-8")
    with pytest.raises(ConfigError) as wrong:
        load_subscriptions(tmp_path)
    assert said in str(wrong.value)
    assert "subscriptions.yml:2: subscriptions[0]." in str(wrong.value)


def test_mail_that_has_waited_for_more_than_a_day_needs_a_person(
    tmp_path: Path, paths: Paths, server, command: Callable[..., Run]
) -> None:
    """A server that had refused for days looked like one that restarts: neither since when, nor how often it was tried, was said."""
    handler, settings = server
    run = command("--data", str(paths.data))
    now = datetime.now(UTC)
    send(paths, settings, now)
    publish(paths, "通知")
    handler.verdict = lambda _: "451 later"
    with closing(open_archive(paths).conn) as db:
        db.execute("UPDATE runs SET outcome = 'complete', started_at = ?", [iso(now)])
    for age, status, state in ((timedelta(hours=1), 0, State.WARNING), (timedelta(days=3), 1, State.ERROR)):
        send(paths, settings, now - age)
        with closing(open_alerts(paths).conn) as db:
            db.execute("UPDATE outbox SET created_at = ?", [iso(now - age)])
        assert run("status")[0] == status
        (finding,) = [f for f in examine(paths, tmp_path / "config", now=now) if f.check == "alerts"]
        assert (finding.state, "still to be sent, since 20" in finding.message) == (state, True)
    shown = run("alerts", "status")[1]
    assert f"composed at {shanghai(now - timedelta(days=3))}, tried " in shown
    assert "(Asia/Shanghai): " in shown
    assert "451" in shown
    assert json.loads(run("alerts", "status", "--json")[1])["messages"][0]["created_at"] == iso(
        now - timedelta(days=3)
    )


def test_what_is_parked_can_be_given_up(paths: Paths, server, command: Callable[..., Run]) -> None:
    handler, settings = server
    run = command("--data", str(paths.data))
    send(paths, settings)
    publish(paths, "通知")
    handler.verdict = lambda _: "550 no such user"
    send(paths, settings)
    status, out, _ = run("alerts", "status")
    assert (status, "parked  editors → editors@example.org" in out) == (1, True)
    assert "`gongkai alerts drop KEY`" in out
    # Told once, and by `status` until it is settled.
    assert send(paths, settings, NOW + timedelta(minutes=5)).failed == 0
    assert tuple(json.loads(run("status", "--json")[1])["mail"].values()) == (0, 1, None)
    assert "mail: 0 waiting, 1 parked: `gongkai alerts status`" in run("status")[1]
    assert run("alerts", "drop", "nobody")[0] == 2
    assert run("alerts", "drop", "editors")[:2] == (0, "1 message will not be sent\n")
    assert run("alerts", "status")[0] == 0


def test_a_refused_message_is_parked_and_blocks_no_other(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    handler.verdict = lambda content: "554 poison" if b"poison" in content else "250 OK"
    publish(paths, "通知")
    with closing(open_for_reading(paths.archive)):
        first = ALWAYS.model_copy(update={"key": "poison"})
    send(paths, settings, NOW, first)
    publish(paths, "另一通知")
    done = send(paths, settings, NOW, first, ALWAYS)
    assert (done.sent, done.failed, done.parked) == (1, 1, 1)
    # Not tried again by itself.
    assert send(paths, settings, NOW + timedelta(days=9), first, ALWAYS).failed == 0


def test_a_temporary_refusal_is_tried_again_with_the_same_id(paths: Paths, server) -> None:
    handler, settings = server
    send(paths, settings)
    publish(paths, "通知")
    seen: list[bytes] = []

    def once(content: bytes) -> str:
        seen.append(content)
        return "451 later" if len(seen) == 1 else "250 OK"

    handler.verdict = once
    assert send(paths, settings).failed == 1
    assert send(paths, settings, NOW + timedelta(hours=1)).sent == 1
    ids = {message_from_bytes(m, policy=policy.default)["Message-ID"] for m in seen}
    assert len(seen) == 2
    assert len(ids) == 1


def test_without_smtp_the_digest_is_a_file(paths: Paths) -> None:
    settings = Settings()
    send(paths, settings)
    publish(paths, "通知")
    assert send(paths, settings).sent == 1
    (file,) = paths.outbox.glob("*.eml")
    assert "通知" in text_of(file.read_bytes())


def test_a_daily_digest_waits_for_its_hour(paths: Paths) -> None:
    daily = ALWAYS.model_copy(update={"schedule": DigestTime(daily="08:00")})
    send(paths, Settings(), NOW, daily)
    publish(paths, "通知")
    assert send(paths, Settings(), NOW + timedelta(hours=20), daily).sent == 0
    assert send(paths, Settings(), NOW + timedelta(hours=23, minutes=1), daily).sent == 1


def test_cursor_and_message_move_together(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    send(paths, Settings())
    publish(paths, "通知")

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "advance", dies)
    with pytest.raises(KeyboardInterrupt):
        send(paths, Settings())
    monkeypatch.undo()
    assert send(paths, Settings()).sent == 1
