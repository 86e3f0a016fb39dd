"""No mail that still waits tells of what was withdrawn, whatever else goes on and wherever the withdrawal is broken off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.store import exclusive, open_for_reading
from archive.waits.expectations import SitePolicy
from archive.withdrawal import withdraw
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))
    office.collect(site_of(3))
    return office


@pytest.fixture
def run(office: Office, tmp_path: Path, command: Callable[..., Run]) -> Run:
    """Command lines of an office with one subscriber and a mail server that does not answer."""
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "settings.yml").write_text("smtp: {host: 127.0.0.1, port: 1, tls: none}\n")
    (config / "sites" / "linjiang.yml").write_text(
        "site: linjiang\nname: 临江市\nurl: http://linjiang.example/\nplatform: static_list\n"
        "catalogues: [{key: gongwen, url: http://linjiang.example/gongwen/}]\n"
    )
    (config / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: all, to: a@example.org, sites: all, schedule: {}}\n"
    )
    run = command("--config", str(config), "--data", str(office.paths.data))
    run("alerts", "send")  # begins at the feed's end
    return run


def waiting(office: Office) -> str:
    """What the messages that wait say."""
    with closing(open_for_reading(office.paths.alerts)) as db:
        rows = [row[0] for row in db.execute("SELECT message FROM outbox WHERE state <> 'sent' ORDER BY id")]
    parts = [message_from_bytes(row, policy=policy.default).get_body(("plain",)) for row in rows if row]
    return "\n".join(part.get_content() for part in parts if part)


def test_a_removal_that_waits_to_be_told_loses_the_title(run: Run, office: Office) -> None:
    office.collect({**site_of(3), url(0): Outcome.GONE}, listed=[url(1), url(2)])
    run("alerts", "send")
    assert "关于第0号事项的通知" in waiting(office)
    assert run("withdraw", "#1", "--reason", "个人信息", "--yes")[0] == 0
    assert "关于第0号事项的通知" not in waiting(office)


def test_nothing_is_erased_while_mails_are_being_sent(run: Run, office: Office) -> None:
    """The text was gone, the mail was sent all the same, and the exit status said that nothing was done."""
    office.collect({**site_of(3), url(0): notice(0, "当事人张三丰。")})
    run("alerts", "send")
    with exclusive(office.paths, "alerts"):
        status, out, err = run("withdraw", "#1@2", "--reason", "个人信息", "--yes")
    assert (status, out, "is writing here" in err) == (1, "", True)
    assert "张三丰" in run("show", "#1@2")[1]


def test_a_withdrawal_that_is_killed_leaves_no_mail_behind(
    run: Run, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect({**site_of(3), url(0): notice(0, "当事人张三丰。"), url(1): notice(1, "当事人李四海。")})
    run("alerts", "send")

    class Killed(BaseException):
        pass

    whole = withdraw.withdraw

    def killed(*arguments: object, **named: object) -> None:
        whole(*arguments, **named)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(withdraw, "withdraw", killed)
        with pytest.raises(Killed):
            run("withdraw", "#1@2", "--reason", "个人信息", "--yes")
    assert "张三丰" not in waiting(office)
    assert run("verify")[0] == 0
    run("alerts", "send")
    told = waiting(office)
    assert ("张三丰" in told, "李四海" in told) == (False, True)


def test_one_that_is_killed_before_it_erased_anything_loses_no_mail(
    run: Run, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect({**site_of(3), url(0): notice(0, "当事人张三丰。")})
    run("alerts", "send")
    before = waiting(office)

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(withdraw, "withdraw", killed)
        with pytest.raises(Killed):
            run("withdraw", "#1@2", "--reason", "个人信息", "--yes")
    run("alerts", "send")
    assert waiting(office) == before


def test_a_mail_of_which_nothing_is_left_goes_and_no_other(run: Run, office: Office) -> None:
    edits = {url(0): notice(0, "当事人张三丰。")}
    office.collect({**site_of(3), **edits})
    run("alerts", "send")
    office.collect({**site_of(3), **edits, url(1): notice(1, "当事人李四海。")})
    run("alerts", "send")
    assert ("张三丰" in waiting(office), "李四海" in waiting(office)) == (True, True)
    run("withdraw", "#1", "--reason", "个人信息", "--yes")
    run("alerts", "send")
    assert waiting(office).count("公开 gongkai · ") == 1
    assert "李四海" in waiting(office)
    assert "== 临江市人民政府 ==" in waiting(office)  # by its name, not by its key
