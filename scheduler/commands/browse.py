"""``gongkai browse``: Datasette with the plugin on the archive. ``publish``: a snapshot for read-only serving."""

from __future__ import annotations

import os
import re
import shlex
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click

from archive import feed
from archive.backup import snapshot
from archive.copies import MANIFEST, METADATA
from archive.store import ALERTS, CAPTURES, ArchiveError, Paths, open_for_reading
from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, WholeNumber, clean

SETTINGS = {
    "suggest_facets": False,  # makes table pages 25 times slower
    "default_allow_sql": False,
    "allow_download": False,
    "truncate_cells_html": 300,
    "sql_time_limit_ms": 3000,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
}
_OF_A_SNAPSHOT = (METADATA, ".archive.db.part")  # what one leaves that was stopped


def datasette_for(paths: Paths, *, allow_sql: bool = False, prefix: str = "/") -> Any:
    """Datasette on archive.db alone, opened for reading; never captures.db or alerts.db.

    ``prefix``: the path of its front page, with a slash at both ends; other than ``/`` behind a proxy.
    Raises archive.store.ArchiveError when there is no archive, or it cannot be read, sqlite3.Error when its tables are others.
    """
    from datasette.app import Datasette  # noqa: PLC0415 — takes a second to import

    from archive.browse import metadata  # noqa: PLC0415

    if set("%?#") & set(
        str(paths.archive)
    ):  # it makes a URI of the path as it is, and would open another file
        raise ArchiveError(
            f"{paths.archive}: Datasette opens no path with %, ? or #: name the directory otherwise, or give --data a link to it"
        )
    with closing(open_for_reading(paths.archive)) as connection:
        feed.changes(connection, limit=1)
        connection.execute("SELECT packed FROM bodies LIMIT 1").fetchone()
    settings = {**SETTINGS, "default_allow_sql": allow_sql, "base_url": prefix}
    return Datasette(files=[str(paths.archive)], metadata=metadata(), settings=settings)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=WholeNumber(0, 65535), default=8001, show_default=True)
@click.option("--allow-sql", is_flag=True, help="Let readers run their own SQL (it can use much memory).")
@click.option(
    "--prefix",
    default="/",
    show_default=True,
    help="Path under which a server in front of it shows it: /gongkai/ for https://data.example.org/gongkai/.",
)
@click.pass_obj
def browse(context: Context, host: str, port: int, allow_sql: bool, prefix: str) -> None:
    """Serve the archive to a browser: latest changes, documents, versions, differences, search."""
    under = _path_of(prefix)
    with closing(listen(host, port)) as door:
        app = datasette_for(context.paths, allow_sql=allow_sql, prefix=under).app()
        click.echo(f"公开 gongkai: {address_of(host, door)}{under[1:]}  (Ctrl-C to stop)")
        serve(app, door)


def _path_of(prefix: str) -> str:
    """A prefix with a slash at both ends. Raises UsageProblem for what is no path."""
    if not re.fullmatch(r"[\w.~/-]*", prefix, re.ASCII) or "//" in prefix:
        raise UsageProblem(f"--prefix {clean(prefix)!r}: give a path, such as /gongkai/")
    inner = prefix.strip("/")
    return f"/{inner}/" if inner else "/"


def listen(host: str, port: int) -> socket.socket:
    """A socket on which a server may answer; port 0 takes a free one. Raises UsageProblem when it cannot be had."""
    try:
        family, _, _, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(where[:2], family=family)
    except OSError as error:
        # create_server adds where it tried; gaierror has numbers of its own
        why = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise UsageProblem(
            f"{host}:{port}: {why}; give another --port (0 takes a free one) or --host"
        ) from error


def address_of(host: str, door: socket.socket) -> str:
    """The address that a browser is given."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{door.getsockname()[1]}/"


def serve(app: Any, door: socket.socket) -> None:
    """Answer on a socket until the process is told to stop."""
    import uvicorn  # noqa: PLC0415

    # Raised again by uvicorn, when it has ended; Ctrl-C is how a person stops it.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[door])


@click.command()
@click.argument("dest", type=NewPath())
@click.option(
    "--force", is_flag=True, help="Replace a snapshot that is there, or write it beside other files."
)
@click.pass_obj
def publish(context: Context, dest: Path, force: bool) -> None:
    """Write an immutable snapshot of archive.db into the directory DEST, for read-only or public serving.

    It prints the command that serves it as `gongkai browse` does: with a bare `datasette`, readers may run SQL of their own.
    """
    import json  # noqa: PLC0415

    from archive.browse import metadata  # noqa: PLC0415

    target = dest / "archive.db"
    _check_place(target, force)
    open_for_reading(context.paths.archive).close()
    fresh = not dest.exists()
    dest.mkdir(parents=True, exist_ok=True)
    try:
        snapshot(context.paths.archive, target)
    except BaseException:
        if fresh:
            dest.rmdir()
        raise
    (dest / METADATA).write_text(json.dumps(metadata(), ensure_ascii=False, indent=2), encoding="utf-8")
    # By names alone: Datasette opens no path with %, ? or #
    command = ["datasette", "-i", target.name, "--metadata", METADATA]
    for name, value in SETTINGS.items():
        command += ["--setting", name, str(int(value))]
    serving = f"cd {shlex.quote(str(dest))} && {shlex.join(command)}"
    click.echo(f"{target}: {target.stat().st_size:,} bytes; serve with `{serving}`")


def _check_place(target: Path, force: bool) -> None:
    """Raises UsageProblem where a snapshot must not lie: beside an archive in use or a backup, and unasked beside other files."""
    found = sorted(path.name for path in target.parent.iterdir()) if target.parent.is_dir() else []
    if beside := [name for name in found if name in (CAPTURES, ALERTS, MANIFEST, ".writer.lock")]:
        raise UsageProblem(f"{target} is no snapshot: {beside[0]} lies beside it; name another directory")
    if force:
        return
    if target.exists():
        raise UsageProblem(f"{target} exists; give --force to replace it")
    if strange := [name for name in found if name not in _OF_A_SNAPSHOT]:
        raise UsageProblem(
            f"{target.parent} holds no snapshot, but {strange[0]}; name a directory that is new or empty, or give --force"
        )


commands: tuple[click.Command, ...] = (browse, publish)
