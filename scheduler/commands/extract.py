"""``gongkai extract``: what gongkai sees in a page, with the evidence for each value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.model import FIELDS, Extraction, Kind, PageKind
from archive.times import parse
from scheduler.context import Context, UsageProblem
from scheduler.terminal import clean, columns, jsonable, print_json, shanghai

if TYPE_CHECKING:
    from crawler.extract.fields import FieldBook
    from crawler.extract.rules import ExtractionRules


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--url", help="Address a saved FILE came from: links in it are resolved against it.")
@click.option("--site", help="Use the extraction keys of this site file.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON document: an object for one page, a list for several."
)
@click.pass_obj
def extract(
    context: Context, pages: tuple[str, ...], url: str | None, site: str | None, as_json: bool
) -> None:
    """Show the record that gongkai reads from saved pages or addresses.

    Nothing is stored. Exit status 1 when a page gives no record or could not be had.
    """
    if url is not None and len(pages) > 1:
        raise UsageProblem("--url names the address of one page, but several pages were given")
    for address in (*([url] if url is not None else ()), *(p for p in pages if _is_address(p))):
        _check_address(address)
    book = context.fields()
    rules = context.extraction_rules(site) if site is not None else None
    results = [_extract_one(context, page, url, book, rules) for page in pages]
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    else:
        for result in results:
            _print(result)
    if any(result["kind"] != PageKind.DOCUMENT.value for result in results):
        raise SystemExit(1)


def _extract_one(
    context: Context, page: str, url: str | None, book: FieldBook, rules: ExtractionRules | None
) -> dict[str, Any]:
    from crawler.extract.page import extract_page  # noqa: PLC0415

    if _is_address(page):
        return _extract_address(context, page, book, rules)
    path = Path(page)
    if not path.is_file():
        what = "not a file" if path.exists() else "no such file (an address begins with http:// or https://)"
        raise UsageProblem(f"{clean(page)}: {what}")
    address = url or path.resolve().as_uri()
    return _as_record(page, extract_page(path.read_bytes(), address, book=book, rules=rules))


def _is_address(page: str) -> bool:
    return page.lower().startswith(("http://", "https://"))


def _check_address(address: str) -> None:
    """Raises UsageProblem for what is no address that could be fetched."""
    from crawler.config_values import web_address  # noqa: PLC0415

    try:
        web_address(address)
    except ValueError as error:
        raise UsageProblem(f"{clean(address)!r}: {error}") from error


def _extract_address(
    context: Context, address: str, book: FieldBook, rules: ExtractionRules | None
) -> dict[str, Any]:
    from archive.batch import Outcome  # noqa: PLC0415
    from crawler.extract.page import extract_page  # noqa: PLC0415
    from crawler.outcomes import LET_IN, is_private  # noqa: PLC0415
    from crawler.row_context import with_dates_ahead  # noqa: PLC0415
    from crawler.visit import fetch_one  # noqa: PLC0415

    fetch = fetch_one(address, settings=context.settings(), config=context.config, clock=context.clock)
    if fetch.capture is None or fetch.outcome is not Outcome.OK:
        message = f"{fetch.outcome.value}: {fetch.detail or fetch.status or ''}".rstrip(": ")
        if fetch.outcome is Outcome.REFUSED and is_private(fetch.detail):
            message += f"; {LET_IN}"
        problem = {
            "code": f"fetch_{fetch.outcome.value}",
            "message": message,
            "severity": "error",
            "url": address,
        }
        return {"page": address, "url": address, "kind": fetch.outcome.value, "problems": [problem]}
    headers = {name.lower(): value for name, value in fetch.capture.headers}
    extraction = extract_page(
        fetch.capture.body,
        fetch.final_url or address,
        book=book,
        rules=rules,
        content_type=headers.get("content-type"),
        status=fetch.capture.status,
        headers=headers,
    )
    return _as_record(address, with_dates_ahead(extraction, fetch.at))


def _as_record(page: str, extraction: Extraction) -> dict[str, Any]:
    record = jsonable(extraction.disclosure) if extraction.disclosure else {}
    return {
        "page": page,
        "url": extraction.url,
        "kind": extraction.kind.value,
        "platform": extraction.platform,
        **record,
        "evidence": jsonable(extraction.evidence),
        "problems": jsonable(extraction.problems),
    }


def _values(record: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, label, and value with where it stood, of everything but the text."""
    chosen = {e["field"]: e for e in record.get("evidence", ()) if e["chosen"]}
    for spec in FIELDS:
        value = record.get(spec.name)
        if value in (None, [], "") or spec.name in ("body_text", "attachments", "citations"):
            continue
        shown = "、".join(value) if isinstance(value, list) else str(value)
        if spec.kind is Kind.INSTANT:
            shown = f"{shanghai(parse(shown))} (Asia/Shanghai)"
        source = chosen.get(spec.name)
        yield spec.name, spec.zh, shown + (f"   [{source['place']}: {source['label']}]" if source else "")
    for attachment in record.get("attachments", ()):
        yield "attachment", "附件", f"{attachment['name']}  {attachment['url']}"
    for citation in record.get("citations", ()):
        what = citation["document_number"] or f"《{citation['title']}》"
        yield "citation", "引用", f"{citation['relation']}  {what}"


def _print(record: dict[str, Any]) -> None:
    click.echo(
        f"{clean(record['page'])}: {record['kind']}"
        + (f" ({record['platform']})" if record.get("platform") else "")
    )
    body = record.get("body_text")
    for line in columns(
        [*_values(record), *([("body_text", "信息内容", f"{len(body)} characters:")] if body else [])]
    ):
        click.echo(f"  {line}")
    if body:
        click.echo("\n".join(f"    {clean(line)}" for line in body.splitlines()))
    for problem in record.get("problems", ()):
        click.echo(f"  ! {problem['severity']} {problem['code']}: {clean(problem['message'])}")


commands: tuple[click.Command, ...] = (extract,)
