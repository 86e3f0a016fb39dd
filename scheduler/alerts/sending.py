"""One round of alerts: compose what is due into the outbox, then try to send what lies there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from archive import feed
from archive.diff import compare
from archive.model import ChangeKind
from archive.storage import texts
from archive.store import Paths, exclusive, open_alerts, open_for_reading
from archive.times import parse
from crawler.config import Settings
from scheduler.alerts import outbox
from scheduler.alerts.digest import Digest, compose
from scheduler.alerts.entries import Item
from scheduler.alerts.mailer import DeliveryError, Transport, build, readdressed, transport
from scheduler.alerts.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a subscription would be told now; ``digest`` None when nothing is due or nothing fits its filters."""

    subscription: Subscription
    digest: Digest | None
    cursor: int
    end: int
    due_at: datetime
    is_due: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of sending did."""

    composed: int
    sent: int
    failed: int
    parked: int
    errors: tuple[str, ...]
    waiting: int = 0  # that are tried again later; ``next_at`` says when the first of them
    next_at: str | None = None


def prepare(
    archive: sqlite3.Connection,
    subscription: Subscription,
    *,
    cursor: int,
    last_due_at: str | None,
    now: datetime,
    settings: Settings,
    ignore_schedule: bool = False,
    until: int | None = None,
) -> Prepared:
    """Compose a subscription's digest of everything beyond its cursor, without sending or moving anything.

    ``until``: the last place in the feed that it tells of; by default the feed's end. It is due as well where it was last
    due in the future: the clock stood wrong then, and who waits for that day is told nothing until it comes.
    """
    due_at = subscription.schedule.last_due(now)
    at_once = subscription.schedule.daily is None and subscription.schedule.weekly is None
    last_due = parse(last_due_at) if last_due_at is not None else None
    is_due = ignore_schedule or at_once or last_due is None or due_at > last_due or last_due > now
    end = until if until is not None else feed.end_of_feed(archive)
    if not is_due or end <= cursor:
        return Prepared(subscription, None, cursor, max(end, cursor), due_at, is_due)
    rows = feed.changes(archive, after_seq=cursor, before_seq=end + 1, without_baseline=True)
    items = [
        _item(archive, row)
        for row in rows
        if row.withdrawn_at is None and subscription.wants(row, partial(_text, archive, row))
    ]
    if not items:
        return Prepared(subscription, None, cursor, end, due_at, is_due)
    epoch, head = feed.epoch_and_head(archive)
    rows_of_sites = archive.execute("SELECT key, name, name_en FROM sites")
    names = {
        key: site_name(subscription.language, name or key, name_en) for key, name, name_en in rows_of_sites
    }
    digest = compose(
        subscription.key, items, language=subscription.language, now=now, epoch=epoch, head=head,
        base_url=settings.base_url, site_names=names, from_seq=cursor + 1, to_seq=end,
        domain=settings.mail_from.rpartition("@")[2] or "localhost",
    )  # fmt: skip
    return Prepared(subscription, digest, cursor, end, due_at, is_due)


def site_name(language: str, name: str, name_en: str | None) -> str:
    """A site in the language of a subscription; many have no English name."""
    if language == "zh" or not name_en:
        return name
    return name_en if language == "en" else f"{name} {name_en}"


# The versions that a change is about: what went, and what came; of one that is about neither, the document's last.
_SAID = """
    SELECT v.id, v.title, v.document_number, v.index_number, v.issuing_body, v.summary, v.keywords, v.body_sha256 FROM changes c
    JOIN documents d ON d.id = c.document JOIN versions v ON v.id = c.from_version OR v.id = c.to_version
    OR c.to_version IS NULL AND v.id = d.current_version WHERE c.id = ?
"""


def _text(archive: sqlite3.Connection, row: feed.ChangeRow) -> str:
    """What keywords are looked for in: a word that an edit took out, or put in only for a day, concerns its reader too."""
    parts: list[str | None] = []
    for version, *fields, body in archive.execute(_SAID, [row.id]):
        parts += [*fields, texts.read(archive, body)]
        files = archive.execute("SELECT name, text_sha256 FROM attachments WHERE version = ?", [version])
        for name, text in files.fetchall():
            parts += [name, texts.read(archive, text)]
    return "\n".join(part for part in parts if part)


def _item(archive: sqlite3.Connection, row: feed.ChangeRow) -> Item:
    """A change with what differs in the text and in the files, where it is between two versions that may be shown."""
    told = row.kind in (ChangeKind.EDITED, ChangeKind.ATTACHMENT)
    if not told or row.from_version is None or row.to_version is None:
        return Item(row)
    old = feed.load_version(archive, row.document, row.from_version)
    new = feed.load_version(archive, row.document, row.to_version)
    if old.withdrawn_at or new.withdrawn_at:
        return Item(row)
    found = compare(old.disclosure, new.disclosure)
    files = tuple(file for file in found.attachments if file.text and not file.same_text)
    return Item(row, found.body if any(s.op != "equal" for s in found.body) else (), files)


def send_due(
    paths: Paths,
    subscriptions: Sequence[Subscription],
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    held: Collection[str] = (),
    via: Transport | None = None,
) -> Round:
    """Compose and send everything that is due. Raises archive.store.LockedError when another round runs.

    ``held``: keys of subscriptions that are wrong; what waits for them stays, as it may be their address that is wrong.
    """
    carrier = via or transport(settings.smtp, paths.outbox)
    with (
        closing(open_for_reading(paths.archive)) as archive,  # first: where there is none, nothing is made
        exclusive(paths, "alerts"),
        closing(open_alerts(paths).conn) as db,
    ):
        compose_emptied(archive, db, subscriptions, settings, held=held, now=clock())
        composed = sum(_compose_one(archive, db, s, settings, clock()) for s in subscriptions)
        _readdress(db, subscriptions, settings, clock())
        sent, errors = 0, []
        # Subscription → when the message that goes before the others is tried again.
        behind: dict[str, datetime] = {}
        for message in outbox.due(db, clock()):
            if message.subscription in held:
                continue
            if message.subscription in behind:
                outbox.wait_behind(db, message, behind[message.subscription])
                continue
            try:
                carrier.deliver(
                    message.message, settings.mail_from, message.recipient, _file_name(message.message_id)
                )
            except DeliveryError as error:
                again = outbox.mark_failed(
                    db, message, clock(), str(error), unknown=error.unknown, final=error.final
                )
                if again is not None and not error.of_text:  # else this message alone may be what is refused
                    behind[message.subscription] = again
                errors.append(f"{message.recipient}: {error}")
            else:
                outbox.mark_sent(db, message, clock())
                sent += 1
        parked = len(outbox.all_in(db, outbox.State.PARKED))
        waiting, next_at = outbox.waiting(db)
    return Round(composed, sent, len(errors), parked, tuple(errors), waiting, next_at)


def compose_emptied(
    archive: sqlite3.Connection,
    db: sqlite3.Connection,
    subscriptions: Sequence[Subscription],
    settings: Settings,
    *,
    held: Collection[str] = (),
    now: datetime,
) -> None:
    """Compose again what a withdrawal has emptied, as the archive stands now. Call under the lock of the alerts.

    A message of which nothing is left, or whose subscription is no more, goes; those of ``held`` subscriptions wait.
    """
    by_key = {s.key: s for s in subscriptions}
    with outbox.transaction(db):
        for row in outbox.emptied(db):
            if row["subscription"] in held:
                continue
            subscription, digest = by_key.get(row["subscription"]), None
            if subscription is not None:
                digest = prepare(
                    archive, subscription, cursor=row["from_seq"] - 1, last_due_at=None, now=now, settings=settings,
                    ignore_schedule=True, until=row["to_seq"],
                ).digest  # fmt: skip
            if subscription is None or digest is None:
                outbox.discard(db, row["id"])
            else:
                message = build(digest, sender=settings.mail_from, recipient=subscription.to, now=now)
                outbox.rewrite(db, row["id"], digest.subject, message)


def _readdress(
    db: sqlite3.Connection, subscriptions: Sequence[Subscription], settings: Settings, now: datetime
) -> None:
    """What waits, or is parked, goes to whom the configuration names today: an address that was corrected, a new sender."""
    recipients = {s.key: s.to for s in subscriptions}
    with outbox.transaction(db):
        for message in outbox.all_in(db, outbox.State.QUEUED, outbox.State.UNKNOWN, outbox.State.PARKED):
            if not message.message:  # emptied by a withdrawal: it is composed first
                continue
            recipient = recipients.get(message.subscription, message.recipient)
            content = readdressed(message.message, sender=settings.mail_from, recipient=recipient)
            if content != message.message:
                outbox.readdress(db, message, recipient, content, now)


def _compose_one(
    archive: sqlite3.Connection,
    db: sqlite3.Connection,
    subscription: Subscription,
    settings: Settings,
    now: datetime,
) -> int:
    with outbox.transaction(db):
        cursor, last_due = outbox.cursor_of(
            db, subscription.key, subscription.to, feed.end_of_feed(archive), now
        )
        prepared = prepare(
            archive, subscription, cursor=cursor, last_due_at=last_due, now=now, settings=settings
        )
        if not prepared.is_due:
            return 0
        if prepared.digest is not None:
            outbox.enqueue(
                db, message_id=prepared.digest.message_id, subscription=subscription.key, recipient=subscription.to,
                subject=prepared.digest.subject, from_seq=cursor + 1, to_seq=prepared.end, now=now,
                message=build(prepared.digest, sender=settings.mail_from, recipient=subscription.to, now=now),
            )  # fmt: skip
        outbox.advance(db, subscription.key, prepared.end, prepared.due_at)
    return int(prepared.digest is not None)


def cursors(paths: Paths) -> Mapping[str, tuple[int, str | None]]:
    """Subscription key → (cursor, last due), as far as they have been seen."""
    if not paths.alerts.exists():
        return {}
    with closing(open_for_reading(paths.alerts)) as db:
        return {r["key"]: (r["cursor"], r["last_due_at"]) for r in db.execute("SELECT * FROM subscriptions")}


def _file_name(message_id: str) -> str:
    return "".join(c if c.isalnum() or c in ".-_" else "_" for c in message_id.strip("<>"))
