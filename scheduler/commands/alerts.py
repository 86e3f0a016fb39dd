"""``gongkai alerts``: send what is due, show what would be sent, look after the queue."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archive import feed
from archive.store import exclusive, open_alerts, open_for_reading
from crawler.config import check_mail_address
from crawler.yaml_file import ConfigError
from scheduler.alerts import outbox, sending
from scheduler.alerts.digest import Digest
from scheduler.alerts.mailer import DeliveryError, build, transport
from scheduler.alerts.subscriptions import SubscriptionFile, read_subscriptions
from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, WholeNumber, clean, counted, print_json, shanghai, shanghai_or

_NEW = (
    "; it is new, and begins at the feed's end with the first `gongkai alerts send`"
    " (--since-seq 0 shows what a digest looks like)"
)


@click.group()
def alerts() -> None:
    """Change alerts by e-mail (or, without an SMTP server, as files in the outbox directory)."""


def _subscriptions(context: Context) -> SubscriptionFile:
    """Right and wrong ones. Raises UsageProblem where none can be used."""
    try:
        found = read_subscriptions(context.config, context.site_files().keys_now)
    except ConfigError as error:
        raise UsageProblem(str(error)) from error
    if found.mistakes and not found.subscriptions:
        raise UsageProblem("\n".join(map(str, found.mistakes)))
    return found


def _say_wrong(found: SubscriptionFile) -> None:
    for mistake in found.mistakes:
        click.echo(clean(str(mistake)), err=True)
    if found.mistakes:
        click.echo(
            "Error: these subscriptions were left out; what is to be told to them waits until they are right",
            err=True,
        )


def _file(context: Context) -> Path:
    return context.config / "subscriptions.yml"


def _no_subscription(context: Context) -> str:
    why = "lists none" if _file(context).exists() else "there is no such file"
    return f"No subscription, so nobody is told: {_file(context)}: {why}. docs/site-file.md shows how to write one."


@alerts.command(short_help="Compose what is due, and send what lies in the outbox.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def send(context: Context, as_json: bool) -> None:
    """Compose what is due beyond each subscription's cursor, and send what lies in the outbox.

    Exit status 1 when a message could not be sent now; it stays queued and is tried again. What was parked before is told by
    `gongkai status`. A subscription that is wrong is named and left out, the others are told, and the exit status is 2.
    """
    found, settings = _subscriptions(context), context.settings()
    done = sending.send_due(
        context.paths, found.subscriptions, settings, clock=context.clock, held=found.wrong_keys
    )
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.composed} composed, {done.sent} sent, {done.failed} failed, {done.parked} parked")
        if done.waiting:
            click.echo(
                f"{done.waiting} to be tried again, first at {shanghai_or(done.next_at, '—')} (Asia/Shanghai)"
            )
        for error in done.errors:
            click.echo(f"  ! {clean(error)}", err=True)
        if done.sent and settings.smtp is None:
            click.echo(f"No SMTP server is configured: what was sent lies in {context.paths.outbox}")
        if not found.subscriptions:
            click.echo(_no_subscription(context))
    _say_wrong(found)
    if found.mistakes:
        raise SystemExit(2)
    if done.failed:
        raise SystemExit(1)


@alerts.command(short_help="Show what would be sent now; nothing is sent.")
@click.argument("key", required=False)
@click.option(
    "--html", "html_file", type=NewPath(dir_okay=False), help="Write the HTML part of KEY to this file."
)
@click.option("--since-seq", type=WholeNumber(0), help="As if the cursor stood here.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def preview(
    context: Context, key: str | None, html_file: Path | None, since_seq: int | None, as_json: bool
) -> None:
    """Show what would be sent now, whether or not it is due; nothing is sent and no cursor moves."""
    if html_file is not None and key is None:
        raise UsageProblem(
            "--html writes one message: name its subscription, `alerts preview KEY --html FILE`"
        )
    found = _subscriptions(context)
    _say_wrong(found)
    chosen = [s for s in found.subscriptions if key in (None, s.key)]
    if not chosen and key is None:
        print_json([]) if as_json else click.echo(_no_subscription(context))
        return
    if not chosen:
        raise UsageProblem(f"{_file(context)}: no subscription has the key {clean(str(key))!r}")
    known = sending.cursors(context.paths)
    with closing(open_for_reading(context.paths.archive)) as archive:
        end = feed.end_of_feed(archive)
        prepared = [
            sending.prepare(
                archive, s, cursor=since_seq if since_seq is not None else known.get(s.key, (end, None))[0],
                last_due_at=None, now=context.clock(), settings=context.settings(), ignore_schedule=True,
            )
            for s in chosen
        ]  # fmt: skip
    if as_json:
        print_json(
            [
                {"subscription": p.subscription.key, "to": p.subscription.to, "digest": p.digest}
                for p in prepared
            ]
        )
        return
    for number, item in enumerate(prepared):
        if number:
            click.echo("\n" + "─" * 40 + "\n")  # a digest is long, and ends with a ledger's head
        if item.digest is None:
            new = "" if item.subscription.key in known or since_seq is not None else _NEW
            click.echo(f"{item.subscription.key} → {item.subscription.to}: nothing to tell{new}")
            continue
        click.echo(
            f"{item.subscription.key} → {item.subscription.to}\nSubject: {clean(item.digest.subject)}\n"
        )
        click.echo(clean(item.digest.text, keep_newlines=True))
        if html_file is not None:
            html_file.write_text(item.digest.html, encoding="utf-8")


@alerts.command(short_help="The queue: what waits, what was given up.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """The queue: what waits, what may have arrived, what was given up. Exit status 1 when something is parked."""
    if not context.paths.alerts.exists():
        print_json({"counts": {}, "messages": []}) if as_json else click.echo("Nothing has been sent yet.")
        return
    with closing(open_for_reading(context.paths.alerts)) as db:
        waiting = outbox.all_in(db, outbox.State.QUEUED, outbox.State.UNKNOWN, outbox.State.PARKED)
        counts = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
    if as_json:
        rows = [
            {"message_id": m.message_id, "subscription": m.subscription,
             "to": m.recipient, "subject": m.subject, "state": m.state, "attempts": m.attempts,
             "last_error": m.last_error, "created_at": m.created_at, "next_attempt_at": m.next_attempt_at}
            for m in waiting
        ]  # fmt: skip
        print_json({"counts": counts, "messages": rows})
    else:
        click.echo(
            "  ".join(f"{state} {count}" for state, count in sorted(counts.items())) or "The outbox is empty."
        )
        for m in waiting:
            click.echo(
                f"  {m.state.value}  {clean(m.subscription)} → {clean(m.recipient)}  {clean(m.subject)}"
            )
            click.echo(f"    {_course(m)}")
    if counts.get("parked"):
        if not as_json:
            click.echo(
                "Parked ones: `gongkai alerts retry` queues them again, `gongkai alerts drop KEY` gives them up."
            )
        raise SystemExit(1)


def _course(message: outbox.Message) -> str:
    """Since when a message waits, how often it was tried, when it is tried again, and what was said to it."""
    parts = [f"composed at {shanghai(message.created_at)}", f"tried {counted(message.attempts, 'time')}"]
    if message.state is not outbox.State.PARKED:
        parts.append(f"next at {shanghai(message.next_attempt_at)}")
    error = f": {clean(message.last_error)}" if message.last_error else ""
    return f"{', '.join(parts)} (Asia/Shanghai){error}"


@alerts.command(short_help="Queue parked messages again.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def retry(context: Context, as_json: bool) -> None:
    """Queue parked messages again; the next `alerts send` tries them."""
    open_for_reading(context.paths.archive).close()  # a slip in --data makes no directory
    with exclusive(context.paths, "alerts"), closing(open_alerts(context.paths).conn) as db:
        queued = outbox.requeue_parked(db, context.clock())
    if as_json:
        print_json({"queued": queued})
    else:
        click.echo(f"{counted(queued, 'message')} queued again")


@alerts.command(short_help="Never send the parked messages of one subscription.")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def drop(context: Context, key: str, as_json: bool) -> None:
    """Never send the parked messages of subscription KEY, whose reader is gone say. What they told of stays in the archive."""
    open_for_reading(context.paths.archive).close()
    with exclusive(context.paths, "alerts"), closing(open_alerts(context.paths).conn) as db:
        dropped = outbox.discard_parked(db, key)
    if not dropped:
        raise UsageProblem(
            f"{clean(key)!r}: no parked message is one of this subscription; `gongkai alerts status` lists all"
        )
    print_json({"dropped": dropped}) if as_json else click.echo(
        f"{counted(dropped, 'message')} will not be sent"
    )


@alerts.command("test")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def send_test(context: Context, address: str, as_json: bool) -> None:
    """Send one test message to ADDRESS, to see that mail works."""
    context.require_config()  # else the defaults would be tried, which write a file
    settings, now = context.settings(), context.clock()
    try:
        check_mail_address(address)
    except ValueError as error:
        raise UsageProblem(f"{clean(address)!r}: {error}") from error
    domain = settings.mail_from.rpartition("@")[2]
    text = "gongkai 测试邮件 · This is a test message from gongkai.\n"
    digest = Digest(
        "gongkai: test 测试", text, f"<p>{text}</p>", f"<test.{now:%Y%m%d%H%M%S%f}@{domain}>", 0, 0
    )
    carrier = transport(settings.smtp, context.paths.outbox)
    try:
        message = build(digest, sender=settings.mail_from, recipient=address, now=now)
        name = f"test-{now:%Y%m%dT%H%M%S}"
        carrier.deliver(message, settings.mail_from, address, name)
    except DeliveryError as error:
        raise click.ClickException(
            f"{error}; look at `smtp` and `mail_from` in {context.config / 'settings.yml'}"
            if settings.smtp
            else str(error)
        ) from error
    file = str(context.paths.outbox / f"{name}.eml") if settings.smtp is None else None
    if as_json:
        print_json({"to": address, "sent": file is None, "file": file})
    elif file is None:
        click.echo(f"Sent to {clean(address)}.")
    else:
        click.echo(f"No SMTP server is configured: the message for {clean(address)} is the file {file}")


commands: tuple[click.Command, ...] = (alerts,)
