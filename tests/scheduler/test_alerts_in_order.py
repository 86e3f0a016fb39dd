"""What a mail life showed: order, clocks that stand wrong, words that were taken out, farewells, and withdrawals."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.model import Attachment, AttachmentState, Disclosure
from archive.store import exclusive, open_alerts, open_for_reading
from archive.waits.expectations import SitePolicy
from crawler.config import Settings, Smtp
from scheduler.alerts import outbox, sending
from scheduler.alerts.digest import Digest
from scheduler.alerts.mailer import SmtpTransport, build, readdressed
from scheduler.alerts.subscriptions import DigestTime, Subscription
from tests.archive.harness import Office, notice, site_of, url
from tests.scheduler.mail_server import FailingServer

Run = Callable[..., tuple[int, str, str]]
EDITORS = Subscription(key="editors", to="editors@example.org", schedule=DigestTime())
POLICY = SitePolicy(confirm_checks=1, confirm_days=0)
PATIENCE = 0.1
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Post:
    """An office, its one reader, and the mail between them."""

    def __init__(self, home: Path, begun: Path) -> None:
        self.office = Office(home / "data", POLICY)
        shutil.copytree(begun, self.office.paths.data)
        self.office.now += timedelta(days=1)
        self.server = FailingServer(PATIENCE)
        smtp = Smtp(host="127.0.0.1", port=self.server.port, tls="none")
        self.settings = Settings(smtp=smtp, mail_from="gongkai@example.org")
        self.wish = EDITORS
        self.pages: dict[str, Disclosure] = dict(site_of(6))  # type: ignore[arg-type]
        self.send()

    def send(self, later: timedelta = timedelta(), fault: str = "ok") -> sending.Round:
        self.server.fault = lambda: fault
        return sending.send_due(
            self.office.paths, (self.wish,), self.settings, clock=lambda: self.office.now + later,
            via=SmtpTransport(self.settings.smtp, None, PATIENCE) if self.settings.smtp else None,
        )  # fmt: skip

    def says(self, number: int, text: str, **fields: object) -> None:
        """A notice says something else, and is collected."""
        self.pages[url(number)] = notice(number, text, **fields)
        self.office.collect(dict(self.pages))

    def came(self) -> list[str]:
        """Subjects and texts of the messages that came."""
        found = []
        for taken in self.server.taken:
            message = message_from_bytes(taken.content, policy=policy.default)
            part = message.get_body(("plain",))
            assert part is not None
            found.append(f"{message['Subject']}\n{part.get_content()}")
        return found


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of six notices that no reader has heard of."""
    office = Office(tmp_path_factory.mktemp("begun") / "data", POLICY)
    office.collect(site_of(6))
    return office.paths.data


@pytest.fixture
def post(tmp_path: Path, begun: Path) -> Iterator[Post]:
    post = Post(tmp_path, begun)
    yield post
    post.server.stop()


@pytest.mark.parametrize(
    "fault",
    ["busy", *(pytest.param(f, marks=pytest.mark.slow) for f in ("drop_hello", "mail451", "rcpt450"))],
)
def test_what_happened_first_is_told_first_after_an_outage(post: Post, fault: str) -> None:
    post.says(9, "新通知甲。")
    for hours in (0, 1, 2, 4):  # its next attempt is hours away
        post.send(timedelta(hours=hours), fault)
    post.says(10, "新通知乙。")
    assert post.send(timedelta(hours=-20)).sent == 2
    assert ["第9号" in text for text in post.came()] == [True, False]


def test_what_goes_behind_another_message_wears_out_no_attempt(post: Post) -> None:
    """A reader who is told at once would have had his first message parked after an hour of outage."""
    post.says(9, "新通知甲。")
    post.send(fault="busy")
    for number in (10, 11):
        post.office.now -= timedelta(days=1, seconds=-20)
        post.says(number, "新通知。")
        post.send(fault="busy")
    with closing(open_alerts(post.office.paths).conn) as db:
        rows = db.execute("SELECT attempts, next_attempt_at FROM outbox ORDER BY id").fetchall()
    assert [row["attempts"] for row in rows] == [1, 0, 0]
    assert len({row["next_attempt_at"] for row in rows}) == 1


def test_a_text_that_is_refused_for_a_while_keeps_no_other_waiting(post: Post) -> None:
    post.says(9, "新通知甲。")
    post.send(fault="dot451")
    post.says(10, "新通知乙。")
    faults = iter(("dot451", "ok"))
    post.server.fault = lambda: next(faults)
    done = sending.send_due(post.office.paths, (post.wish,), post.settings, clock=lambda: post.office.now)
    assert (done.sent, done.failed, done.waiting) == (1, 1, 1)


@pytest.mark.parametrize(
    "fault",
    ["quit421", "quit500", *(pytest.param(f, marks=pytest.mark.slow) for f in ("drop_quit", "slow_quit"))],
)
def test_a_server_that_took_a_message_and_says_farewell_badly_gets_it_once(post: Post, fault: str) -> None:
    """A refusal of QUIT was one of the message: it was parked, or sent again, and had arrived."""
    post.says(9, "新通知。")
    done = post.send(fault=fault)
    assert (done.sent, done.failed, done.parked) == (1, 0, 0)
    assert post.send(timedelta(days=1)).sent == 0
    assert len(post.came()) == 1


@pytest.mark.parametrize("years", [1, -1])
def test_a_clock_that_stood_wrong_delays_no_digest(post: Post, years: int) -> None:
    """A machine without a battery says 2027 for a minute: no digest and no attempt came until then."""
    post.wish = EDITORS.model_copy(update={"schedule": DigestTime(daily="08:00")})
    post.send(timedelta(days=366 * years))
    post.says(9, "新通知甲。")
    post.send(timedelta(days=366 * years), fault="busy")
    post.says(10, "新通知乙。")
    post.send(timedelta(days=1))
    post.send(timedelta(days=2))
    assert sum("第9号" in text for text in post.came()) == 1
    assert sum("第10号" in text for text in post.came()) == 1


def test_an_edit_concerns_whose_words_it_takes_out_or_only_had(post: Post) -> None:
    post.wish = EDITORS.model_copy(update={"keywords": ("行政许可",), "schedule": DigestTime(daily="08:00")})
    post.says(1, "行政许可须先公示。")
    post.says(1, "须先公示，满十日。")  # the same day, for who is told daily
    post.says(2, "与此无关，满十日。")
    post.send(timedelta(days=1))
    (text,) = post.came()
    assert text.startswith("公开 gongkai：内容修改 2 — 关于第1号事项的通知 · edited 2\n")
    assert ("#2@2" in text, "#2@3" in text, "#3@" in text) == (True, True, False)


def test_a_word_of_an_attached_file_or_of_the_record_concerns_its_reader(post: Post) -> None:
    """见附件。 is the text of many notices; what they are about stands in the file."""
    post.wish = EDITORS.model_copy(update={"keywords": ("行政许可",), "schedule": DigestTime(daily="08:00")})
    file = Attachment(
        name="附件.docx",
        url=f"{url(1)}.docx",
        sha256="1" * 64,
        text="行政许可事项表",
        state=AttachmentState.FETCHED,
    )
    post.says(1, "新文。", attachments=(file,))
    post.says(
        2, "新文。", attachments=(replace(file, name="行政许可事项表.docx", url=f"{url(2)}.docx", text=None),)
    )
    post.says(3, "新文。", summary="关于行政许可")
    post.says(4, "新文。")
    post.send(timedelta(days=1))
    (text,) = post.came()
    assert [f"#{document}@2" in text for document in (2, 3, 4, 5)] == [True, True, True, False]


def test_of_a_file_with_other_bytes_and_the_same_text_no_difference_is_shown(post: Post) -> None:
    file = Attachment(
        name="附件.docx",
        url=f"{url(1)}.docx",
        sha256="1" * 64,
        text="行政许可事项表",
        state=AttachmentState.FETCHED,
    )
    post.says(1, "新文。", attachments=(file,))
    post.send()
    post.says(1, "又一文。", attachments=(replace(file, sha256="2" * 64),))
    post.send()
    assert "又一" in post.came()[-1]
    assert "附件.docx: " not in post.came()[-1]


@pytest.mark.parametrize("length", range(1, 40, 3))
def test_a_subject_keeps_the_spaces_between_its_words(length: int) -> None:
    """The library folds “新增 1，移出目录 1” between two encoded words, and the space between them is lost."""
    subject = (
        "公开 gongkai："
        + "，".join(f"{'暂不可见移除'[: n % 5 + 1]} {n}" for n in range(length))
        + " · removed 1"
    )
    digest = Digest(subject[:190], "", "", "<a@example.org>", 1, 1)
    message = build(digest, sender="a@example.org", recipient="b@example.org", now=NOW)
    assert str(message_from_bytes(message, policy=policy.default)["Subject"]) == subject[:190]
    again = readdressed(message, sender="a@example.org", recipient="c@example.org")
    assert str(message_from_bytes(again, policy=policy.default)["Subject"]) == subject[:190]
    assert max(map(len, message.split(b"\r\n"))) <= 78
    english = Digest(
        ", ".join(["gongkai: removed 9", *["edited 137"] * length])[:190], "", "", "<a@example.org>", 1, 1
    )
    message = build(english, sender="a@example.org", recipient="b@example.org", now=NOW)
    again = readdressed(message, sender="a@example.org", recipient="c@example.org")
    for one in (message, again):
        assert str(message_from_bytes(one, policy=policy.default)["Subject"]) == english.subject.strip()


def test_a_change_is_told_by_the_title_that_it_gave(post: Post) -> None:
    post.says(1, "罚款6万元。", title="关于罚款六万元的通知")
    post.says(1, "罚款7万元。", title="关于罚款七万元的通知")
    with closing(open_for_reading(post.office.paths.archive)) as db:
        edits = [c.title for c in feed.changes(db, without_baseline=True)]
    assert edits == ["关于罚款六万元的通知", "关于罚款七万元的通知"]


@pytest.fixture
def configured(post: Post, tmp_path: Path, command: Callable[..., Run]) -> Run:
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: editors, to: editors@example.org, schedule: {}}\n", "utf-8"
    )
    return command("--config", str(tmp_path / "config"), "--data", str(post.office.paths.data))


def queued(post: Post) -> str:
    with closing(open_alerts(post.office.paths).conn) as db:
        found = [row["message"] for row in db.execute("SELECT message FROM outbox WHERE state <> 'sent'")]
    messages = [message_from_bytes(content, policy=policy.default) for content in found]
    parts = [part for message in messages if (part := message.get_body(("plain",))) is not None]
    return "\n".join(part.get_content() for part in parts)


def test_an_absence_that_waits_names_no_title_that_was_withdrawn(post: Post, configured: Run) -> None:
    """It is of no version, so what was withdrawn with the version stayed in the message."""
    pages = {k: v for k, v in post.pages.items() if k != url(0)}
    post.office.collect({**pages, url(0): Outcome.GONE})
    post.says(9, "新通知。")
    post.send(fault="busy")
    assert "关于第0号事项的通知" in queued(post)
    assert configured("withdraw", "#1@1", "--reason", "x", "--yes")[0] == 0
    assert "关于第0号事项的通知" not in queued(post)
    assert "关于第9号事项的通知" in queued(post)


def test_nothing_is_erased_while_mail_goes_out(post: Post, configured: Run) -> None:
    """It was erased, and the messages that a round was about to send went out with it."""
    with exclusive(post.office.paths, "alerts"):
        status, _, err = configured("withdraw", "#1@1", "--reason", "x", "--yes")
    assert (status, "another gongkai is writing here" in err) == (1, True)
    with closing(open_for_reading(post.office.paths.archive)) as db:
        assert feed.load_version(db, 1).withdrawn_at is None


def test_a_withdrawal_that_died_before_it_came_to_the_mail_is_finished(
    post: Post, configured: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.says(0, "罚款8万元，张某某。")
    post.says(9, "新通知。")
    post.send(fault="busy")
    assert "张某某" in queued(post)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(BaseException):  # noqa: B017 — as a kill ends it
        patch.setattr(sending, "compose_emptied", dies)
        configured("withdraw", "#1@2", "--reason", "x", "--yes")
        raise KeyboardInterrupt
    post.office.now = datetime.now(UTC)
    assert post.send().sent >= 1
    assert not any("张某某" in text for text in post.came())
    assert any("关于第9号事项的通知" in text for text in post.came())


def test_a_password_of_other_letters_parks_nothing(post: Post) -> None:
    post.says(9, "新通知。")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smtplib.SMTP, "login", lambda *_: "密码".encode("ascii"))
        post.settings = post.settings.model_copy(
            update={
                "smtp": post.settings.smtp.model_copy(update={"username": "u"})
                if post.settings.smtp
                else None
            }
        )
        done = post.send()
    assert (done.failed, done.parked) == (1, 0)


def test_what_a_withdrawal_emptied_goes_to_nobody_before_it_is_composed_again(post: Post) -> None:
    """A new sender was written into the empty message, which then went out as it was, with no word in it."""
    post.says(9, "新通知。")
    post.send(fault="busy")
    with closing(open_alerts(post.office.paths).conn) as db:
        outbox.empty(db, [row["to_seq"] for row in db.execute("SELECT to_seq FROM outbox")])
    settings = post.settings.model_copy(update={"mail_from": "watch@example.org"})
    post.server.fault = lambda: "ok"
    wrong = {post.wish.key}  # its entry in subscriptions.yml has a mistake for a while
    done = sending.send_due(post.office.paths, (), settings, clock=lambda: post.office.now, held=wrong)
    assert (done.sent, done.waiting) == (0, 1)
    later = post.office.now + timedelta(days=1)
    assert sending.send_due(post.office.paths, (post.wish,), settings, clock=lambda: later).sent == 1
    assert "关于第9号事项的通知" in post.came()[0]
