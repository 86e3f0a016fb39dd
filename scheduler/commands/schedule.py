"""``gongkai schedule``: the daemon. ``gongkai crontab``: the same timetable for cron."""

from __future__ import annotations

import logging
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import click

from archive.model import SHANGHAI
from archive.store import exclusive
from crawler.yaml_file import ConfigError
from scheduler.alerts.subscriptions import load_subscriptions
from scheduler.context import Context, UsageProblem
from scheduler.daemon import Daemon
from scheduler.terminal import clean
from scheduler.timetable import crontab_lines

log = logging.getLogger("gongkai.schedule")
_LOG_TIME = "%Y-%m-%d %H:%M:%S %z"  # the machine's time: the timetable is Shanghai's


@click.command()
@click.pass_obj
def schedule(context: Context) -> None:
    """Collect every enabled site on its timetable and send alerts, until stopped.

    The configuration is read at the start. A site whose file is wrong is named and left out until the next one.
    """
    files = context.site_files()
    sites = [site for site in files.sites if site.enabled]
    if not sites and files.wrong:
        raise UsageProblem("\n".join(map(str, files.mistakes)))
    if not sites:
        raise UsageProblem(f"{context.config / 'sites'}: no enabled site; set `enabled: true` in a site file")
    settings = context.settings()  # a mistake in these would make each collection fail, hour by hour
    context.fields()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt=_LOG_TIME
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    mistakes = list(files.mistakes)
    try:
        load_subscriptions(context.config, files.keys_now)
    except (
        ConfigError
    ) as error:  # sites are collected all the same; what they publish is told once this is mended
        mistakes += error.mistakes
    for mistake in mistakes:
        log.error("%s", clean(str(mistake)))
    if files.wrong:
        log.error("not scheduled: %s; mend the files, then start this again", ", ".join(sorted(files.wrong)))
    with exclusive(context.paths, "schedule"):
        daemon = Daemon(
            sites, config=context.config, paths=context.paths, clock=context.clock, tells_operator=settings.operator is not None
        )  # fmt: skip
        daemon.run()


@click.command()
@click.pass_obj
def crontab(context: Context) -> None:
    """Print the timetable as crontab lines.

    `gongkai crontab > FILE && crontab FILE` replaces your crontab by them. Nothing is printed while a site file is wrong.
    """
    sites = [site for site in context.sites() if site.enabled]
    if not sites:
        raise UsageProblem(f"{context.config / 'sites'}: no enabled site; set `enabled: true` in a site file")
    program = str(Path(shutil.which("gongkai") or sys.argv[0]).absolute())
    base = [program, "--config", str(context.config.resolve()), "--data", str(context.paths.data.resolve())]
    log_file = context.paths.data.resolve() / "logs" / "cron.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)  # else cron's shell fails before anything is run
    click.echo("# gongkai: times are Asia/Shanghai (UTC+8).")
    here = context.clock().astimezone()
    if here.utcoffset() != timedelta(hours=8):
        click.echo(
            f"# This machine's clock is UTC{here:%z}, not {context.clock().astimezone(SHANGHAI):%z}. CRON_TZ below is"
        )
        click.echo("# understood by cronie (Fedora, RHEL), but not by Debian's cron: there, set the")
        click.echo("# machine's time zone to Asia/Shanghai, or use `gongkai schedule`.")
        click.echo("CRON_TZ=Asia/Shanghai")
    click.echo(
        "# MAILTO=you@example.org     cron mails you when a collection was not complete, or a person is needed"
    )
    for line in crontab_lines(sites, base, log_file):
        click.echo(line)


commands: tuple[click.Command, ...] = (schedule, crontab)
