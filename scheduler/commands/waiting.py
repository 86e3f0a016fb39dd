"""``gongkai waiting``: what was seen and is not told yet, and what never was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import click

from archive.events import Wait
from archive.model import ChangeKind
from archive.significance import describe
from archive.store import open_for_reading
from archive.words import KIND_WORDS, problem_words
from scheduler.commands.read import check_site
from scheduler.context import Context
from scheduler.terminal import COUNT, TIMES, clean, print_json, shanghai_or

# What each wait is for, as docs/what-waits.md has it.
WAIT_WORDS: Mapping[Wait, tuple[str, str]] = {
    Wait.COMPLETE_RUN: ("待完整采集核实", "a collection that sees all of the site"),
    Wait.FULL_WALK: ("待走完目录", "a walk of its catalogue to the end: it may have moved"),
    Wait.OLD_ADDRESS: ("待原地址答复", "the old address's answer: it may have moved"),
    Wait.OWN_PAGE: ("待其自身网页", "its own page: another one's, no text, or half a page stands there"),
    Wait.SETTLING: ("待内容稳定", "quiet days: the text went back to what it was"),
    Wait.EMPTIED: ("待著录项恢复", "quiet days: values are away, and nothing else has changed"),
    Wait.WORD: ("待人工决定", "a person: it looks like the work of the site's template"),
}
_CHANGES = """
    SELECT c.id, c.detected_at, c.dropped_at, c.site, c.kind, c.significance, c.document, t.number AS version,
           coalesce(t.title, d.title) AS title, coalesce(c.to_url, d.url) AS url, c.waits_for, c.held_by_run, c.reasons, c.run,
           coalesce(d.withdrawn_at, t.withdrawn_at) AS withdrawn_at, count(*) OVER () AS all_of_them
    FROM changes c JOIN documents d ON d.id = c.document LEFT JOIN versions t ON t.id = c.to_version
    WHERE c.feed_seq IS NULL AND c.dropped_at IS {state} NULL AND (? IS NULL OR c.site = ?)
    ORDER BY coalesce(c.dropped_at, c.detected_at) DESC, c.id DESC LIMIT ?
"""
# An address that shows something else than its document said last, not yet for so long that it is believed.
_PAGES = """
    SELECT p.site, p.code, p.document, d.title, coalesce(p.url, d.url) AS url, p.message, p.first_at, max(p.last_at) AS last_at,
           p.count AS looks, v.last_seen_at AS own_page_at
    FROM problems p JOIN documents d ON d.id = p.document JOIN versions v ON v.id = d.current_version
    WHERE p.code IN ('page_cut', 'page_emptied', 'page_of_another', 'page_replaced', 'pages_missing')
      AND p.last_at > v.last_seen_at AND d.withdrawn_at IS NULL AND v.withdrawn_at IS NULL AND (? IS NULL OR p.site = ?)
    GROUP BY p.document, p.code ORDER BY max(p.last_at) DESC LIMIT ?
"""


@click.command(short_help="What was seen and is not told yet.")
@click.option("--site", help="Of one site.")
@click.option("--dropped", is_flag=True, help="What was never told, and when that was decided.")
@click.option("--limit", type=COUNT, default=100, show_default=True, help="The newest N.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def waiting(context: Context, site: str | None, dropped: bool, limit: int, as_json: bool) -> None:
    """What was seen and is not told yet, and what it waits for; with --dropped what turned out to be no news.

    docs/what-waits.md says what waits, for how long, and why.
    """
    query = _CHANGES.format(state="NOT" if dropped else "")
    with closing(open_for_reading(context.paths.archive)) as connection:
        connection.execute("BEGIN")  # a run that ends meanwhile
        check_site(connection, site)
        changes = connection.execute(query, [site, site, limit]).fetchall()
        pages = [] if dropped else connection.execute(_PAGES, [site, site, limit]).fetchall()
    if as_json:
        print_json({"changes": [_as_json(row) for row in changes], "pages": [dict(row) for row in pages]})
        return
    if not changes and not pages:
        click.echo("Nothing was dropped." if dropped else "Nothing waits.")
        return
    click.echo(TIMES)
    for row in changes:
        _print_change(row)
    for row in pages:
        _print_page(row)
    if changes and (left := changes[0]["all_of_them"] - len(changes)):
        click.echo(f"… and {left:,} more: --limit {changes[0]['all_of_them']}")


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    named = {key: row[key] for key in row.keys() if key != "all_of_them"}  # noqa: SIM118 — a Row iterates values
    title = None if row["withdrawn_at"] else row["title"]
    return {**named, "title": title, "reasons": json.loads(row["reasons"] or "[]")}


def _print_change(row: sqlite3.Row) -> None:
    version = f"@{row['version']}" if row["version"] and row["kind"] in ("edited", "attachment") else ""
    title = "已撤下 (withdrawn)" if row["withdrawn_at"] else row["title"] or "(no title)"
    zh = KIND_WORDS[ChangeKind(row["kind"])][0]
    click.echo(
        clean(
            f"{_at(row['detected_at'])}  {zh} {row['kind']}  #{row['document']}{version} {title}  ({row['site']})"
        )
    )
    click.echo(f"    {clean(row['url'])}")
    for reason in json.loads(row["reasons"] or "[]"):
        click.echo(f"    {clean(describe(reason, 'zh'))} · {clean(describe(reason, 'en'))}")
    click.echo(f"    {_why(row)}")


def _why(row: sqlite3.Row) -> str:
    if row["dropped_at"]:
        return f"未告知 never told, since {_at(row['dropped_at'])}"
    waits = WAIT_WORDS.get(row["waits_for"])
    words = [f"{waits[0]} waits for {waits[1]}"] if waits else []
    if row["held_by_run"] is not None:
        words.append(
            f"采集 {row['held_by_run']} 待定 held by run {row['held_by_run']}: `gongkai runs show {row['held_by_run']}`"
        )
    return "; ".join(words) or f"采集 {row['run']} 进行中 told when run {row['run']} ends"


def _print_page(row: sqlite3.Row) -> None:
    what = f"{problem_words(row['code'])} {row['code']}"
    title = row["title"] or "(no title)"
    click.echo(clean(f"{_at(row['last_at'])}  {what}  #{row['document']} {title}  ({row['site']})"))
    click.echo(f"    {clean(row['url'])}")
    click.echo(f"    {clean(row['message'])}")


def _at(instant: str) -> str:
    return shanghai_or(instant, "—")


commands = (waiting,)
