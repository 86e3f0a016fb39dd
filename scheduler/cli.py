"""The ``gongkai`` command. Each command lives in its own module of :mod:`scheduler.commands` and loads when asked for."""

from __future__ import annotations

import importlib
import os
import sqlite3
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.store import ArchiveError
from scheduler.context import Context

# Command → module that defines it: importing Scrapy or Datasette for `gongkai changes` would cost a second.
_MODULES: Mapping[str, str] = {
    "collect": "collect",
    "extract": "extract",
    "sites": "sites",
    "changes": "read",
    "show": "read",
    "diff": "read",
    "search": "read",
    "runs": "runs",
    "status": "runs",
    "alerts": "alerts",
    "schedule": "schedule",
    "crontab": "schedule",
    "browse": "browse",
    "publish": "browse",
    "reparse": "reparse",
    "backup": "backup",
    "restore": "backup",
    "doctor": "doctor",
    "demo": "demo",
}


_HINT = "Look at the disk's space and permissions, and that --data names an archive."


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        commands: tuple[click.Command, ...] = importlib.import_module(f"scheduler.commands.{module}").commands
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.UsageError(error.format_message() + " Try `gongkai --help`.", ctx) from error


@click.group(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="GONGKAI_CONFIG",
    default=Path("config"),
    show_default=True,
    help="Directory of settings.yml, fields.yml, sites/ and subscriptions.yml (environment: GONGKAI_CONFIG).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="GONGKAI_DATA",
    default=Path("data"),
    show_default=True,
    help="Directory of archive.db, captures.db, alerts.db and outbox/ (environment: GONGKAI_DATA).",
)
@click.version_option(package_name="gongkai")
@click.pass_context
def gongkai(ctx: click.Context, config: Path, data: Path) -> None:
    """Watch Chinese government disclosure catalogues (政府信息公开目录) and keep every version.

    Exit status: 0 all good; 1 something asked for was not fully done (the report says what);
    2 wrong usage or configuration.
    """
    ctx.obj = Context(config=config, data=data, clock=lambda: datetime.now(UTC))


def _field_file_error() -> type[Exception]:
    """Looked up only when something was raised: importing the extractor takes time."""
    from crawler.extract.fields import FieldFileError  # noqa: PLC0415

    return FieldFileError


def main() -> None:
    """Run the command line; every failure a user can cause ends in one clear line, not in a traceback."""
    try:
        gongkai.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "Interrupted. What was already recorded is kept; run the command again to go on.", err=True
        )
        sys.exit(130)
    except BrokenPipeError:
        # `gongkai changes | head`: the reader has had enough. Keep the interpreter's own flush quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ArchiveError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except _field_file_error() as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except sqlite3.Error as error:
        click.echo(
            f"Error: the archive's files: {error}; nothing that was acknowledged is lost. {_HINT}", err=True
        )
        sys.exit(1)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        click.echo(f"Error: {error.strerror or error}{where}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
