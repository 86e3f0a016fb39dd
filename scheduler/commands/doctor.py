"""``gongkai doctor``: is this installation fit to be relied on?"""

from __future__ import annotations

import click

from scheduler.context import Context
from scheduler.doctor import State, examine
from scheduler.terminal import clean, print_json

_MARKS = {State.OK: "ok     ", State.WARNING: "warning", State.ERROR: "ERROR  "}


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(context: Context, as_json: bool) -> None:
    """Look at SQLite, disk, clock, locks, files, runs, sites, mail and configuration. Exit status 1 on an error."""
    findings = examine(context.paths, context.config, now=context.clock())
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.state]}  {finding.check:<14} {clean(finding.message)}")
            if finding.advice:
                click.echo(f"{'':25}→ {clean(finding.advice)}")
    if any(finding.state is State.ERROR for finding in findings):
        raise SystemExit(1)


commands: tuple[click.Command, ...] = (doctor,)
