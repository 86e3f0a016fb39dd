"""``gongkai sites add``: look at a catalogue's address and draft its site file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from archive.identity import url_key
from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, clean, columns, print_json

if TYPE_CHECKING:
    from crawler.survey.asking import Step
    from crawler.survey.findings import Finding
    from crawler.survey.outcome import Survey


@click.command("add", short_help="Draft a site file from the address of a catalogue (目录, 栏目).")
@click.argument("url")
@click.option("--key", help="Key of the site; without it one is made from the host.")
@click.option("--output", type=NewPath(dir_okay=False), help="Where to write; its name must be the key.")
@click.option("--dry-run", is_flag=True, help="Show the file, write nothing.")
@click.option(
    "--draft",
    "keep_draft",
    is_flag=True,
    help="Write a form to be completed by hand even when nothing could be told.",
)
@click.option(
    "--robots-unreachable",
    type=click.Choice(["forbid", "allow"]),
    default="forbid",
    help="What a robots.txt means that cannot be had; the file says so, too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.pass_obj
def add_site(
    context: Context,
    url: str,
    key: str | None,
    output: Path | None,
    dry_run: bool,
    keep_draft: bool,
    robots_unreachable: Literal["forbid", "allow"],
    as_json: bool,
) -> None:
    """Draft a site file from the address of a catalogue (目录, 栏目) as a browser shows it.

    A few pages are fetched, as politely as a collection would. The file is config/sites/KEY.yml; each part says how sure it
    is, and what to look at. Nothing is ever overwritten, and an address that a site has already is refused
    without --key. Exit status 1 when it could not be told how to collect the site;
    the report says what was tried.
    """
    from crawler.survey.draft import draft  # noqa: PLC0415

    chosen, path = _where(context, url, key, output)
    if not dry_run and path.exists():
        raise UsageProblem(f"{path} exists already and is never overwritten; give another --key or --output")
    described = _described(context)
    other = described.get(url_key(url))
    if other is not None and key is None and output is None and not dry_run:
        raise UsageProblem(
            f"{clean(url)}: the site {other} has this catalogue already; give --key to write another file beside that one,"
            " or --dry-run to see what is seen today"
        )
    survey = _look(context, url, robots_unreachable, quiet=as_json)
    text = draft(survey, chosen, today=_today(context), without_robots=robots_unreachable == "allow")
    writes = not dry_run and (survey.can_tell or keep_draft)
    if writes:
        _write(path, text)
    report = _report(survey, chosen, str(path) if writes else None, text)
    report["notes"] = [
        *survey.notes,
        *(
            f"the site {known} has {one.url} already: while both are enabled, all that changes there is told twice"
            for one in survey.lists
            if (known := described.get(url_key(one.url))) is not None
        ),
    ]
    if as_json:
        print_json(report)
    else:
        _print(survey, report, dry_run=dry_run, command=context.command_line)
    raise SystemExit(0 if survey.can_tell else 1)


def _described(context: Context) -> dict[str, str]:
    """Address of a catalogue, as it is compared, → key of the site that has it."""
    from crawler.sites import read_sites  # noqa: PLC0415
    from crawler.yaml_file import ConfigError  # noqa: PLC0415

    try:
        sites = read_sites(context.config).sites
    except ConfigError:  # no directory of sites yet
        return {}
    return {url_key(catalogue.url): site.site for site in sites for catalogue in site.catalogues}


def _where(context: Context, url: str, key: str | None, output: Path | None) -> tuple[str, Path]:
    """Key and file. Raises UsageProblem for an address, key or file name that cannot be."""
    from pydantic import ValidationError  # noqa: PLC0415

    from crawler.sites import Catalogue, site_files  # noqa: PLC0415
    from crawler.survey.draft import site_key  # noqa: PLC0415

    context.require_config()
    taken = {file.stem: file for file in site_files(context.config)}
    try:
        Catalogue(key="page", url=url)
    except ValidationError as error:
        raise UsageProblem(
            f"{clean(url)}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
        ) from error
    if output is not None and output.suffix != ".yml":
        raise UsageProblem(f"{output}: site files end in .yml")
    if output is not None and key is not None and output.stem != key:
        raise UsageProblem(f"{output}: the file's name must be the key, {key}.yml")
    chosen = key
    if chosen is None:
        chosen = output.stem if output is not None else site_key(url, taken)
    try:
        Catalogue(key=chosen, url=url)
    except ValidationError as error:
        raise UsageProblem(
            f"{clean(chosen)!r}: a key is lower-case letters, digits and dashes, at most 63"
        ) from error
    if chosen in taken:
        raise UsageProblem(f"{taken[chosen]} has the key {chosen!r} already; give another --key")
    return chosen, output or context.config / "sites" / f"{chosen}.yml"


def _look(
    context: Context, url: str, robots_unreachable: Literal["forbid", "allow"], *, quiet: bool
) -> Survey:
    from crawler.regions import load_regions  # noqa: PLC0415
    from crawler.sites import RobotsPolicy  # noqa: PLC0415
    from crawler.survey.asking import Asker  # noqa: PLC0415
    from crawler.survey.survey import Surveyor  # noqa: PLC0415
    from crawler.visit import Visit  # noqa: PLC0415
    from crawler.yaml_file import ConfigError  # noqa: PLC0415

    settings = context.settings()
    book = context.fields()
    try:
        regions = load_regions(context.config)
    except ConfigError as error:
        raise UsageProblem(str(error)) from error
    robots = RobotsPolicy(unreachable=robots_unreachable)
    with Visit(url, settings=settings, config=context.config, clock=context.clock, robots=robots) as visit:
        asker = Asker(visit.fetch, (lambda _: None) if quiet else _say)
        return Surveyor(asker, book, regions).survey(url)


def _today(context: Context) -> Any:
    from archive.model import SHANGHAI  # noqa: PLC0415

    return context.clock().astimezone(SHANGHAI).date()


def _say(step: Step) -> None:
    detail = f" ({step.detail})" if step.detail else ""
    click.echo(clean(f"  {step.outcome.value:<8} {step.url}{detail}"), err=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageProblem(f"{path} exists already and is never overwritten") from error


def _report(survey: Survey, key: str, file: str | None, text: str) -> dict[str, Any]:
    from crawler.survey.draft import catalogue_keys  # noqa: PLC0415

    keys = iter(catalogue_keys(survey))
    platform = [survey.platform] if survey.platform is not None else []
    return {
        "url": survey.url,
        "recognised": survey.can_tell,
        "enabled": survey.is_certain,
        "problem": survey.problem,
        "site": key,
        "file": file,
        "parts": [_finding(part) for part in (*platform, *survey.parts)],
        "catalogues": [
            {
                "key": next(keys), "name": one.name, "url": one.url, "options": one.options, "rows": len(one.rows),
                "pages": one.pages, "paging": _finding(one.paging),
            }
            for one in survey.lists
        ]
        + [
            {"key": next(keys), "name": name, "url": url, "options": options, "rows": None, "pages": None, "paging": None}
            for _, name, url, options in survey.unseen
        ],
        "documents": [
            {"url": d.url, "title": d.title, "kind": d.kind, "fields": d.fields, "problems": d.problems, "detail": d.detail}
            for d in survey.documents
        ],
        "notes": survey.notes,
        "steps": [{"url": s.url, "outcome": s.outcome, "detail": s.detail} for s in survey.steps],
        "text": text,
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "part": finding.part, "value": finding.value, "certainty": finding.certainty, "word": finding.word,
        "why": finding.why, "look": finding.look,
    }  # fmt: skip


def _print(survey: Survey, report: dict[str, Any], *, dry_run: bool, command: str) -> None:
    for note in report["notes"]:
        click.echo(clean(f"- {note}"))
    walked = [catalogue for catalogue in report["catalogues"] if catalogue["paging"]]
    several = len(walked) > 1  # each line says of which list it is
    pagings = [{**c["paging"], "part": f"paging of {c['key']}"} if several else c["paging"] for c in walked]
    parts = [*report["parts"], *pagings]
    if report["file"] is None and not dry_run:  # there is no file in which the others could be looked at
        parts = [{**p, "look": ()} for p in parts if p["word"] != "not known"]
    for line in columns([(p["part"], p["word"], p["value"]) for p in parts]):
        click.echo(line)
    # Nothing to be mended in a file that is not there.
    for part in parts if report["file"] is not None or dry_run else ():
        for look in part["look"]:
            click.echo(clean(f"  look at {part['part']}: {look}"))
    if dry_run:
        click.echo(report["text"], nl=False)
    if survey.problem is not None:
        click.echo(clean(f"Not recognised: {survey.problem}"), err=True)
        if report["file"] is None and not dry_run:
            click.echo("Nothing was written; --draft writes a form to be completed by hand.", err=True)
    if report["file"] is not None:
        click.echo(clean(f"Wrote {report['file']}"))
        if survey.can_tell:
            if not survey.is_certain:
                click.echo("It is not enabled: look at it first.")
            click.echo(clean(f"Next: {command} sites check; {command} collect {report['site']} --budget 30"))
