"""What reading a file gives, and the bounds within which it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.model import Problem, Severity

SECONDS = 30  # of processor time for one file
MAX_CHARACTERS = 2_000_000  # of text from one file; about 40 novels' chapters, or 3,000 pages
MAX_PAGES = 2_000  # of a PDF or OFD file
MAX_CELLS = 500_000  # of a workbook, empty ones between them included
MAX_MEMBERS_LISTED = 2_000  # of a zip file
MAX_MEMBERS_READ = 200  # of a zip file and of the zip files in it, together
MAX_DEPTH = 2  # a zip file in a zip file is looked into, no deeper
MAX_MEMBER = 64 << 20  # bytes of one unpacked member
MAX_UNPACKED = 128 << 20  # bytes of all members that are unpacked for one file
MAX_RATIO = 250  # unpacked to packed, of a member larger than RATIO_FROM; XML of repeated rows reaches 100
RATIO_FROM = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentText:
    """The text of a file, and what is to be said about it.

    ``text`` is None where none could be had; ``problem`` then says why. A text that is not whole has both, and ends
    with a line that names the file's hash, so that two files are never taken for equal by what was read of them.
    ``media_type`` is what the bytes turned out to be, None where that is not known.
    """

    text: str | None = None
    problem: Problem | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be read: its bytes, what the server said they are, and its name or the end of its address."""

    body: bytes
    media_type: str | None
    name: str


class UnreadableError(Exception):
    """A file, or a part of it, that gives no text: ``code`` is the problem's, the message says why."""

    def __init__(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        super().__init__(message)
        self.code = code
        self.severity = severity

    def problem(self) -> Problem:
        """The problem that says so."""
        return Problem(code=self.code, message=str(self), severity=self.severity)


class NotWholeError(Exception):
    """Raised by a reader that has given what it may: the rest is not read. The message says which bound was met."""


@dataclass(slots=True)
class Budget:
    """What may still be unpacked for one file, whatever lies in it."""

    unpacked: int = MAX_UNPACKED  # bytes
    members: int = MAX_MEMBERS_READ
    depth: int = MAX_DEPTH
    notes: list[str] = field(default_factory=list)  # what was left out, for the problem


def damaged(what: str) -> UnreadableError:
    """A file that is cut short or broken."""
    return UnreadableError("attachment_damaged", f"the file is damaged: {what}")


def encrypted(what: str) -> UnreadableError:
    """A file that only a password opens."""
    return UnreadableError("attachment_encrypted", f"{what} is protected with a password")


def too_large(what: str) -> UnreadableError:
    """A file beyond a bound."""
    return UnreadableError("attachment_too_large", what)


def garbled(what: str) -> UnreadableError:
    """A file whose text comes out as other characters than it shows."""
    return UnreadableError("attachment_garbled", f"its characters are no text: {what}: not used")


def not_read(what: str) -> UnreadableError:
    """A file of a kind that is kept and compared by its bytes, and not read."""
    return UnreadableError(
        "attachment_not_read", f"{what}: kept and compared by its bytes, its text is not read", Severity.INFO
    )
