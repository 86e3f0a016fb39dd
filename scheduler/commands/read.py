"""``changes``, ``show``, ``diff``, ``search``: read the archive from a terminal or a script."""

from __future__ import annotations

import sqlite3
import sys
import unicodedata
from contextlib import closing
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any

import click

from archive import feed, search
from archive.comparison import rendering
from archive.diff import compare
from archive.model import COLUMN_FIELDS, FIELD, SHANGHAI, ChangeKind, Significance
from archive.significance import describe
from archive.store import open_for_reading
from archive.times import parse
from archive.words import KIND_WORDS, SIGNIFICANCE_WORDS, kind_note, problem_words
from scheduler.context import Context, UsageProblem
from scheduler.terminal import COUNT, TIMES, WholeNumber, clean, jsonable, print_json, shanghai

_PROBLEMS = "SELECT code FROM problems WHERE document = ? GROUP BY code ORDER BY min(id)"


def _open(context: Context) -> sqlite3.Connection:
    connection = open_for_reading(context.paths.archive)
    search.register(connection)
    return connection


def parse_span(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """What ``--since`` (included) and ``--until`` (not included) gave, see :func:`parse_time`. Raises UsageProblem."""
    start = parse_time("--since", since) if since is not None else None
    end = parse_time("--until", until) if until is not None else None
    if start and end and start >= end:
        raise UsageProblem(f"--until {until} is not after --since {since}: nothing lies between them")
    return start, end


def parse_time(option: str, text: str) -> datetime:
    """``2026-03-01`` (midnight in Shanghai) or an ISO instant (Shanghai where it names no zone). Raises UsageProblem."""
    try:
        if len(text) == len("2026-03-01"):
            return datetime.combine(date.fromisoformat(text), time(), SHANGHAI).astimezone(UTC)
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # 0001-01-01 in Shanghai lies before the first year
        raise UsageProblem(
            f"{option} {clean(text)!r}: no such day or time; write 2026-03-01 or 2026-03-01T08:00 (Shanghai time)"
        ) from error


def check_site(connection: sqlite3.Connection, key: str | None) -> None:
    """Raises UsageProblem when the archive knows no site of this key: an empty answer would hide the slip."""
    known = [row[0] for row in connection.execute("SELECT key FROM sites ORDER BY key")]
    if key is not None and key not in known:
        close = get_close_matches(key, known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else f"it knows {', '.join(known) or 'none yet'}"
        raise UsageProblem(f"--site {clean(key)!r}: the archive has no such site; {hint}")


def one_document(connection: sqlite3.Connection, reference: str) -> int:
    """The document that a person means. Raises UsageProblem when none or several match."""
    found = feed.resolve_document(connection, reference) or _as_people_write(connection, reference)
    if not found:
        raise UsageProblem(
            f"{clean(reference)!r}: no such document; give #id, a URL, an index number (索引号) or a document number (文号);"
            " `gongkai search` finds documents by their words"
        )
    if len(found) > 1:
        listed = "\n".join(f"  #{d}  {title_of(connection, d)}" for d in found)
        raise UsageProblem(f"{clean(reference)!r} is not one document; name one of\n{listed}")
    return found[0]


def _as_people_write(connection: sqlite3.Connection, reference: str) -> list[int]:
    """Documents named with wide characters (＃１２), by an address without its scheme, or by a document number (文号)."""
    if not reference.isprintable():
        return []
    from crawler.extract.values import numbers  # noqa: PLC0415 — `gongkai show #12` needs none of it

    narrow = unicodedata.normalize("NFKC", reference).strip()
    for name in (narrow, f"http://{narrow}", f"https://{narrow}"):
        if found := feed.resolve_document(connection, name):
            return found
    number = numbers.normalise(reference) or reference.strip()
    rows = connection.execute(
        "SELECT DISTINCT coalesce(merged_into, id) FROM documents WHERE document_number = ? AND document_number <> '' ORDER BY 1",
        [number],
    )
    return [row[0] for row in rows]


def title_of(connection: sqlite3.Connection, document: int) -> str:
    """Title and address of a document, for one line."""
    row = connection.execute("SELECT title, url FROM documents WHERE id = ?", [document]).fetchone()
    return clean(f"{row['title'] or '(no title)'}  {row['url']}")


@click.command()
@click.option("--since", help="Detected since: 2026-03-01, or 2026-03-01T08:00 (Shanghai time).")
@click.option("--until", help="… and before this time.")
@click.option("--site", help="Of one site.")
@click.option(
    "--kind", type=click.Choice([k.value for k in ChangeKind]), help="Of one kind; default: all but baseline."
)
@click.option("--significance", type=click.Choice([s.value for s in Significance]))
@click.option(
    "--after",
    type=WholeNumber(0),
    help="Beyond this feed_seq, the highest that you have seen: what was held back and is told late has a higher one.",
)
@click.option("--limit", type=COUNT, help="The newest N only; with --after, the next N.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON document: a list, oldest first, the baseline included."
)
@click.pass_obj
def changes(
    context: Context,
    since: str | None,
    until: str | None,
    site: str | None,
    kind: str | None,
    significance: str | None,
    after: int | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """The feed: what was added, edited, moved or taken down, oldest first."""
    start, end = parse_span(since, until)
    with closing(_open(context)) as connection:
        check_site(connection, site)
        rows = feed.changes(
            connection,
            since=start,
            until=end,
            site=site,
            kind=ChangeKind(kind) if kind else None,
            significance=Significance(significance) if significance else None,
            after_seq=after,
            without_baseline=kind is None and not as_json,
            limit=limit,
        )
    if as_json:
        print_json(rows)
        return
    if rows:
        click.echo(TIMES)
    for row in rows:
        _print_change(row)
    if not rows:
        click.echo(
            "No changes." if kind else "No changes. (What first collections found is --kind baseline.)"
        )


def _print_change(row: feed.ChangeRow) -> None:
    weight = f" · {SIGNIFICANCE_WORDS[row.significance]} {row.significance.value}" if row.significance else ""
    # As `gongkai diff` takes it.
    version = f"@{row.to_version}" if row.from_version is not None and row.to_version is not None else ""
    click.echo(
        f"{shanghai(row.detected_at)}  {KIND_WORDS[row.kind][0]} {row.kind.value}{weight}  #{row.document}{version}"
        f" {'已撤下 (withdrawn)' if row.withdrawn_at else clean(row.title or '(no title)')}"
    )
    click.echo(f"    {clean(row.site)}  {clean(row.to_url or row.url)}")
    if row.kind is ChangeKind.MOVED and row.from_url:
        click.echo(f"    moved from {clean(row.from_url)}")
    if absence := absence_of(row):
        click.echo(f"    {absence}")
    if note := kind_note(row.kind, row.reasons):
        click.echo(f"    {' '.join(note)}")
    for change in row.fields:
        click.echo(f"    {FIELD[change.field].zh} {change.field}: {clean(rendering.field_line(change))}")
    for reason in row.reasons:
        click.echo(f"    {clean(describe(reason, 'zh'))} · {clean(describe(reason, 'en'))}")


def absence_of(row: feed.ChangeRow) -> str | None:
    """Between which times something went; None of a change that is no absence."""
    if row.last_present_at is None or row.first_absent_at is None:
        return None
    return f"尚在 present at {shanghai(row.last_present_at)}, 不在 absent at {shanghai(row.first_absent_at)}"


@click.command()
@click.argument("doc")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(context: Context, doc: str, as_json: bool) -> None:
    """Show one document, or one version of it (DOC@N), with its history, its text and the texts of its files.

    DOC is '#id' (in quotes: a shell takes # for a comment), a URL, an index number (索引号) or a document number (文号).
    """
    reference, number = split_version(doc)
    with closing(_open(context)) as connection:
        document = one_document(connection, reference)
        version = _load(connection, document, number)
        versions = feed.versions_of(connection, document)
        row = dict(connection.execute("SELECT * FROM documents WHERE id = ?", [document]).fetchone())
        problems = [row["code"] for row in connection.execute(_PROBLEMS, [document])]
    if as_json:
        status = {
            key: row[key] for key in ("status", "first_present_at", "last_present_at", "first_absent_at")
        }
        print_json(
            {
                "document": document,
                "site": row["site"],
                "url": row["url"],
                **status,
                **jsonable(version),
                "versions": versions,
                "problems": problems,
            }
        )
        return
    click.echo(
        f"#{document}  {row['status']}  {clean(row['url'])}  version {version.number} of {row['versions']}"
    )
    if version.withdrawn_at is not None:
        click.echo(
            f"  已撤下 withdrawn {shanghai(parse(version.withdrawn_at))}: {clean(version.withdrawn_reason or '')}"
        )
    if problems:
        named = "、".join(f"{problem_words(code)} {code}".strip() for code in problems)
        click.echo(f"  存疑 problems: {named}; `gongkai problems --doc '#{document}'` says what")
    _print_values(version)
    click.echo(f"  {TIMES}")
    for past in versions:
        reasons = "; ".join(describe(reason, "en") for reason in past.reasons)
        if past.withdrawn_at is not None:
            reasons = f"withdrawn: {past.withdrawn_reason}"
        seen = f"{shanghai(past.first_seen_at)} – {shanghai(past.last_seen_at)}"
        reasons = f"(尚待核实 not believed yet) {reasons}" if past.waits else reasons
        click.echo(f"  @{past.number}  seen {seen}  {clean(reasons)}".rstrip())
    if version.disclosure.body_text:
        click.echo("\n" + clean(version.disclosure.body_text, keep_newlines=True))
    for attachment in version.disclosure.attachments:
        if attachment.text:
            click.echo(
                f"\n附件 attachment: {clean(attachment.name)}\n{clean(attachment.text, keep_newlines=True)}"
            )


def _print_values(version: feed.StoredVersion) -> None:
    said = set[str]()
    for spec in COLUMN_FIELDS:
        value = getattr(version.disclosure, spec.name)
        text = shown_value(value) if value else ""
        # 文号原文 and the like only where they say something else
        if text and (spec.fingerprint or text not in said):
            click.echo(f"  {spec.zh} {spec.name}: {clean(text)}")
        said.add(text)
    for attachment in version.disclosure.attachments:
        click.echo(
            f"  附件 attachment: {clean(attachment.name)}  {clean(attachment.url)}  {attachment.sha256 or attachment.state}"
        )


def shown_value(value: object) -> str:
    """A record's value for a person: lists joined, instants in Shanghai's time."""
    if isinstance(value, datetime):
        return shanghai(value)
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def split_version(reference: str) -> tuple[str, int | None]:
    """``DOC@N`` → DOC and N. An @ inside a URL is left alone."""
    head, at, tail = reference.replace("＠", "@").rpartition("@")
    if at and tail.isdecimal() and len(tail) < 10:
        return head, int(tail)
    return reference, None


def _load(connection: sqlite3.Connection, document: int, number: int | None) -> feed.StoredVersion:
    try:
        return feed.load_version(connection, document, number)
    except LookupError as error:
        raise UsageProblem(
            f"#{document} has no version {number}; `gongkai show '#{document}'` lists them"
        ) from error


class _VersionOfDoc(WholeNumber):
    """A number; elsewhere a version is written DOC@N."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if split_version(str(value))[1] is not None:
            right = "write DOC once and its versions' numbers, as in `gongkai diff '#12' 1 3`"
            self.fail(f"{clean(str(value))!r}: {right}", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("doc")
@click.argument("from_version", type=_VersionOfDoc(1), required=False, metavar="[FROM]")
@click.argument("to_version", type=_VersionOfDoc(1), required=False, metavar="[TO]")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def diff(
    context: Context, doc: str, from_version: int | None, to_version: int | None, form: str, as_json: bool
) -> None:
    """Compare two versions of DOC: by default the newest with the one before it, DOC@N with the one before N."""
    reference, number = split_version(doc)
    if number is not None and from_version is not None:
        raise UsageProblem(
            f"{clean(doc)!r} names a version already; write DOC@N, or DOC with the versions FROM and TO"
        )
    form, to_version = "json" if as_json else form, number if number is not None else to_version
    with closing(_open(context)) as connection:
        document = one_document(connection, reference)
        newest = len(feed.versions_of(connection, document))
        new = to_version if to_version is not None else newest
        old = from_version if from_version is not None else new - 1
        if from_version is None and (newest < 2 or new == 1):
            why = "has only one version" if newest < 2 else "@1 is its first version"
            raise UsageProblem(f"#{document} {why}: there is nothing to compare")
        before, after = _load(connection, document, old), _load(connection, document, new)
    for one in (before, after):
        if one.withdrawn_at is not None:
            raise click.ClickException(
                f"#{document}@{one.number} was withdrawn on {shanghai(parse(one.withdrawn_at))}"
                f" ({clean(one.withdrawn_reason or '')}): there is nothing to compare"
            )
    comparison = compare(before.disclosure, after.disclosure)
    if form == "json":
        print_json({"document": document, "from": old, "to": new, **rendering.as_json(comparison)})
    elif form == "html":
        click.echo(rendering.as_html(comparison))
    else:
        click.echo(
            f"#{document}  @{old} {shanghai(before.first_seen_at)} → @{new} {shanghai(after.first_seen_at)}"
            "  (Asia/Shanghai)"
        )
        click.echo(rendering.as_text(comparison, color=sys.stdout.isatty()))


@click.command("search")
@click.argument("query")
@click.option("--site", help="Of one site.")
@click.option("--limit", type=COUNT, default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def search_command(context: Context, query: str, site: str | None, limit: int, as_json: bool) -> None:
    """Find documents by words of any length, in Chinese or not; several words must all occur."""
    words = search.number_of_words(query)
    if not words:
        raise UsageProblem(f"QUERY {clean(query)!r}: there is no word in it that could be searched for")
    if words > search.MOST_WORDS:
        raise UsageProblem(f"QUERY: {words} words; at most {search.MOST_WORDS} can be searched for at once")
    with closing(_open(context)) as connection:
        check_site(connection, site)
        hits = search.search(connection, query, site=site, limit=limit + 1)
    more, hits = len(hits) > limit, hits[:limit]
    if as_json:
        print_json(hits)
        return
    for hit in hits:
        click.echo(f"#{hit.document}  {clean(hit.title or '(no title)')}")
        file = f"附件 in the file “{clean(hit.file)}”: " if hit.file else ""
        click.echo(f"    {clean(hit.site)}  {clean(hit.url)}\n    {file}{clean(hit.snippet)}")
    if more:
        click.echo(f"Only the first {limit} are shown; there are more, see --limit.")
    if not hits:
        click.echo("Nothing found.")


commands: tuple[click.Command, ...] = (changes, show, diff, search_command)
