"""Directories that hold a copy of an archive, as `gongkai backup` and `gongkai publish` make them: nothing is written there."""

from __future__ import annotations

from pathlib import Path

MANIFEST = "manifest.json"  # of a backup
METADATA = "metadata.json"  # of a snapshot, for Datasette


def made_copy(data: Path) -> str | None:
    """What to say to someone who would write to a copy; None of the data directory of an archive.

    A backup that was collected into, or mailed from, is none any more: its hashes are wrong, its readers hear everything twice.
    """
    if (data / MANIFEST).exists():
        return f"{data}: this is a backup, and stays as it was made; `gongkai restore` it into a data directory of its own"
    if (data / METADATA).exists() and (data / "archive.db").exists() and not (data / "captures.db").exists():
        return f"{data}: this is a snapshot made by `gongkai publish`, which nothing changes; --data names the archive itself"
    return None
