"""``gongkai prune``: let go of stored answers that prove nothing any more."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import timedelta

import click

from archive.prune import Plan, Pruning, Room, give_back
from archive.store import exclusive, open_alerts, open_archive, open_captures, open_for_reading
from scheduler.commands.read import check_site
from scheduler.context import Context
from scheduler.terminal import Steps, WholeNumber, clean, counted, shanghai_or

_DAYS = WholeNumber(1, 36500)


@click.command()
@click.option(
    "--older-than", "days", type=_DAYS, default=365, show_default=True, help="Days since they were seen last."
)
@click.option("--site", help="Only the answers of one site.")
@click.option("--apply", "write", is_flag=True, help="Let go; without it, only say of what.")
@click.option("--no-vacuum", is_flag=True, help="Leave the room free inside the files, for what comes.")
@click.pass_obj
def prune(context: Context, days: int, site: str | None, write: bool, no_vacuum: bool) -> None:
    """Let go of answers that no version was read from and that were not seen for a while; by default only say of which.

    Every answer and file that a version rests on stays, and the newest answer of each address, and all that the ledger holds.
    Texts that no version has any more (after `reparse`) and copies of messages sent long ago go too.
    Exit status 1 when a file could not be made smaller; what is free inside it is used again.
    """
    steps = Steps()
    with ExitStack() as stack:
        if write:
            stack.enter_context(exclusive(context.paths))
            stack.enter_context(exclusive(context.paths, "alerts"))
        open_for_reading(context.paths.archive).close()  # says so when there is none
        plan = _prune(context, days, site, write, steps)
        rooms = give_back(context.paths) if write and not no_vacuum else []
    steps.end()
    _tell(plan, write, rooms)
    if any(room.why for room in rooms):
        raise SystemExit(1)


def _prune(context: Context, days: int, site: str | None, write: bool, steps: Steps) -> Plan:
    paths = context.paths
    with ExitStack() as stack:
        if write:
            opened = [open_archive(paths).conn, open_captures(paths).conn]
            opened += [open_alerts(paths).conn] if paths.alerts.exists() else []
        else:
            wanted = [paths.archive, paths.captures, *([paths.alerts] if paths.alerts.exists() else [])]
            opened = [open_for_reading(path) for path in wanted]
        for connection in opened:
            stack.enter_context(closing(connection))
            connection.isolation_level = None
        check_site(opened[0], site)
        pruning = Pruning(
            opened[0], opened[1], opened[2] if len(opened) > 2 else None,
            now=context.clock(), older_than=timedelta(days=days), site=site,
        )  # fmt: skip
        plan = pruning.plan(steps)
        if write:
            pruning.apply(steps)
    return plan


def _tell(plan: Plan, write: bool, rooms: list[Room]) -> None:
    click.echo(
        f"captures.db: {counted(plan.answers, 'answer')} last seen before {shanghai_or(plan.before, '—')} (Asia/Shanghai) that no"
        f" version rests on; {plan.bodies:,} {'body' if plan.bodies == 1 else 'bodies'}, stored in {plan.stored:,} bytes"
    )
    click.echo(
        f"archive.db: {counted(plan.texts, 'text')} of no version; alerts.db: copies of sent messages: {plan.messages:,}"
    )
    if not write:
        click.echo("Nothing was written; --apply lets go of them.")
        return
    for room in rooms:
        click.echo(f"{room.file}: {room.before:,} → {room.after:,} bytes, {room.free:,} of them free inside")
        if room.why:
            click.echo(
                f"  ! not made smaller: {clean(room.why)}. What is free inside is used again;"
                " make room and run `gongkai prune --apply` again to give it back.",
                err=True,
            )
    if not rooms:
        click.echo(
            "The room is free inside the files and used again; without --no-vacuum it is given back to the disk."
        )


commands: tuple[click.Command, ...] = (prune,)
