"""A data directory of several users: whoever reads a database lays files beside it that the others must be able to write to."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

ADVICE = "its owner or root must `chmod g+w` it; see Several users in docs/operating.md"


def make(path: Path) -> None:
    """An empty file where there is none, to which a group may write that may write in its directory.

    SQLite gives the files that it lays beside a database the database's mode: those of another user are then no hindrance.
    """
    with suppress(FileExistsError):
        path.touch(mode=0o644, exist_ok=False)
        share(path, path.parent)


def share(path: Path, directory: Path) -> None:
    """Let the group of a directory write to a file, if it may write there and read the file."""
    own, place = path.stat(), directory.stat()
    if own.st_gid == place.st_gid and place.st_mode & stat.S_IWGRP and own.st_mode & stat.S_IRGRP:
        path.chmod(stat.S_IMODE(own.st_mode) | stat.S_IWGRP)


def not_ours(path: Path) -> str | None:
    """What to say of a database, or of a file that lies beside it, to which this user may not write; None where there is none."""
    beside = (path.with_name(f"{path.name}{end}") for end in ("", "-wal", "-shm", "-journal"))
    for file in beside:
        if file.exists() and not os.access(file, os.W_OK):
            try:
                owner = file.owner()
            except KeyError:
                owner = f"user {file.stat().st_uid}"
            return f"{file}: it belongs to {owner}, and this user may not write to it"
    return None
