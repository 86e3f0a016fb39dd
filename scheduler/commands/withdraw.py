"""``gongkai withdraw``: take content out for good, and keep its hashes and the reason."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from archive import search
from archive.store import exclusive, open_alerts, open_archive, open_captures, open_for_reading
from archive.withdrawal import withdraw as withdrawals
from scheduler.commands.read import one_document, split_version, title_of
from scheduler.context import Context, UsageProblem
from scheduler.terminal import Steps, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.config import Settings
    from scheduler.alerts.subscriptions import Subscription

_LONGEST_REASON = 500


@click.command()
@click.argument("doc", metavar="DOC[@N]")
@click.option(
    "--reason", required=True, help="Why: shown in its place, for good (a court's order and its number, say)."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def withdraw(context: Context, doc: str, reason: str, yes: bool) -> None:
    """Erase what a version says, or with DOC alone all versions and whatever the site says at its addresses from now on.

    Search, pages, exports, snapshots and mails to come no longer show it; hashes, times and the reason stay, so that ledger and
    proofs of everything else stay valid. It cannot be undone. Snapshots, backups and mails made before still hold it.
    """
    reference, number = split_version(doc)
    reason = reason.strip()
    if not reason or len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise UsageProblem(
            f"--reason: one line of 1 to {_LONGEST_REASON} characters, which everybody may read"
        )
    with closing(open_for_reading(context.paths.archive)) as db:
        document = one_document(db, reference)
        there = [row[0] for row in db.execute("SELECT number FROM versions WHERE document = ?", [document])]
        name = title_of(db, document)
    if number is not None and number not in there:
        raise UsageProblem(f"#{document} has no version {number}; `gongkai show '#{document}'` lists them")
    _check_mail(context)
    which = (
        f"#{document}@{number}" if number is not None else f"all versions of #{document}, and its future ones"
    )
    what = f"{which} ({name})"
    if not yes:
        if not sys.stdin.isatty():
            raise UsageProblem(f"this erases {what} for good, and nobody is there to be asked; --yes says so")
        click.confirm(f"Erase {what}? It cannot be undone.", abort=True)
    with (
        exclusive(context.paths),
        exclusive(context.paths, "alerts"),
        closing(open_archive(context.paths).conn) as archive,
        closing(open_captures(context.paths).conn) as captures,
    ):
        search.register(archive)
        steps = Steps()
        # first: a message that has lost its text is composed before it is sent, whatever ends this process
        unsent, emptied = _empty_messages(context, withdrawals.told_of(archive, document))
        try:
            done = withdrawals.withdraw(
                archive, captures, document, number, reason, now=context.clock(), progress=steps
            )
        except LookupError as error:
            raise UsageProblem(
                f"#{document} has no version {number}; `gongkai show '#{document}'` lists them"
            ) from error
        steps.end()
        if unsent:
            _compose_again(context, archive)
    _tell(document, done, unsent, emptied)


def _load(context: Context) -> tuple[Sequence[Subscription], Settings]:
    from scheduler.alerts.subscriptions import load_subscriptions  # noqa: PLC0415

    return load_subscriptions(context.config, context.site_files().keys_now), context.settings()


def _check_mail(context: Context) -> None:
    """Raises ConfigError or UsageProblem where a waiting message could not be composed again: before anything is erased."""
    from scheduler.alerts import outbox  # noqa: PLC0415

    if not context.paths.alerts.exists():
        return
    with closing(open_for_reading(context.paths.alerts)) as db:
        unsent = outbox.all_in(db, outbox.State.QUEUED, outbox.State.UNKNOWN, outbox.State.PARKED)
    if unsent:
        _load(context)


def _empty_messages(context: Context, told: Sequence[int]) -> tuple[int, int]:
    """How many messages are emptied that were not sent yet, and how many copies of sent ones."""
    from scheduler.alerts import outbox  # noqa: PLC0415

    if not told or not context.paths.alerts.exists():
        return 0, 0
    with closing(open_alerts(context.paths).conn) as db:
        return outbox.empty(db, told)


def _compose_again(context: Context, archive: sqlite3.Connection) -> None:
    from scheduler.alerts import sending  # noqa: PLC0415

    subscriptions, settings = _load(context)
    with closing(open_alerts(context.paths).conn) as db:
        sending.compose_emptied(archive, db, subscriptions, settings, now=context.clock())
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tell(document: int, done: withdrawals.Withdrawal, composed: int, emptied: int) -> None:
    versions = ", ".join(f"@{number}" for number in done.versions) or "nothing that was not withdrawn already"
    click.echo(
        f"#{document}: withdrew {versions}; {counted(done.texts, 'text')} and {counted(done.bodies, 'stored answer')} erased"
    )
    if composed or emptied:
        click.echo(
            f"  waiting messages composed again without it: {composed}; copies of sent ones emptied: {emptied}"
        )
    if done.kept:
        click.echo(
            f"  {counted(len(done.kept), 'stored answer')} kept in captures.db, and in no export or proof: other documents are in"
            f" {'it' if len(done.kept) == 1 else 'them'} too"
        )
    for other, number in done.shared:
        click.echo(
            f"  #{other}@{number} has the same text, file or answer: look whether it must be withdrawn as well"
        )
    click.echo(
        "  Not reached: mails already sent, earlier backups, snapshots and exports, files in data/outbox,"
        " catalogue pages that name it (captures.db, WARC)."
    )


commands: tuple[click.Command, ...] = (withdraw,)
