"""``gongkai export``: captures as WARC, documents and versions as lines of JSON or as a table."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import ExitStack, closing
from importlib.metadata import version as installed
from pathlib import Path

import click

from archive.captures import CaptureStore
from archive.export import tables
from archive.export.selection import Selection
from archive.export.whole_file import whole_file
from archive.store import open_for_reading
from archive.times import iso
from scheduler.commands.read import check_site, one_document, parse_span
from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, Steps, clean, counted


@click.command()
@click.argument("form", type=click.Choice(["warc", "jsonl", "csv"]))
@click.argument("dest", type=NewPath())
@click.option("--site", help="Of one site.")
@click.option(
    "--doc", help="Of one document: #id, a URL, an index number (索引号) or a document number (文号)."
)
@click.option(
    "--since", help="Answers, or versions first seen, since: 2026-03-01, or 2026-03-01T08:00 (Shanghai time)."
)
@click.option("--until", help="… and before this time.")
@click.option(
    "--versions",
    is_flag=True,
    help="jsonl, csv: a line for every version, not one with the current values of each document.",
)
@click.option(
    "--labels",
    is_flag=True,
    help="csv: the first row says what the columns mean (文号 Document number), not what programs call them.",
)
@click.option("--no-revisits", is_flag=True, help="warc: leave out answers that repeat an earlier one.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def export(
    context: Context,
    form: str,
    dest: Path,
    site: str | None,
    doc: str | None,
    since: str | None,
    until: str | None,
    versions: bool,
    labels: bool,
    no_revisits: bool,
    force: bool,
) -> None:
    """Write the file DEST: WARC 1.1 of all that sites answered, or documents as lines of JSON or as a table.

    DEST appears whole or not at all; a name that ends in .gz is compressed. What was withdrawn is in no export.
    Exit status 1 when a capture could not be read; the rest is written.
    """
    if versions and form == "warc":
        raise UsageProblem("--versions is for jsonl and csv; a WARC holds every answer anyway")
    if labels and form != "csv":
        raise UsageProblem("--labels is for csv; the other forms are for programs")
    if no_revisits and form != "warc":
        raise UsageProblem("--no-revisits is for warc; other forms hold none")
    if doc and "@" in doc and not doc.startswith("http"):
        raise UsageProblem(
            f"--doc {clean(doc)!r}: name a document, not a version; --versions tells them apart"
        )
    if dest.resolve() in {
        path.resolve() for path in (context.paths.archive, context.paths.captures, context.paths.alerts)
    }:
        raise UsageProblem(f"{dest} is a file of the archive itself; name another one")
    with ExitStack() as stack:
        db = stack.enter_context(closing(open_for_reading(context.paths.archive)))
        db.isolation_level = None
        db.execute("BEGIN")  # the archive as it stands now, whatever a collection adds meanwhile
        chosen = _chosen(db, site, doc, since, until)
        steps = Steps()
        compressed = dest.suffix == ".gz"
        out = stack.enter_context(whole_file(dest, force=force, compressed=compressed and form != "warc"))
        if form == "warc":
            from archive.export.warc import write_warc  # noqa: PLC0415 — warcio loads only for it

            captures = stack.enter_context(closing(open_for_reading(context.paths.captures)))
            counts = write_warc(
                out, db, CaptureStore(captures), chosen, compressed=compressed, revisits=not no_revisits,
                software=f"gongkai/{installed('gongkai')}", now=iso(context.clock()), progress=steps,
            )  # fmt: skip
        else:
            lines = tables.rows(db, chosen, versions=versions, progress=steps)
            count = (
                tables.write_csv(out, lines, versions=versions, in_words=labels)
                if form == "csv"
                else tables.write_jsonl(out, lines)
            )
            counts = Counter({"versions" if versions else "documents": count})
        steps.end()
    _tell(dest, counts)


def _chosen(
    db: sqlite3.Connection, site: str | None, doc: str | None, since: str | None, until: str | None
) -> Selection:
    check_site(db, site)
    start, end = parse_span(since, until)
    document = one_document(db, doc) if doc is not None else None
    return Selection(site=site, document=document, since=start, until=end)


def _written(count: int, name: str) -> str:
    """What the file holds; documents and versions are counted, records of a WARC named as their type is."""
    return (
        counted(count, name.removesuffix("s")) if name in ("documents", "versions") else f"{count:,} {name}"
    )


def _tell(dest: Path, counts: Counter[str]) -> None:
    unread = {"withdrawn", "pruned", "damaged"}
    written = ", ".join(_written(count, name) for name, count in counts.items() if name not in unread)
    click.echo(f"{clean(str(dest))}: {dest.stat().st_size:,} bytes; {written}")
    for name in sorted(unread & counts.keys()):
        hint = "; run `gongkai verify`" if name == "damaged" else ""
        click.echo(f"  left out: {counted(counts[name], 'capture')}, {name}{hint}", err=True)
    if counts["damaged"]:
        raise SystemExit(1)


commands: tuple[click.Command, ...] = (export,)
