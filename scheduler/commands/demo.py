"""``gongkai demo``: the whole of it in a minute, on this machine alone."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import click

from archive import feed
from archive.model import ChangeKind
from archive.significance import describe
from archive.store import Paths, exclusive, open_for_reading
from archive.words import KIND_WORDS
from scheduler.alerts.sending import send_due
from scheduler.alerts.subscriptions import load_subscriptions
from scheduler.commands.collect import site_line
from scheduler.commands.read import absence_of
from scheduler.context import Context, UsageProblem
from scheduler.demo.office import Office
from scheduler.terminal import WholeNumber, clean, columns

_SITE = """site: {key}
name: {name}
name_en: {name_en}
province: 示例省
level: {level}
url: http://127.0.0.1:{port}/
platform: {platform}
catalogues:
  - key: {catalogue}
    name: {catalogue_name}
    url: http://127.0.0.1:{port}{path}
pace: {{delay: 0, concurrency: 2}}
confirm: {{checks: 1, days: 0}}
"""
_MARK = "yunxi-gov.yml"  # a site file that no other installation has
_SUBSCRIPTIONS = """subscriptions:
  - key: editors
    to: editors@example.org
    schedule: {}
"""


@click.command()
@click.option("--once", is_flag=True, help="End after the second collection instead of serving the archive.")
@click.option("--port", type=WholeNumber(0, 65535), default=8001, show_default=True)
@click.pass_obj
def demo(context: Context, once: bool, port: int) -> None:
    """Collect a sample disclosure office, edit it, collect it again, and show what changed."""
    from crawler.config import load_settings  # noqa: PLC0415 — loads Scrapy
    from crawler.run import collect  # noqa: PLC0415
    from crawler.sites import load_sites  # noqa: PLC0415

    home = context.data / "demo"
    paths, config = Paths(home), home / "config"
    own, fields = context.settings(), context.config / "fields.yml"
    if not fields.exists():
        raise UsageProblem(
            f"{fields}: no such file; run the demonstration from the project's directory or give --config"
        )
    _make_room(home)
    with Office() as office:
        _write_config(config, office, fields)
        sites, settings = load_sites(config), load_settings(config)
        settings = settings.model_copy(update={"smtp": own.smtp, "mail_from": own.mail_from})
        subscriptions = load_subscriptions(config)

        def collected() -> None:
            report = collect(
                sites, paths=paths, config=config, settings=settings, clock=context.clock, full=True
            )
            for site in report.sites:
                click.echo(f"  {clean(site_line(site))}")
                for reason in site.reasons:
                    click.echo(f"    - {clean(reason)}")

        click.echo("1. First collection of two sample sites. What it finds is a baseline, not news.")
        collected()
        send_due(paths, subscriptions, settings, clock=context.clock)  # a new subscription starts here
        click.echo("2. The office adds a notice, lowers a fine, replaces an attachment, takes a page down,")
        click.echo("   and re-decorates a page without changing what it says.")
        office.add_notice(context.clock())
        office.change_figure()
        office.replace_attachment()
        office.take_down()
        office.redecorate()
        click.echo("3. Second collection.")
        collected()
    _tell(paths)
    done = send_due(paths, subscriptions, settings, clock=context.clock)
    for error in done.errors:
        click.echo(f"   ! {clean(error)}", err=True)
    _tell_mail(paths)
    click.echo(f"6. The archive is {paths.archive}")
    there = replace(context, config=config, data=home).command_line
    click.echo(f"   Read it: {there} changes")
    if once:
        click.echo(f"   Browse it: {there} browse")
        return
    _serve(paths, port)


def _make_room(home: Path) -> None:
    """Remove an earlier demonstration. Raises UsageProblem where something else has its name."""
    if not home.exists():
        return
    if not home.is_dir() or (
        any(p.is_file() for p in home.rglob("*")) and not (home / "config" / "sites" / _MARK).exists()
    ):
        raise UsageProblem(
            f"{home} was not made by `gongkai demo`, which would replace it; give another --data, or move it away"
        )
    with exclusive(Paths(home)):  # another demonstration may be collecting
        pass
    shutil.rmtree(home)


def _write_config(config: Path, office: Office, fields: Path) -> None:
    (config / "sites").mkdir(parents=True)
    for values in (
        {"key": "yunxi-gov", "name": "云溪市人民政府", "name_en": "Yunxi Municipal Government", "level": "municipal",
         "platform": "static_list", "catalogue": "gongwen", "catalogue_name": "政府文件",
         "path": "/zwgk/gongwen/index.html", "port": office.ports[0]},
        {"key": "yunxi-samr", "name": "云溪市市场监督管理局", "name_en": "Yunxi Market Regulation Bureau",
         "level": "department", "platform": "gkmlpt", "catalogue": "all", "catalogue_name": "信息公开目录",
         "path": "/gkmlpt/index", "port": office.ports[1]},
    ):  # fmt: skip
        (config / "sites" / f"{values['key']}.yml").write_text(_SITE.format(**values), encoding="utf-8")
    shutil.copy(fields, config / "fields.yml")
    ports = ", ".join(f'"127.0.0.1:{p}"' for p in office.ports)
    (config / "settings.yml").write_text(f"contact: demo\nallow_private: [{ports}]\n", encoding="utf-8")
    (config / "subscriptions.yml").write_text(_SUBSCRIPTIONS, encoding="utf-8")


def _tell(paths: Paths) -> None:
    click.echo("4. What changed:")
    with closing(open_for_reading(paths.archive)) as connection:
        rows = [row for row in feed.changes(connection) if row.kind is not ChangeKind.BASELINE]
    lines = columns([(" ".join(KIND_WORDS[row.kind]), row.title or row.url) for row in rows])
    for row, line in zip(rows, lines, strict=True):
        click.echo(f"   {line}")
        for reason in row.reasons:
            click.echo(f"      {clean(describe(reason, 'zh'))} · {clean(describe(reason, 'en'))}")
        if absence := absence_of(row):
            click.echo(f"      {absence} (Asia/Shanghai)")


def _tell_mail(paths: Paths) -> None:
    files = sorted(paths.outbox.glob("*.eml")) if paths.outbox.exists() else []
    if not files:
        click.echo("5. The digest went to the configured SMTP server.")
        return
    for file in files:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        parts = ", ".join(part.get_content_type() for part in message.iter_parts())
        click.echo(f"5. The digest e-mail ({parts}): {file}")
        click.echo(f"   Subject: {clean(str(message['Subject']))}")


def _serve(paths: Paths, port: int) -> None:
    from scheduler.commands.browse import address_of, datasette_for, listen, serve  # noqa: PLC0415

    host = "127.0.0.1"
    try:
        door = listen(host, port)
    except UsageProblem:
        click.echo(f"   Port {port} is taken; another one is used.")
        door = listen(host, 0)
    with closing(door):
        app = datasette_for(paths).app()
        click.echo(f"   Open {address_of(host, door)}  (Ctrl-C to stop)")
        serve(app, door)


commands: tuple[click.Command, ...] = (demo,)
