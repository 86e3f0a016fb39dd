"""The ``gongkai`` command. Each command lives in its own module of :mod:`scheduler.commands` and loads when asked for."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click

from archive.rows import RowDamagedError
from archive.storage.texts import TextDamagedError
from archive.store import ArchiveError, TargetError, of_an_older, open_for_reading
from scheduler.context import Context
from scheduler.terminal import clean, print_json

# Section → command → the module that defines it, and what the list says of it. Loaded only when asked for: importing Scrapy or
# Datasette for `gongkai changes` would cost a second.
_SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "采集 Collecting": {
        "demo": ("demo", "演示 A sample office on this machine, collected and edited"),
        "sites": ("sites", "网站 Describe a site; list sites, check their files"),
        "collect": ("collect", "采集 Collect sites now, and record what they publish"),
        "schedule": ("schedule", "守护 Collect and send alerts on the timetable until stopped"),
        "crontab": ("schedule", "定时 Print the timetable as crontab lines"),
        "extract": ("extract", "试读 Show what is read from a saved page or an address"),
    },
    "查看 Reading": {
        "changes": ("read", "变更 What was added, edited, moved or taken down"),
        "waiting": ("waiting", "待核 What was seen and is not told yet, and why"),
        "show": ("read", "文件 One document, or one version of it"),
        "diff": ("read", "对比 Compare two versions of a document"),
        "search": ("read", "搜索 Find documents by words of any length"),
        "browse": ("browse", "浏览 Serve the archive to a web browser"),
        "publish": ("browse", "发布 Write a snapshot for read-only or public serving"),
        "alerts": ("alerts", "提醒 Change alerts by e-mail"),
    },
    "存证 Proving, and taking elsewhere": {
        "proof": ("proof", "存证 Write a folder that anybody can check, about one version"),
        "verify": ("verify", "核验 Check everything that is stored against its hashes"),
        "export": ("export", "导出 Write WARC, JSON Lines or CSV"),
        "backup": ("backup", "备份 Copy the whole archive, also while it is collecting"),
        "restore": ("backup", "还原 Put a backup in place as the archive"),
    },
    "照看 Looking after it": {
        "status": ("status", "状态 One line per site, and what waits for a person"),
        "runs": ("runs", "记录 Collections, what failed in them, and held ones"),
        "problems": ("problems", "存疑 What could not be read, or contradicts itself"),
        "doctor": ("doctor", "体检 Look at machine, files, mail and configuration"),
        "reparse": ("reparse", "重读 Read stored pages again after an upgrade"),
        "prune": ("prune", "清理 Let go of answers that no version was read from"),
        "withdraw": ("withdraw", "撤下 Erase what a version says, for good"),
        "documents": ("documents", "更正 Two documents that were taken for one"),
    },
}
COMMANDS: Mapping[str, str] = {
    name: module for section in _SECTIONS.values() for name, (module, _) in section.items()
}

_LONGEST = max(map(len, COMMANDS))

_HINT = "Look at the disk's space and permissions; `gongkai doctor` looks at the files."
_DAMAGED = (
    "One is damaged: `gongkai verify` says which and where, `gongkai restore` puts a backup in its place."
)


_INTERRUPTED = "Interrupted. What was already recorded is kept; run the command again to go on."


_ADVICE = {
    errno.EACCES: "give this user the right to it, or name another place",
    errno.EPERM: "give this user the right to it, or name another place",
    errno.EROFS: "name a place that can be written to",
    errno.ENOSPC: "free some room; what was acknowledged is kept",
    errno.EDQUOT: "this user may store no more; what was acknowledged is kept",
    errno.EISDIR: "a file is needed there",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.EMFILE: "too many files are open; raise `ulimit -n`",
}


def _behind(context: Context) -> str | None:
    """The first file with the tables of an older gongkai, and what brings them up to date."""
    for path in (context.paths.archive, context.paths.captures, context.paths.alerts):
        if path.exists():
            with suppress(ArchiveError, sqlite3.Error), closing(open_for_reading(path)) as db:
                if (behind := of_an_older(path, db)) is not None:
                    return behind
    return None


class _ReaderGoneError(Exception):
    """Nobody reads standard output any more."""


class _LazyGroup(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would end with 1
            raise _ReaderGoneError from error
        except sqlite3.OperationalError as error:  # no such column
            if isinstance(ctx.obj, Context) and (behind := _behind(ctx.obj)) is not None:
                raise ArchiveError(behind) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        commands: tuple[click.Command, ...] = importlib.import_module(f"scheduler.commands.{module}").commands
        return next(command for command in commands if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(_LONGEST), about) for name, (_, about) in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean `gongkai {close[0]}`?" if close else " Try `gongkai --help`."
            raise click.UsageError(error.format_message() + hint, ctx) from error


@click.group(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, readable=False),  # what is wrong with it, Context says
    envvar="GONGKAI_CONFIG",
    default=Path("config"),
    show_default=True,
    help="Directory of settings.yml, fields.yml, sites/ and subscriptions.yml (environment: GONGKAI_CONFIG).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, readable=False),  # what is wrong with it, Context says
    envvar="GONGKAI_DATA",
    default=Path("data"),
    show_default=True,
    help="Directory of archive.db, captures.db, alerts.db and outbox/ (environment: GONGKAI_DATA).",
)
@click.version_option(package_name="gongkai")
@click.pass_context
def gongkai(ctx: click.Context, config: Path, data: Path) -> None:
    """Watch Chinese government disclosure (政府信息公开), and keep every version.

    Exit status: 0 all good; 1 something asked for was not fully done (the report says what);
    2 wrong usage or configuration, or a file to be written that exists already; 130 after Ctrl-C;
    141 where nobody reads the output to its end.
    """
    ctx.obj = Context(config=config, data=data, clock=lambda: datetime.now(UTC))


def main() -> None:
    """Run the command line; every failure a user can cause ends in one clear line, not in a traceback."""
    _open_streams()
    try:
        _run()
    except _ReaderGoneError:
        # `gongkai changes | head`: the reader has had enough. Neither done nor failed: end as SIGPIPE ends programs,
        # and keep the interpreter's own flush quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:  # of writing an error message, or the JSON that stands for it
        with suppress(OSError):
            click.echo(f"Error: {clean(error.strerror or str(error))}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run() -> None:
    try:
        gongkai.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        click.echo(clean(shown.getvalue(), keep_newlines=True), err=True, nl=False)
        _end(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(_INTERRUPTED, err=True)
        _end(_INTERRUPTED, 130)
    except ArchiveError as error:
        _fail(str(error), 2 if isinstance(error, TargetError) else 1)
    except (TextDamagedError, RowDamagedError) as error:
        _fail(f"{error}. {_DAMAGED}", 1)
    except _configuration_errors() as error:
        _fail(str(error), 2)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            _fail(f"the archive's files: {error}. {_DAMAGED}", 1)
        _fail(f"the archive's files: {error}; nothing that was acknowledged is lost. {_HINT}", 1)
    except OSError as error:
        _fail(explained(error), 2 if _is_misnamed(error) else 1)


def _is_misnamed(error: OSError) -> bool:
    """Whether another name must be given: wrong usage, which no machine can do."""
    return error.errno == errno.ENAMETOOLONG or _in_the_way(error) is not None


def _in_the_way(error: OSError) -> Path | None:
    """The file that lies where a directory was to be made or looked into."""
    if error.errno not in (errno.EEXIST, errno.ENOTDIR) or error.filename is None:
        return None
    name = Path(os.fsdecode(error.filename))
    there = next((path for path in (name, *name.parents) if os.path.lexists(path)), None)
    return there if there is not None and not there.is_dir() else None


def explained(error: OSError) -> str:
    """A failure of the machine's: of which file, and what to do about it."""
    if error.filename is None:
        return error.strerror or str(error)
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)  # of a copy, its target is
    of = error.filename2 if full and error.filename2 is not None else error.filename
    name = os.fsdecode(of) if isinstance(of, bytes) else str(of)
    if (blocking := _in_the_way(error)) is not None:
        return f"{blocking}: this is a file, and a directory is needed there; give another name"
    advice = _ADVICE.get(error.errno or 0)
    return f"{name}: {error.strerror}" + (f"; {advice}" if advice else "")


def _open_streams() -> None:
    """Give a process that was started without standard streams some: a file of ours must not take their numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            if os.open(os.devnull, os.O_RDWR) != number:
                raise AssertionError(f"standard stream {number} is open, but unknown to Python")
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):  # a terminal of Latin-1 cannot show 公开: it shows \\u516c
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _configuration_errors() -> tuple[type[Exception], ...]:
    """Looked up only when something was raised: importing the extractor takes time."""
    from crawler.extract.fields import FieldFileError  # noqa: PLC0415
    from crawler.yaml_file import ConfigError  # noqa: PLC0415

    return (FieldFileError, ConfigError)


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"Error: {clean(message, keep_newlines=True)}", err=True)
    _end(message, status)


def _end(message: str, status: int) -> NoReturn:
    """Leave with a status. A program that asked for JSON gets JSON: the error as the one document."""
    if "--json" in sys.argv[1:]:
        print_json({"error": message, "exit_status": status})
    sys.exit(status)


if __name__ == "__main__":
    main()
