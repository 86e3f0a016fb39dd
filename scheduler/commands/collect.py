"""``gongkai collect``: one collection now; the line for cron."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

import click

from archive.model import RunReport, SiteReport
from archive.store import LockedError, Paths, lock_holder
from scheduler.context import Context, UsageProblem
from scheduler.neglected import known_broken
from scheduler.terminal import COUNT, WholeNumber, clean, jsonable, print_json

if TYPE_CHECKING:
    from crawler.sites import Site, SiteFiles
    from crawler.yaml_file import Mistake

# The counts that tell what happened, in the order of a reader's interest.
_NEWS = ("new", "edited", "attachment", "moved", "unlisted", "missing", "removed", "restored", "baseline")

_LOOK_EVERY = 1.0  # seconds, while another one collects
_MOST_NAMED = 5  # files in the last line; each stands with its mistakes above


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option(
    "--full", is_flag=True, help="Walk every catalogue to its end (a full walk is due weekly anyway)."
)
@click.option("--budget", type=COUNT, help="At most this many requests per site, instead of its own.")
@click.option(
    "--wait", type=WholeNumber(0, 1440), default=0, show_default=True, metavar="MINUTES",
    help="Wait so long for another gongkai that writes here to end, instead of failing at once.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the run report as one JSON document.")
@click.pass_obj
def collect(
    context: Context, sites: tuple[str, ...], full: bool, budget: int | None, wait: int, as_json: bool
) -> None:
    """Collect the named sites, or every enabled one, and record what they publish.

    A site that is named is collected even when its file says `enabled: false`. Exit status 1 when a
    site could not be collected completely; the report says why. One whose file says `broken_until` gives no such alarm
    before that day is over. A site whose file is wrong is left out, the others are collected, and the exit status is 2.
    """
    from crawler.run import collect as collect_sites  # noqa: PLC0415 — Scrapy loads only for this command

    chosen, wrong = choose_sites(context.site_files(), sites)
    mistakes = [mistake for key in wrong for mistake in wrong[key]]
    if not chosen and wrong:
        raise UsageProblem("\n".join(map(str, mistakes)))
    if not chosen:
        raise UsageProblem(
            f"{context.config / 'sites'}: no enabled site; set `enabled: true` in a site file, or name a site"
        )
    context.fields()  # a mistake in it is told before anything is fetched
    watch = Watch(sys.stderr, columns=get_terminal_size().columns)

    broken = known_broken(chosen, context.clock())

    def progress(site: SiteReport) -> None:
        watch.ended(site.site)
        if not as_json:
            print_site(site)
            if site.site in broken:
                works = "; it was complete now" if site.outcome == "complete" else ""
                click.echo(f"  - its file says that it is broken until {broken[site.site]}{works}")

    settings = context.settings()
    for mistake in mistakes:
        click.echo(clean(str(mistake)), err=True)
    report = patiently(
        lambda: collect_sites(
            chosen, paths=context.paths, config=context.config, settings=settings, clock=context.clock, full=full,
            budget=budget, progress=progress, watch=watch,
        ),
        context.paths, seconds=wait * 60,
    )  # fmt: skip
    if as_json:
        print_json(report_as_json(report, mistakes))
    elif len(report.sites) > 1:
        _print_total(report)
    if mistakes:
        _print_wrong(mistakes)
    loud = replace(report, sites=tuple(site for site in report.sites if site.site not in broken))
    sys.exit(2 if mistakes else 0 if loud.fully_done else 1)


def patiently(work: Callable[[], RunReport], paths: Paths, *, seconds: float) -> RunReport:
    """What ``work`` gives, once nobody else writes in the data directory.

    Raises archive.store.LockedError when that takes longer than so many seconds.
    """
    end, said = time.monotonic() + seconds, False
    while True:
        holder = lock_holder(paths)
        if holder is None or time.monotonic() >= end:
            try:
                return work()
            except LockedError:  # somebody else who waited was faster
                if time.monotonic() >= end:
                    raise
                holder = "unknown"
        if not said:
            click.echo(
                f"Another gongkai is writing in {paths.data} ({clean(holder)}); waiting for its end.",
                err=True,
            )
        said = True
        time.sleep(_LOOK_EVERY)


class Watch:
    """What is being collected now, in one line of a terminal that is written over: a first collection takes an hour. Elsewhere nothing."""

    def __init__(self, stream: TextIO, *, columns: int) -> None:
        self._stream, self._columns, self._shown = stream, columns, stream.isatty()
        self._sites: dict[str, str] = {}

    def __call__(self, site: str, asked: int, documents: int) -> None:
        """A site has begun, or something of it was recorded."""
        self._sites[site] = (
            f"{site}: {asked:,} asked for, {documents:,} documents read" if asked else f"{site}: begun"
        )
        self._write("  ".join(self._sites.values())[: self._columns - 1])

    def ended(self, site: str) -> None:
        """A site's own line comes now."""
        self._sites.pop(site, None)
        self._write("")

    def _write(self, line: str) -> None:
        if self._shown:
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()


def choose_sites(
    files: SiteFiles, names: Sequence[str]
) -> tuple[list[Site], Mapping[str, tuple[Mistake, ...]]]:
    """The sites with these keys, or every enabled one, and the mistakes of those asked for whose file is wrong.

    Raises UsageProblem on a name that no file has.
    """
    if not names:
        return [site for site in files.sites if site.enabled], files.wrong
    by_key = {site.site: site for site in files.sites}
    chosen, wrong = [], {}
    for name in dict.fromkeys(names):
        if name in by_key:
            chosen.append(by_key[name])
        elif name in files.wrong:
            wrong[name] = files.wrong[name]
        else:
            close = get_close_matches(name, files.keys, n=3)
            hint = f"; did you mean {', '.join(close)}?" if close else "; `gongkai sites list` shows all"
            raise UsageProblem(f"no site file has the key {clean(name)!r}{hint}")
    return chosen, wrong


def report_as_json(report: RunReport, mistakes: Sequence[Mistake] = ()) -> dict[str, object]:
    """The report, ``{"run":…, "sites":[…]}``, with the mistakes of files whose sites were left out."""
    result = jsonable(report)
    assert isinstance(result, dict)
    return {**result, "mistakes": [mistake.as_json() for mistake in mistakes]}


def _print_wrong(mistakes: Sequence[Mistake]) -> None:
    files = list(dict.fromkeys(str(mistake.file) for mistake in mistakes))
    shown = ", ".join(files[:_MOST_NAMED]) + (
        f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    )
    whose = "as its file is wrong" if len(files) == 1 else f"as their {len(files)} files are wrong"
    click.echo(
        f"Error: not collected, {whose}: {clean(shown)}; mend what is named above; `gongkai sites check` looks at all",
        err=True,
    )


def site_line(site: SiteReport) -> str:
    """One line for a person: outcome, what was asked for, what is new."""
    news = "  ".join(f"{name} {getattr(site, name)}" for name in _NEWS if getattr(site, name))
    asked = f"{site.fetched}/{site.scheduled} fetched"
    trouble = "  ".join(
        f"{name} {getattr(site, name)}" for name in ("blocked", "failed", "skipped") if getattr(site, name)
    )
    return "  ".join(
        part for part in (f"{site.site}: {site.outcome}", asked, trouble, news or "no change") if part
    )


def print_site(site: SiteReport) -> None:
    """The site's line, why it is not complete, and the problems that are not said by that already."""
    click.echo(f"{clean(site_line(site))}  ({site.seconds:.1f} s)")
    for reason in site.reasons:
        click.echo(f"  - {clean(reason)}")
    for problem in site.problems:
        if problem.message in site.reasons:
            continue
        where = f" {problem.url}" if problem.url else ""
        click.echo(f"  ! {problem.severity.value} {problem.code}: {clean(problem.message + where)}")


def _print_total(report: RunReport) -> None:
    complete = sum(site.outcome == "complete" for site in report.sites)
    click.echo(f"{complete} of {len(report.sites)} sites complete")


commands: tuple[click.Command, ...] = (collect,)
