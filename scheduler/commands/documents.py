"""``gongkai documents``: histories that were taken for one, and the undoing of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import click

from archive.histories import merges as joined
from archive.histories.split import SplitError
from archive.histories.split import split as undo
from archive.identity import url_key
from archive.store import Transaction, exclusive, open_archive, open_for_reading
from archive.times import parse
from scheduler.commands.read import one_document
from scheduler.context import Context, UsageProblem
from scheduler.terminal import clean, counted, print_json, shanghai

_WHY = {
    "move": "found at a new address",
    "alias": "declared one by the platform",
    "unknown": "merged by an older gongkai",
}


@click.group()
def documents() -> None:
    """Documents that were taken for one history, and the undoing of it."""


@documents.command(short_help="List the documents that went into others.")
@click.argument("doc", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def merged(context: Context, doc: str | None, as_json: bool) -> None:
    """List the documents that went into DOC, or into any; `documents split` undoes one."""
    with closing(open_for_reading(context.paths.archive)) as db:
        found = joined.merges_into(db, one_document(db, doc) if doc is not None else None)
        urls = dict(db.execute("SELECT id, url FROM documents WHERE merged_into IS NOT NULL").fetchall())
    if as_json:
        print_json(
            [
                {
                    "document": m.document,
                    "url": urls.get(m.document),
                    "into": m.into,
                    "how": m.how,
                    "at": m.at,
                }
                for m in found
            ]
        )
        return
    for merge in found:
        when = shanghai(parse(merge.at)) if merge.at else "—"
        click.echo(f"#{merge.document} → #{merge.into}  {when}  {_WHY[merge.how]}")
        click.echo(f"    {clean(urls.get(merge.document, ''))}")
    if not found:
        click.echo("No documents were merged.")


@documents.command(short_help="Undo a wrong merge.")
@click.argument("doc")
@click.pass_obj
def split(context: Context, doc: str) -> None:
    """Undo a wrong merge: DOC, the document that went into another, is a history of its own again.

    DOC is its #id as `documents merged` lists it, or its address. Versions, addresses, catalogues and events go back to where
    they belong; what was told in error leaves the feed, what was kept back because of it is told. The two are never taken for
    one again.
    """
    open_for_reading(context.paths.archive).close()
    with exclusive(context.paths), closing(open_archive(context.paths).conn) as db:
        document = _absorbed(db, doc)
        try:
            with Transaction(db):
                done = undo(db, document, now=context.clock())
        except SplitError as error:
            raise UsageProblem(str(error)) from error
    click.echo(
        f"#{done.document} ({counted(done.versions, 'version')}) and #{done.other} ({counted(done.other_versions, 'version')}) stand alone;"
        f" {counted(done.withdrawn, 'event')} taken back, {done.released} told"
    )


def _absorbed(db: sqlite3.Connection, doc: str) -> int:
    """The document itself, where :func:`one_document` would lead to what it went into."""
    text = doc.strip().removeprefix("#")
    if text.isdecimal() and len(text) < 18:
        sql, value = "SELECT id FROM documents WHERE id = ?", text
    else:
        sql, value = "SELECT id FROM documents WHERE merged_into IS NOT NULL AND url = ?", doc.strip()
    rows = [row[0] for row in db.execute(sql, [value])] if value.isprintable() else []
    if not rows and doc.startswith(("http://", "https://")):
        every = db.execute("SELECT id, url FROM documents WHERE merged_into IS NOT NULL")
        rows = [row[0] for row in every if url_key(row[1]) == url_key(doc.strip())]
    if len(rows) != 1:
        raise UsageProblem(f"{clean(doc)!r}: no such merged document; `gongkai documents merged` lists them")
    return int(rows[0])


commands: tuple[click.Command, ...] = (documents,)
