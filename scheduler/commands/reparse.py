"""``gongkai reparse``: the stored captures read again by today's extractor."""

from __future__ import annotations

import sys
from contextlib import closing, nullcontext
from typing import Any

import click

from archive import reparse as again
from archive.captures import CaptureStore
from archive.store import exclusive, open_archive, open_captures, open_for_reading
from scheduler.context import Context, UsageProblem
from scheduler.terminal import clean, counted, print_json

_WHY = {
    "no_capture": "no stored capture (pruned or withdrawn)",
    "damaged": "a damaged capture; run `gongkai verify`",
    "damaged_row": "a damaged row or text; run `gongkai verify`",
    "no_record": "no record is read today",
    "text_lost": "no text is read today: were they another platform's pages?",
}


@click.command()
@click.option("--site", help="Only the versions of one site.")
@click.option(
    "--apply", "write", is_flag=True, help="Rewrite the values; without it, only report what would change."
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def reparse(context: Context, site: str | None, write: bool, as_json: bool) -> None:
    """Read the captures of older extractor revisions again. No change is told, no version is added.

    First look at the report, then --apply it. A run that was stopped goes on where it was. Exit status 1 when some
    version could not be read again; it stays as it is.
    """
    from crawler.stored_pages import SiteExtractors  # noqa: PLC0415 — lxml and bs4 load only for this command

    paths = context.paths
    open_for_reading(paths.archive).close()
    extractor = SiteExtractors(context.fields(), context.sites())
    with (
        exclusive(paths) if write else nullcontext(),
        closing(extractor),
        closing(open_archive(paths).conn if write else open_for_reading(paths.archive)) as archive,
        closing(open_captures(paths).conn if write else open_for_reading(paths.captures)) as captures,
    ):
        if site is not None and not archive.execute("SELECT 1 FROM sites WHERE key = ?", [site]).fetchone():
            raise UsageProblem(f"the archive holds no site {clean(site)!r}; `gongkai status` lists its sites")
        total = again.waiting(archive, extractor, site)
        bar: Any = nullcontext()
        if total and not as_json and sys.stderr.isatty():
            bar = click.progressbar(length=total, label="reading again", file=sys.stderr)
        with bar as shown:
            report = again.reparse(
                archive, CaptureStore(captures), extractor, site=site, apply=write,
                progress=shown.update if shown is not None else lambda _: None,
            )  # fmt: skip
    if as_json:
        print_json(again.as_json(report))
    else:
        _print(report, write)
    if report.unread:
        raise SystemExit(1)


def _print(report: again.Report, write: bool) -> None:
    click.echo(f"{counted(report.versions, 'version')} of older revisions of the extractor")
    for name, found in sorted(report.fields.items(), key=lambda item: -len(item[1].documents)):
        click.echo(
            f"  {name:<20} differs in {counted(found.versions, 'version')} of {counted(len(found.documents), 'document')}"
        )
        for document, number, old, new in found.samples:
            click.echo(f"    #{document}@{number}  {_short(old)} → {_short(new)}")
    for reason, count in sorted(report.unread.items()):
        click.echo(f"  left as is: {counted(count, 'version')}, {_WHY[reason]}")
    if write:
        click.echo(f"{counted(report.rewritten, 'version')} rewritten; no change is told")
    elif report.versions:
        click.echo("Nothing was written; --apply rewrites")


def _short(text: str | None) -> str:
    return "∅" if text is None else clean(text if len(text) <= 60 else text[:59] + "…")


commands: tuple[click.Command, ...] = (reparse,)
