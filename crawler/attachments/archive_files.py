"""Zip files, and the formats that are zip files: members are unpacked within bounds, their names decoded."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, cast

from archive.model import Severity
from crawler.attachments.kinds import kind_of
from crawler.attachments.names import decoded, safe_path
from crawler.attachments.result import (
    MAX_MEMBER,
    MAX_MEMBERS_LISTED,
    MAX_RATIO,
    RATIO_FROM,
    Budget,
    NotWholeError,
    UnreadableError,
    damaged,
    encrypted,
    too_large,
)

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_UNICODE_PATH = 0x7075
_NUMBER = re.compile(r"([0-9]{1,15})")
# Metadata of macOS and Windows, and the lock files of office programs.
_LEFT_BEHIND = re.compile(
    r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*)$", re.IGNORECASE
)
_PIECE = 1 << 20
_BAD = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError,
    OverflowError, struct.error,
)  # fmt: skip
_READABLE = frozenset(
    {"pdf", "docx", "xlsx", "pptx", "ofd", "zip", "doc", "xls", "rtf", "html", "mht", "wordml", "spreadsheetml", "csv", "txt"}
)  # fmt: skip
ReadMember = Callable[[bytes, str, Budget], Iterator[str]]


class Members:
    """The members of a zip file, unpacked one at a time within a budget."""

    def __init__(self, body: bytes, budget: Budget) -> None:
        """Raises UnreadableError when the bytes are no whole zip file."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except _BAD as error:
            raise damaged(f"no whole zip file ({error})") from error
        self._body = body
        self._budget = budget
        self._by_name = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}

    def infos(self) -> list[zipfile.ZipInfo]:
        """The members in their order, directories left out."""
        return [info for info in self._zip.infolist() if not info.filename.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/") in self._by_name

    def names(self) -> list[str]:
        """Paths of the members as the file spells them."""
        return list(self._by_name)

    def read(self, name: str) -> bytes:
        """A member by its path. Raises UnreadableError: none of that name, damaged, protected or too large."""
        info = self._by_name.get(name.lstrip("/"))
        if info is None:
            raise damaged(f"it has no part {name}")
        return self.unpack(info)

    def mark(self, name: str) -> str:
        """Size and CRC-32 of a member that is not read: when it changes, the line that holds them does."""
        return _mark(self._by_name[name.lstrip("/")], self._body)

    def mark_of(self, info: zipfile.ZipInfo) -> str:
        """As :meth:`mark`."""
        return _mark(info, self._body)

    def unpack(self, info: zipfile.ZipInfo) -> bytes:
        """A member's bytes. Raises UnreadableError."""
        with self._open(info) as stream:
            return b"".join(iter(lambda: stream.read(_PIECE), b""))

    def stream(self, name: str) -> IO[bytes]:
        """A member to be read piece by piece; reading raises UnreadableError as :meth:`read` does."""
        info = self._by_name.get(name.lstrip("/"))
        if info is None:
            raise damaged(f"it has no part {name}")
        return self._open(info)

    def _open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise encrypted(f"{member_name(info)} in the file")
        try:
            return cast("IO[bytes]", _Bounded(self._zip.open(info), info, self._budget))
        except _BAD as error:
            raise damaged(f"{member_name(info)} cannot be unpacked ({error})") from error
        except RuntimeError as error:  # zipfile's word for a password
            raise encrypted(f"{member_name(info)} in the file") from error


class _Bounded(io.RawIOBase):
    """A member being unpacked. What its header says of its size is not believed."""

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo, budget: Budget) -> None:
        super().__init__()
        self._stream, self._info, self._budget = stream, info, budget
        self._length = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, and never more than a piece at once. Raises UnreadableError."""
        try:
            piece = self._stream.read(size if 0 <= size < _PIECE else _PIECE)
        except _BAD as error:
            raise damaged(f"{member_name(self._info)} cannot be unpacked ({error})") from error
        self._length += len(piece)
        self._budget.unpacked -= len(piece)
        name = member_name(self._info)
        if self._length > RATIO_FROM and self._length > MAX_RATIO * max(self._info.compress_size, 1):
            raise too_large(f"{name} unpacks to more than {MAX_RATIO} times its size")
        if self._length > MAX_MEMBER or self._budget.unpacked < 0:
            raise too_large(f"unpacked, {name} is larger than is read")
        return piece

    def close(self) -> None:
        """Close the member."""
        self._stream.close()
        super().close()


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's path as people read it: Chinese programs write GBK where the standard wants CP437 or a flag."""
    if info.flag_bits & _UTF8_FLAG:
        return safe_path(info.orig_filename)
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return safe_path(info.orig_filename)
    return safe_path(_unicode_path(info.extra, raw) or decoded(raw) or info.orig_filename)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in an Info-ZIP Unicode Path field (APPNOTE 4.6.9), if it belongs to these bytes."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and length > 5 and at + 4 + length <= len(extra):
            (crc,) = struct.unpack_from("<I", extra, at + 5)
            name = extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
            return name if crc == zlib.crc32(raw) and "\ufffd" not in name else None
        at += 4 + length
    return None


def _mark(info: zipfile.ZipInfo, body: bytes) -> str:
    crc = info.CRC
    if not crc and info.flag_bits & _ENCRYPTED_FLAG:  # AES hides it: that of the packed bytes tells as much
        begin = info.header_offset + 30 + sum(struct.unpack_from("<HH", body, info.header_offset + 26))
        crc = zlib.crc32(body[begin : begin + info.compress_size])
    return f"（{info.file_size} bytes, CRC-32 {crc:08x}）"


def _in_order(info: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """Names in the order of people, 2 before 10: programs that pack the same files again put them in another one."""
    return [
        (int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _NUMBER.split(member_name(info))
    ]


def read_zip(body: bytes, budget: Budget, read_member: ReadMember) -> Iterator[str]:
    """The members of a zip file in the order of their names, each with a line for it, and the text of those that are documents.

    A member whose text is not read has its size and CRC-32 beside its name: when it changes, the lines do. What
    operating systems leave in folders is no member. Raises UnreadableError for what is no zip file, NotWholeError
    beyond the bounds.
    """
    members = Members(body, budget)
    infos = sorted((i for i in members.infos() if not _LEFT_BEHIND.search(member_name(i))), key=_in_order)
    for count, info in enumerate(infos):
        if count >= MAX_MEMBERS_LISTED:
            raise NotWholeError(f"only {MAX_MEMBERS_LISTED} of its {len(infos)} files are listed")
        try:
            lines = _member(members, info, budget, read_member)
        except UnreadableError as error:
            if error.severity is not Severity.INFO:
                budget.notes.append(f"{member_name(info)}: {error}")
            lines = None
        yield f"〔{member_name(info)}〕" + (members.mark_of(info) if lines is None else "")
        yield from lines or ()


def _member(
    members: Members, info: zipfile.ZipInfo, budget: Budget, read_member: ReadMember
) -> list[str] | None:
    """The lines of a member; None where it is no document, or the bounds forbid to look."""
    if budget.members <= 0 or budget.depth <= 0:
        budget.notes.append(f"{member_name(info)}: not read, there are too many files or they lie too deep")
        return None
    budget.members -= 1
    name = member_name(info)
    body = members.unpack(info)
    if kind_of(body, None, name) not in _READABLE:
        return None
    budget.depth -= 1
    try:
        return list(read_member(body, name, budget))
    finally:
        budget.depth += 1
