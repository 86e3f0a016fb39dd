"""``gongkai sites``: the site files, and whether they are right."""

from __future__ import annotations

import click

from crawler.regions import load_regions
from crawler.sites import LEVELS, Site, platforms
from crawler.yaml_file import ConfigError
from scheduler.commands.sites_add import add_site
from scheduler.commands.sites_fixture import save_fixture
from scheduler.configuration import read_all
from scheduler.context import Context, UsageProblem
from scheduler.terminal import clean, columns, counted, print_json


@click.group()
def sites() -> None:
    """The sites that are described in config/sites."""


@sites.command("list")
@click.option(
    "--province", help="Only of this province-level unit, in Chinese: 广东. unknown: of no known one."
)
@click.option("--platform", type=click.Choice(platforms()), help="Only on this platform.")
@click.option("--level", type=click.Choice(LEVELS), help="Only of this level of government.")
@click.option(
    "--enabled/--disabled", "enabled", default=None, help="Only those that are, or are not, enabled."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document: a list of sites.")
@click.pass_obj
def list_sites(
    context: Context,
    province: str | None,
    platform: str | None,
    level: str | None,
    enabled: bool | None,
    as_json: bool,
) -> None:
    """The sites, by key."""
    every = context.sites()
    if province is not None:
        _check_province(context, province, every)
    found = [
        site
        for site in every
        if (province is None or _same_place(site.province, province))
        and platform in (None, site.platform)
        and level in (None, site.level)
        and enabled in (None, site.enabled)
    ]
    if as_json:
        print_json([site.model_dump(mode="json") for site in found])
        return
    for line in columns([_row(site) for site in found]):
        click.echo(line)
    click.echo(counted(len(found), "site"))


def _same_place(one: str, other: str) -> bool:
    """广东 and 广东省."""
    return one.startswith(other) or other.startswith(one)


def _check_province(context: Context, given: str, every: list[Site]) -> None:
    """Raises UsageProblem where nobody knows such a province: an empty list would hide the slip."""
    try:
        regions = load_regions(context.config)
    except ConfigError as error:
        raise UsageProblem(str(error)) from error
    names = [regions.national.name, *(r.name for r in regions.regions), *(site.province for site in every)]
    known = list(dict.fromkeys([*names, "unknown"]))
    if not given or not any(_same_place(name, given) for name in known):
        raise UsageProblem(
            f"--province {clean(given)!r}: there is no such one; write one of {'、'.join(known)}"
        )


def _row(site: Site) -> tuple[str, ...]:
    state = "enabled" if site.enabled else "disabled"
    tested = f"tested live {site.tested_live}" if site.tested_live else "never tested live"
    return site.site, site.name, site.province, site.level, site.platform, f"{state}, {tested}"


@sites.command(short_help="Check every configuration file.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(context: Context, as_json: bool) -> None:
    """Check every configuration file; exit status 2 when one is wrong, naming file, line and key."""
    context.require_config()
    found = read_all(context.config)
    if as_json:
        print_json([mistake.as_json() for mistake in found.mistakes])
        raise SystemExit(2 if found.mistakes else 0)
    if found.mistakes:
        raise UsageProblem("\n".join(map(str, found.mistakes)))
    count = len(found.files.sites) if found.files is not None else 0
    click.echo(f"{counted(count, 'site file')}, settings, fields, regions and subscriptions are right.")


sites.add_command(add_site)
sites.add_command(save_fixture)

commands: tuple[click.Command, ...] = (sites,)
