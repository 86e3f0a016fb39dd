"""``runs``: collections and what to do with held ones. ``status``: is everything being watched?"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import click

from archive import feed
from archive.store import exclusive, open_archive, open_for_reading
from scheduler.commands.read import check_site
from scheduler.context import Context, UsageProblem
from scheduler.terminal import COUNT, clean, print_json

_LISTED = """
    SELECT id, collection, site, started_at, ended_at, outcome, full, held, resolved, scheduled, fetched, blocked,
           failed, skipped, not_modified, unchanged, baseline, new, edited, attachment, moved, unlisted, missing,
           removed, restored, seconds, reasons
    FROM runs {where} ORDER BY id DESC LIMIT ?
"""


def _rows(
    context: Context, where: str, values: list[object], limit: int, site: str | None
) -> list[dict[str, Any]]:
    with closing(open_for_reading(context.paths.archive)) as connection:
        check_site(connection, site)
        found = connection.execute(_LISTED.format(where=where), [*values, limit]).fetchall()
    return [{**dict(row), "reasons": json.loads(row["reasons"])} for row in found]


@click.group()
def runs() -> None:
    """Collections, and what to do with held ones."""


@runs.command("list")
@click.option("--site", help="Of one site.")
@click.option("--held", is_flag=True, help="Only those waiting for a person's word.")
@click.option("--limit", type=COUNT, default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_runs(context: Context, site: str | None, held: bool, limit: int, as_json: bool) -> None:
    """The latest collections, newest first."""
    conditions, values = [], []
    if site:
        conditions.append("site = ?")
        values.append(site)
    if held:
        conditions.append("held = 1 AND resolved IS NULL")
    where = "WHERE " + " AND ".join(conditions) if conditions else ""
    rows = _rows(context, where, list(values), limit, site)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        held_mark = "  HELD: `gongkai runs accept` or `drop`" if row["held"] and not row["resolved"] else ""
        shown = {key: "—" if value is None else value for key, value in row.items()}  # — until it has ended
        click.echo(
            f"{row['id']:>5}  {row['started_at']}  {clean(row['site'])}  {row['outcome'] or 'running'}  "
            f"{shown['fetched']}/{shown['scheduled']} fetched  new {shown['new']}  edited {shown['edited']}  "
            f"removed {shown['removed']}{held_mark}"
        )
        for reason in row["reasons"]:
            click.echo(f"         - {clean(reason)}")
    if not rows:
        click.echo("No collections.")


def _resolve(context: Context, run: int, *, accept: bool) -> int:
    open_for_reading(context.paths.archive).close()  # says so when there is none
    with exclusive(context.paths), closing(open_archive(context.paths).conn) as connection:
        try:
            decide = feed.accept_run if accept else feed.drop_run
            return decide(connection, run, at=context.clock())
        except LookupError as error:
            raise UsageProblem(f"run {run}: {error}; `gongkai runs list --held` shows what waits") from error


@runs.command()
@click.argument("run", type=COUNT)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def accept(context: Context, run: int, as_json: bool) -> None:
    """The site really changed that much: release what RUN held to readers."""
    changes = _resolve(context, run, accept=True)
    if as_json:
        print_json({"run": run, "resolved": "accepted", "changes": changes})
    else:
        click.echo(f"Run {run} accepted: {changes} changes released.")


@runs.command()
@click.argument("run", type=COUNT)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def drop(context: Context, run: int, as_json: bool) -> None:
    """The site (or its site file) was broken: never tell readers what RUN held."""
    changes = _resolve(context, run, accept=False)
    if as_json:
        print_json({"run": run, "resolved": "dropped", "changes": changes})
    else:
        click.echo(f"Run {run} dropped: {changes} changes will not be told.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """One line per site: last collection, documents kept, what waits for a person. Exit 1 when something does."""
    with closing(open_for_reading(context.paths.archive)) as connection:
        rows = [dict(row) for row in connection.execute(_STATUS)]
        head = connection.execute("SELECT seq, head, at FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        epoch = connection.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()
    troubled = [row for row in rows if row["held"] or row["outcome"] not in ("complete", "skipped")]
    if as_json:
        print_json({"epoch": epoch["value"], "ledger": dict(head) if head else None, "sites": rows})
    else:
        for row in rows:
            waiting = f"  {row['held']} held" if row["held"] else ""
            click.echo(
                f"{clean(row['site'])}: {row['outcome'] or 'never collected'} at {row['started_at'] or '—'}  "
                f"{row['documents']} documents, {row['versions']} versions, {row['absent']} absent{waiting}"
            )
        if head:
            click.echo(f"ledger {head['seq']}  {head['head']}  {head['at']}")
    if troubled:
        raise SystemExit(1)


_STATUS = """
    SELECT s.key AS site, r.outcome, r.started_at, s.last_complete_at,
           (SELECT count(*) FROM documents d WHERE d.site = s.key AND d.merged_into IS NULL) AS documents,
           (SELECT coalesce(sum(versions), 0) FROM documents d WHERE d.site = s.key) AS versions,
           (SELECT count(*) FROM documents d WHERE d.site = s.key AND d.status IN ('missing', 'removed')) AS absent,
           (SELECT count(*) FROM runs h WHERE h.site = s.key AND h.held = 1 AND h.resolved IS NULL) AS held
    FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.key AND outcome IS NOT NULL)
    ORDER BY s.key
"""

commands: tuple[click.Command, ...] = (runs, status)
