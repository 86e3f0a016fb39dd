"""Power loss, simulated: what a disk may hold when the writes that were not synced yet are dropped or torn.

A writer runs under strace; its log of writes and syncs is replayed up to a random moment. What was synced before that
moment is on the disk. Of every later write any 512-byte sectors may be, in any combination. Directory entries survive: the
data directory and its files are made, and synced by SQLite, before the first acknowledgement.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_CALL = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\((?P<args>.*)\)\s+= (?P<result>-?\d+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_SECTOR = 512
CALLS = "openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the writer did. ``kind``: write, truncate, sync, unlink or ack."""

    kind: str
    path: str = ""
    offset: int = 0
    data: bytes = b""


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def events(log: Path, directory: Path) -> Iterator[Event]:
    """What strace saw the writer do to files below ``directory``, and its acknowledgements on standard output."""
    names: dict[int, str] = {}
    for line in log.read_text().splitlines():
        call = _CALL.match(line)
        if call is None or int(call["result"]) < 0:
            continue
        name, args = call["name"], call["args"]
        strings = _STRING.findall(args)
        assert not any(cut for _, cut in strings), "strace cut a string: give it a larger -s"
        if name == "openat":
            names[int(call["result"])] = _bytes(strings[0][0]).decode()
            continue
        if name == "unlink":
            path = _bytes(strings[0][0]).decode()
            if path.startswith(f"{directory}/"):
                yield Event("unlink", path)
            continue
        number = int(args.split(",", 1)[0])
        if name == "close":
            names.pop(number, None)
        elif name == "write" and number == 1:
            yield Event("ack", data=_bytes(strings[0][0]))
        elif (path := names.get(number, "")).startswith(f"{directory}/") and not path.endswith(
            ("-shm", ".lock")
        ):
            if name == "pwrite64":
                yield Event("write", path, int(args.rsplit(",", 1)[1]), _bytes(strings[0][0]))
            elif name == "ftruncate":
                yield Event("truncate", path, int(args.rsplit(",", 1)[1]))
            elif name in ("fsync", "fdatasync"):
                yield Event("sync", path)


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    pending: list[Event] = field(default_factory=list)


class Disk:
    """The files of a directory as a disk holds them while the log is replayed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, _File] = {}

    def apply(self, event: Event) -> None:
        """Go on by one event."""
        file = self._files.setdefault(event.path, _File())
        if event.kind == "sync":
            for write in file.pending:
                _put(file.synced, write)
            file.pending.clear()
        elif event.kind == "unlink":
            del self._files[event.path]
        else:
            file.pending.append(event)

    def lose_power(self, chance: random.Random, target: Path) -> None:
        """Write what may be left of the files into ``target``."""
        for path, file in self._files.items():
            content = bytearray(file.synced)
            for write in file.pending:
                _tear(content, write, chance)
            place = target / Path(path).relative_to(self._root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _put(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.offset :]
        content.extend(bytes(event.offset - len(content)))
        return
    end = event.offset + len(event.data)
    content.extend(bytes(max(0, end - len(content))))
    content[event.offset : end] = event.data


def _tear(content: bytearray, event: Event, chance: random.Random) -> None:
    fate = chance.random()
    if fate < 0.4:
        return  # dropped
    if fate < 0.7 or event.kind == "truncate":
        _put(content, event)
        return
    for start in range(0, len(event.data), _SECTOR):
        if chance.random() < 0.5:
            _put(
                content, Event("write", event.path, event.offset + start, event.data[start : start + _SECTOR])
            )
