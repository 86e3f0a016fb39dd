"""``gongkai runs``: collections, what failed in them, and what to do with held ones."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import click

from archive import feed
from archive.batch import Outcome
from archive.model import ChangeKind
from archive.outcomes import Line, OutcomesDamagedError, Tally, tally
from archive.significance import describe
from archive.store import ArchiveError, exclusive, open_archive, open_for_reading
from archive.words import KIND_WORDS
from scheduler.commands.read import check_site
from scheduler.context import Context, UsageProblem
from scheduler.open_runs import state_of
from scheduler.terminal import COUNT, TIMES, clean, columns, counted, print_json, shanghai_or

_LISTED = """
    SELECT id, collection, site, started_at, ended_at, outcome, full, held, resolved, scheduled, fetched, blocked,
           failed, skipped, not_modified, coalesce(unchanged, 0) AS unchanged, baseline, new, edited, attachment, moved, unlisted,
           missing, removed, restored, seconds, reasons
    FROM runs {where} ORDER BY id DESC LIMIT ?
"""
_HELD = """
    SELECT c.kind, c.significance, c.reasons, c.document, t.number AS version, coalesce(t.title, d.title) AS title, d.url,
           coalesce(d.withdrawn_at, t.withdrawn_at) AS withdrawn_at, count(*) OVER () AS all_of_them
    FROM changes c JOIN documents d ON d.id = c.document LEFT JOIN versions t ON t.id = c.to_version
    WHERE c.held_by_run = ? AND c.feed_seq IS NULL AND c.dropped_at IS NULL ORDER BY c.id LIMIT ?
"""
# What a person looks for comes first; what went well is counted, and named when asked for.
_WENT_WELL = (Outcome.NOT_MODIFIED, Outcome.OK)
_SHOWN_FIRST = (
    Outcome.FAILED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.ROBOTS, Outcome.SOFT_404, Outcome.GONE,
    Outcome.REDIRECTED_HOME, Outcome.SKIPPED, *_WENT_WELL,
)  # fmt: skip
_NAMED = 20  # changes in a line
_COUNTS = (
    "blocked", "failed", "skipped", "baseline", "new", "edited", "attachment", "moved", "unlisted", "missing", "removed",
    "restored",
)  # fmt: skip


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
    if site is not None:
        conditions.append("site = ?")
        values.append(site)
    if held:
        conditions.append("held = 1 AND resolved IS NULL")
    where = "WHERE " + " AND ".join(conditions) if conditions else ""
    rows = _rows(context, where, list(values), limit, site)
    if as_json:
        print_json(rows)
        return
    if rows:
        click.echo(TIMES)
    lines = columns([_cells(context, row) for row in rows])
    for row, line in zip(rows, lines, strict=True):
        click.echo(line)
        for reason in row["reasons"]:
            click.echo(f"         - {clean(reason)}")
    if not rows:
        click.echo("No collections.")


def _cells(context: Context, row: dict[str, Any]) -> tuple[str, ...]:
    """One run for a table: number, time, site, state, what was asked for, and what it found, held ones with what to do."""
    # None until it has ended.
    asked = "—" if row["scheduled"] is None else f"{row['fetched']}/{row['scheduled']} fetched"
    held = (
        "HELD: `gongkai runs show` tells what, then `accept` or `drop`  "
        if row["held"] and not row["resolved"]
        else ""
    )
    nothing = "" if row["scheduled"] is None else "no change"
    found = held + (_found(row) or nothing)
    return (
        f"{row['id']:>5}",
        shanghai_or(row["started_at"], "—"),
        row["site"],
        _state(context, row),
        asked,
        found,
    )


def _found(row: dict[str, Any]) -> str:
    return "  ".join(f"{name} {row[name]}" for name in _COUNTS if row[name])


@runs.command("show", short_help="What became of the addresses that RUN asked for.")
@click.argument("run", type=COUNT)
@click.option(
    "--outcome",
    "chosen",
    type=click.Choice([o.value for o in _SHOWN_FIRST]),
    multiple=True,
    help="Only addresses with this outcome (may be given several times); default: all but ok and not_modified.",
)
@click.option(
    "--limit",
    type=COUNT,
    default=20,
    show_default=True,
    help="At most N addresses of each outcome, and N held changes.",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show_run(context: Context, run: int, chosen: tuple[str, ...], limit: int, as_json: bool) -> None:
    """What became of the addresses that RUN asked for, failed ones first, each with the cause; and what it holds back."""
    wanted = [o.value for o in _SHOWN_FIRST if (o in chosen if chosen else o not in _WENT_WELL)]
    with closing(open_for_reading(context.paths.archive)) as connection:
        connection.execute("BEGIN")  # a run that goes on, or ends, meanwhile
        row = _run(connection, run)
        held = [dict(change) for change in connection.execute(_HELD, [run, limit])]
        try:
            told = tally(connection, run, wanted, limit)
        except OutcomesDamagedError as error:
            raise ArchiveError(
                f"runs {run}: its outcomes cannot be read ({error});"
                " `gongkai verify` says what else is damaged, `gongkai restore` puts a backup in its place"
            ) from error
    lines = [line for outcome in wanted for line in told.named.get(outcome, ())]
    left_out = {o: told.counts[o] - limit for o in wanted if told.counts[o] > limit}
    if as_json:
        counts = {o.value: told.counts[o.value] for o in _SHOWN_FIRST if told.counts[o.value]}
        addresses = [
            {"url": a.url, "at": a.at, "role": a.role, "outcome": a.outcome, "status": a.status, "detail": a.detail}
            for a in lines
        ]  # fmt: skip
        of_held = {"held_changes": [_held_change(change) for change in held], "held_count": _count_of(held)}
        print_json({**row, "outcomes": counts, "left_out": left_out, "addresses": addresses, **of_held})
        return
    _print_run(context, row)
    if not chosen:
        _print_held(run, held)
    _print_outcomes(run, told, wanted, left_out, asked_for=bool(chosen))


def _run(connection: sqlite3.Connection, run: int) -> dict[str, Any]:
    row = connection.execute(_LISTED.format(where="WHERE id = ?"), [run, 1]).fetchone()
    if row is None:
        raise UsageProblem(f"run {run}: there is no such run; `gongkai runs list` shows the latest ones")
    return {**dict(row), "reasons": json.loads(row["reasons"])}


def _state(context: Context, row: dict[str, Any]) -> str:
    return str(row["outcome"] or state_of(context.paths, row["started_at"]))


def _print_run(context: Context, row: dict[str, Any]) -> None:
    walk = "  full walk" if row["full"] else ""
    click.echo(f"run {row['id']}  {clean(row['site'])}  {_state(context, row)}{walk}")
    click.echo(
        f"  {shanghai_or(row['started_at'], '—')} – {shanghai_or(row['ended_at'], '…')} (Asia/Shanghai)"
    )
    if row["held"]:
        word = row["resolved"] or "waits for `gongkai runs accept` or `drop`"
        click.echo(f"  held: {word}")
    click.echo(f"  {row['fetched'] or 0}/{row['scheduled'] or 0} fetched  {_found(row)}".rstrip())
    for reason in row["reasons"]:
        click.echo(f"  - {clean(reason)}")


def _count_of(held: Sequence[dict[str, Any]]) -> int:
    return held[0]["all_of_them"] if held else 0


def _held_change(row: dict[str, Any]) -> dict[str, Any]:
    """A change that readers have not been told of, without the title of what was withdrawn."""
    told = {key: row[key] for key in ("kind", "significance", "document", "version", "url")}
    return {
        **told,
        "title": None if row["withdrawn_at"] else row["title"],
        "reasons": json.loads(row["reasons"] or "[]"),
    }


def _print_held(run: int, held: Sequence[dict[str, Any]]) -> None:
    """What a person decides on by `runs accept` or `drop`."""
    if not held:
        return
    click.echo(f"{counted(_count_of(held), 'change')} held; `gongkai diff '#DOC@N'` compares:")
    for row in held:
        change = _held_change(row)
        version = f"@{change['version']}" if change["version"] else ""
        why = "; ".join(f"{describe(r, 'zh')} · {describe(r, 'en')}" for r in change["reasons"])
        title = "已撤下 (withdrawn)" if row["withdrawn_at"] else change["title"] or change["url"]
        click.echo(
            clean(
                f"  {KIND_WORDS[ChangeKind(change['kind'])][0]} {change['kind']}  #{change['document']}{version} {title}  {why}"
            ).rstrip()
        )
    if _count_of(held) > len(held):
        click.echo(
            f"  … {_count_of(held) - len(held)} more: `gongkai runs show {run} --limit {_count_of(held)}`"
        )


def _print_outcomes(
    run: int, told: Tally, wanted: Sequence[str], left_out: dict[str, int], *, asked_for: bool
) -> None:
    for outcome in wanted:
        if not (count := told.counts[outcome]):
            if asked_for:
                click.echo(f"Of {told.counts.total()} addresses none was {outcome}.")
            continue
        click.echo(f"{outcome}: {count}")
        for line in told.named[outcome]:
            click.echo(f"  {_told(line)}")
        if outcome in left_out:
            click.echo(
                f"  … {left_out[outcome]} more: `gongkai runs show {run} --outcome {outcome} --limit {count}`"
            )
    if not asked_for:
        for outcome in _WENT_WELL:
            if count := told.counts[outcome.value]:
                click.echo(f"{outcome.value}: {count} (--outcome {outcome.value} names them)")
        if not told.counts:
            click.echo("It asked for no address.")


def _told(line: Line) -> str:
    """Role, address and cause: the words that were kept, which name the status where it decided, else the status."""
    cause = line.detail or (f"status {line.status}" if line.status else "")
    return clean(f"{line.role}  {line.url}  {cause}".rstrip())


def _resolve(context: Context, run: int, *, accept: bool) -> tuple[int, list[str]]:
    """Decide on a held run; the number of its changes, and those of them that :func:`_besides` names."""
    open_for_reading(context.paths.archive).close()  # says so when there is none
    with exclusive(context.paths), closing(open_archive(context.paths).conn) as connection:
        try:
            besides = _besides(connection.execute(_HELD, [run, -1]).fetchall())
            decide = feed.accept_run if accept else feed.drop_run
            return decide(connection, run, at=context.clock()), besides
        except LookupError as error:
            raise UsageProblem(f"run {run}: {error}; `gongkai runs list --held` shows what waits") from error


def _besides(held: Sequence[sqlite3.Row]) -> list[str]:
    """Edits that say something of their own besides what most of the held ones say, as `gongkai diff` takes them."""
    edits = [(row, set(json.loads(row["reasons"] or "[]"))) for row in held if row["version"]]
    said = Counter(reason for _, reasons in edits for reason in reasons)
    common = {reason for reason, count in said.items() if count > 1 and 2 * count >= len(edits)}
    return [
        f"#{row['document']}@{row['version']}"
        for row, reasons in edits
        if reasons & common and any(not reason.startswith("reverted: ") for reason in reasons - common)
    ]


@runs.command(short_help="Release what RUN held: the site really changed that much.")
@click.argument("run", type=COUNT)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def accept(context: Context, run: int, as_json: bool) -> None:
    """The site really changed that much: release what RUN held to readers."""
    changes, _ = _resolve(context, run, accept=True)
    if as_json:
        print_json({"run": run, "resolved": "accepted", "changes": changes})
    else:
        click.echo(f"Run {run} accepted: {counted(changes, 'change')} released.")


@runs.command(short_help="Discard what RUN held: the site was broken.")
@click.argument("run", type=COUNT)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def drop(context: Context, run: int, as_json: bool) -> None:
    """The site (or its site file) was broken: do not tell readers what RUN held.

    What they do not know by then is told with the next edit of a document, and an absence when it is seen again.
    """
    changes, besides = _resolve(context, run, accept=False)
    if as_json:
        print_json({"run": run, "resolved": "dropped", "changes": changes})
    else:
        click.echo(f"Run {run} dropped: {counted(changes, 'change')} will not be told.")
        if besides:
            named = ", ".join(besides[:_NAMED]) + (" …" if len(besides) > _NAMED else "")
            click.echo(f"{len(besides)} of them also say something else (`gongkai diff` compares): {named}")


commands: tuple[click.Command, ...] = (runs,)
