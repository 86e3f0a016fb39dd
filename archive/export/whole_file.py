"""A file that appears whole or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from archive.backup import sync
from archive.store import TargetError


def name_the_file(error: BaseException, dest: Path) -> None:
    """Say of what could not be written where it was to lie: a full disk is told by the write, which knows no name."""
    if isinstance(error, OSError) and error.errno is not None and error.filename is None:
        error.filename = str(dest)


@contextmanager
def whole_file(dest: Path, *, force: bool, compressed: bool = False) -> Iterator[BinaryIO]:
    """A file to be written, which takes the name ``dest`` when the block has ended well; else nothing is left of it.

    Raises TargetError when ``dest`` exists and ``force`` is not set, or is no file.
    """
    if dest.is_dir():
        raise TargetError(f"{dest} is a directory; name a file")
    if dest.exists() and not dest.is_file():
        raise TargetError(f"{dest} is a device or a pipe, which no file may replace; name a file")
    if dest.exists() and not force:
        raise TargetError(f"{dest} exists; give --force to replace it")
    dest.parent.mkdir(parents=True, exist_ok=True)
    partial = dest.with_name(f".{dest.name}.part")
    try:
        with partial.open("wb") as file:
            if compressed:
                # without a name and a time: the same content gives the same bytes
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield file
        sync(partial)
        partial.replace(dest)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        name_the_file(error, dest)
        raise
    sync(dest.parent)
