"""Exit status 0 when this installation is alive: for a container's health check."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from archive.store import ArchiveError, Paths, open_for_reading
from scheduler import heartbeat


def trouble(data: Path, now: datetime) -> str | None:
    """What is wrong with the installation in ``data``, or None. An archive that is not there yet is not wrong."""
    if (silent := heartbeat.silence(data, now)) is not None:
        return f"{heartbeat.file_of(data)}: {silent}"
    paths = Paths(data)
    if paths.archive.exists():
        try:
            with closing(open_for_reading(paths.archive)) as connection:
                connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone()
        except (sqlite3.Error, ArchiveError) as error:
            return f"{paths.archive}: {error}"
    return None


if __name__ == "__main__":
    found = trouble(Path(os.environ.get("GONGKAI_DATA", "data")), datetime.now(UTC))
    if found:
        print(found, file=sys.stderr)
    sys.exit(1 if found else 0)
