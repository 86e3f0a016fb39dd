"""``gongkai sites fixture``: save a page as a test case of the extractor."""

from __future__ import annotations

import re
from pathlib import Path

import click

from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, clean, print_json

_PAGES = Path("tests/pages")


@click.command("fixture", short_help="Save a page as a test case.")
@click.argument("site")
@click.argument("url")
@click.option("--case", "name", help="Name of the case; without it one is made from the address.")
@click.option(
    "--dir",
    "directory",
    type=NewPath(file_okay=False),
    help=f"Where the cases lie (default: {_PAGES} of the checkout you are in).",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the files and what was read as one JSON document."
)
@click.pass_obj
def save_fixture(
    context: Context, site: str, url: str, name: str | None, directory: Path | None, as_json: bool
) -> None:
    """Save the page at URL as DIR/SITE/CASE/{page.html, meta.json, expected.json}.

    expected.json holds what is read today, marked as not reviewed: the tests fail until a person has read it, corrected it
    and set `reviewed` to true. The extraction keys of SITE are used, and kept in meta.json. Nothing is overwritten.
    Exit status 1 when the page could not be had.
    """
    from archive.batch import Outcome  # noqa: PLC0415 — Scrapy loads only for this command
    from crawler.config_values import web_address  # noqa: PLC0415
    from crawler.saved_page import case_name, read_case, write_case, write_expected  # noqa: PLC0415
    from crawler.visit import fetch_one  # noqa: PLC0415

    rules = context.extraction_rules(site)
    try:
        web_address(url)
    except ValueError as error:
        raise UsageProblem(f"{clean(url)!r}: {error}") from error
    chosen = case_name(url) if name is None else name
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,99}", chosen):
        raise UsageProblem(f"{clean(chosen)!r}: a case's name is letters, digits, dashes and underscores")
    if directory is None and not _PAGES.is_dir():
        raise UsageProblem(f"{_PAGES}: no such directory; run this in a checkout, or give --dir")
    case = (directory or _PAGES) / site / chosen
    if case.exists():
        raise UsageProblem(f"{case} exists already and is never overwritten; give another --case")
    book = context.fields()
    fetch = fetch_one(url, settings=context.settings(), config=context.config, clock=context.clock)
    if fetch.outcome is not Outcome.OK:
        told = f"{fetch.outcome.value}: {fetch.detail or fetch.status or ''}".rstrip(": ")
        raise click.ClickException(clean(f"{url} gave no page to save ({told})"))
    page = write_case(case, fetch, rules, today=context.clock().date())
    extraction = read_case(case, book)
    expected = write_expected(case, extraction)
    if as_json:
        print_json({"case": str(case), "page": str(page), "expected": str(expected), "kind": extraction.kind})
        return
    click.echo(clean(f"Saved {page} ({extraction.kind}), with meta.json and expected.json."))
    click.echo("1. Say in meta.json what kind of page it stands for; take out what names private persons.")
    click.echo(f'2. Read {clean(str(expected))} beside the page, correct it, set "reviewed" to true.')
    click.echo("3. pytest tests/crawler/test_saved_pages.py: what fails then is the extractor's to mend.")
