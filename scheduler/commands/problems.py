"""``gongkai problems``: what could not be read, or contradicts itself, by kind; and each one of a kind."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from difflib import get_close_matches

import click

from archive.model import Severity
from archive.store import open_for_reading
from archive.times import iso
from archive.words import PROBLEM_WORDS, problem_words
from scheduler.commands.read import check_site, one_document, parse_time
from scheduler.context import Context, UsageProblem
from scheduler.terminal import COUNT, TIMES, clean, columns, counted, print_json, shanghai_or

# Errors first: what they are about is not in the archive at all.
_LOUDNESS = f"CASE p.severity WHEN '{Severity.ERROR}' THEN 0 WHEN '{Severity.WARNING}' THEN 1 ELSE 2 END"
_KINDS = """
    SELECT p.code, p.severity, count(*) AS problems, count(DISTINCT p.document) AS documents,
           count(DISTINCT p.site) AS sites, max(p.last_at) AS last_at
    FROM problems p {where} GROUP BY p.code, p.severity ORDER BY {loudness}, problems DESC, p.code
"""
_ONES = """
    SELECT p.site, p.code, p.severity, p.document, coalesce(p.url, d.url) AS url, p.field, p.value,
           p.message, p.first_at, p.last_at, p.count, count(*) OVER () AS all_of_them
    FROM problems p LEFT JOIN documents d ON d.id = p.document {where} ORDER BY p.last_at DESC, p.id DESC LIMIT ?
"""


@click.command(short_help="What could not be read, or contradicts itself.")
@click.argument("code", required=False)
@click.option("--site", help="Of one site.")
@click.option(
    "--doc", help="Of one document, each of them: '#id', a URL, an index number or a document number."
)
@click.option("--severity", type=click.Choice([s.value for s in Severity]))
@click.option("--since", help="Seen since: 2026-03-01, or 2026-03-01T08:00 (Shanghai time).")
@click.option(
    "--limit", type=COUNT, default=20, show_default=True, help="With CODE or --doc: the N seen last."
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def problems(
    context: Context,
    code: str | None,
    site: str | None,
    doc: str | None,
    severity: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """What could not be read, or contradicts itself: how often each kind was seen; with CODE or --doc, each one.

    A problem stays listed when it is seen no more: the time beside it is when it was seen last. docs/problems.md
    says what each code means, and what to do.
    """
    chosen: dict[str, object] = {"p.code = ?": code, "p.site = ?": site, "p.severity = ?": severity}
    if since is not None:
        chosen["p.last_at >= ?"] = iso(parse_time("--since", since))
    by_kind = code is None and doc is None
    with closing(open_for_reading(context.paths.archive)) as connection:
        check_site(connection, site)
        if doc is not None:
            chosen["p.document = ?"] = one_document(connection, doc)
        given = {condition: value for condition, value in chosen.items() if value is not None}
        where = f"WHERE {' AND '.join(given)}" if given else ""
        if by_kind:
            query = _KINDS.format(where=where, loudness=_LOUDNESS)
            rows = connection.execute(query, list(given.values())).fetchall()
        else:
            if code is not None:
                _check_code(connection, code)
            rows = connection.execute(_ONES.format(where=where), [*given.values(), limit]).fetchall()
    if as_json:
        print_json([_as_json(row) for row in rows])
    elif not rows:
        click.echo("No problems.")
    elif by_kind:
        _print_kinds(rows)
    else:
        _print_ones(rows)


def _check_code(connection: sqlite3.Connection, code: str) -> None:
    """Raises UsageProblem for a code that no problem has and none could have: "none" would hide the slip."""
    seen = [row[0] for row in connection.execute("SELECT DISTINCT code FROM problems ORDER BY code")]
    if code in seen or problem_words(code):
        return
    close = get_close_matches(code, {*seen, *PROBLEM_WORDS}, n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "`gongkai problems` lists those that were seen"
    raise UsageProblem(f"{clean(code)!r}: there is no such code; {hint}")


def _as_json(row: sqlite3.Row) -> dict[str, object]:
    named = {key: row[key] for key in row.keys() if key != "all_of_them"}  # noqa: SIM118 — a Row iterates values
    return {**named, "words": problem_words(row["code"])}


def _print_kinds(rows: list[sqlite3.Row]) -> None:
    click.echo(TIMES)
    cells = [
        (
            row["severity"],
            f"{row['code']} {problem_words(row['code'])}".rstrip(),
            counted(row["problems"], "problem"),
            counted(row["documents"], "document") if row["documents"] else "",
            counted(row["sites"], "site"),
            f"last {shanghai_or(row['last_at'], '—')}",
        )
        for row in rows
    ]
    click.echo("\n".join(columns(cells)))
    click.echo("`gongkai problems CODE` names them; docs/problems.md says what to do about each kind.")


def _print_ones(rows: list[sqlite3.Row]) -> None:
    click.echo(TIMES)
    for row in rows:
        about = f"#{row['document']}  " if row["document"] is not None else ""
        click.echo(
            f"{shanghai_or(row['last_at'], '—')}  {row['severity']}  {row['code']} {problem_words(row['code'])}"
            f"  {clean(row['site'])}  {about}{clean(row['message'])}"
        )
        if row["url"]:
            click.echo(f"    {clean(row['url'])}")
    if left := rows[0]["all_of_them"] - len(rows):
        click.echo(f"… and {left:,} more: --limit {rows[0]['all_of_them']}")


commands = (problems,)
