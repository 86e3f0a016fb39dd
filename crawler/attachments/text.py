"""``text_of``: the text of a file of any kind, within bounds, whatever its bytes are."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Iterable, Iterator

from archive.model import Problem, Severity
from crawler.attachments.kinds import MEDIA_TYPES, kind_of
from crawler.attachments.result import (
    MAX_CHARACTERS,
    AttachmentText,
    Budget,
    NotWholeError,
    UnreadableError,
    damaged,
    encrypted,
    garbled,
    not_read,
)
from crawler.extract.characters.mojibake import misread

_logger = logging.getLogger(__name__)
# Of the characters: beyond it a font without a mapping, or a wrong character set, made them.
_BROKEN_SHARE = 0.05
_NOT_READ = {
    "rar": "a RAR archive",
    "7z": "a 7z archive",
    "gzip": "a gzip archive",
    "ppt": "slides of PowerPoint 97–2003",
    "ceb": "a CEB file",
    "image": "an image",
    "xlsb": "a binary workbook of Excel",
    "odf": "an OpenDocument file",
    "office": "an office file of an unknown kind",
    "ole": "an office file of an unknown kind",
    "unknown": "a file of an unknown kind",
}


def text_of(body: bytes, media_type: str | None, name: str) -> AttachmentText:
    """The text of a file, or why there is none. Nothing is raised, whatever the bytes are.

    ``media_type`` is what the server said, ``name`` the file's name or the address's end; both only count where
    the bytes themselves do not tell. Hostile bytes may cost time and memory up to what the process is allowed:
    call it through :class:`crawler.attachments.reader.TextReader`.
    """
    kind = kind_of(body, media_type, name)
    found = MEDIA_TYPES.get(kind)
    budget = Budget()
    try:
        lines, unread = _gathered(_lines(body, kind, media_type, budget))
    except UnreadableError as error:
        return AttachmentText(problem=error.problem(), media_type=found)
    except MemoryError:
        return AttachmentText(problem=_problem("attachment_too_large", "reading it takes too much memory"))
    except Exception as error:  # one file's boundary: parsers raise anything on hostile bytes
        _logger.exception("%s (%s) could not be read", name, kind)
        return AttachmentText(
            problem=damaged(f"{type(error).__name__}: {error}"[:300]).problem(), media_type=found
        )
    return _judged(lines, unread, body, budget, found)


def _judged(
    lines: list[str], unread: str | None, body: bytes, budget: Budget, media_type: str | None
) -> AttachmentText:
    text = "\n".join(lines)
    if not text.strip():
        problem = _problem("attachment_empty", "it holds no text", Severity.INFO)
        return AttachmentText(problem=problem, media_type=media_type)
    if _garbled(text):
        problem = garbled("a font without a mapping, or a wrong character set").problem()
        return AttachmentText(problem=problem, media_type=media_type)
    if unread is not None:
        # Two files must not be taken for equal by the part that was read of them.
        digest = hashlib.sha256(body).hexdigest()[:16]
        text += f"\n〔以下未读 not read further: {unread}; SHA-256 {digest}…〕"
        problem = _problem("attachment_not_whole", f"its text is not whole: {unread}")
        return AttachmentText(text=text, problem=problem, media_type=media_type)
    note = "; ".join(budget.notes[:5]) + (" …" if len(budget.notes) > 5 else "")
    partly = _problem("attachment_partly_read", note, Severity.INFO) if note else None
    return AttachmentText(text=text, problem=partly, media_type=media_type)


def _gathered(lines: Iterable[str]) -> tuple[list[str], str | None]:
    """The lines that say something, up to MAX_CHARACTERS; why it stopped, None at the end."""
    kept: list[str] = []
    length = 0
    try:
        for line in lines:
            if not line:
                continue
            length += len(line) + 1
            if length > MAX_CHARACTERS:
                kept.append(line[: MAX_CHARACTERS - (length - len(line) - 1)])
                return kept, f"only {MAX_CHARACTERS} characters are kept"
            kept.append(line)
    except NotWholeError as error:
        return kept, str(error)
    return kept, None


def _lines(body: bytes, kind: str, media_type: str | None, budget: Budget) -> Iterator[str]:
    """The reader of a kind; the libraries behind it load only when a file needs them."""
    # ruff: noqa: PLC0415
    if kind in _NOT_READ:
        raise not_read(_NOT_READ[kind])
    if kind == "encrypted":
        raise encrypted("the file")
    if kind == "pdf":
        from crawler.attachments.pdf import read_pdf

        return read_pdf(body, budget, _member_lines)
    if kind in ("docx", "pptx", "wordml"):
        from crawler.attachments import word

        if kind == "wordml":
            return word.read_wordml(body, budget)
        return word.read_docx(body, budget, _member_lines) if kind == "docx" else word.read_pptx(body, budget)
    if kind == "xlsx":
        from crawler.attachments.sheet import read_xlsx

        return read_xlsx(body, budget)
    if kind == "xls":
        from crawler.attachments.xls import read_xls

        return read_xls(body)
    if kind == "doc":
        from crawler.attachments.word97 import read_doc

        return read_doc(body, budget)
    if kind == "rtf":
        from crawler.attachments.rtf import read_rtf

        return read_rtf(body, budget)
    if kind == "ofd":
        from crawler.attachments.ofd import read_ofd

        return read_ofd(body, budget)
    return _plain_lines(body, kind, media_type, budget)


def _plain_lines(body: bytes, kind: str, media_type: str | None, budget: Budget) -> Iterator[str]:
    from crawler.attachments import archive_files, markup

    if kind == "zip":
        return archive_files.read_zip(body, budget, _member_lines)
    if kind == "html":
        return markup.read_html(body, media_type)
    if kind == "mht":
        return markup.read_mht(body)
    if kind == "spreadsheetml":
        from crawler.attachments.spreadsheetml import read_spreadsheetml

        return read_spreadsheetml(body)
    return markup.read_plain(body, media_type)


def _member_lines(body: bytes, name: str, budget: Budget) -> Iterator[str]:
    """The lines of a file inside a zip file. Raises UnreadableError where they are no text."""
    lines, unread = _gathered(_lines(body, kind_of(body, None, name), None, budget))
    if unread is not None or not lines or _garbled("\n".join(lines)):
        raise UnreadableError("attachment_not_whole", unread or "no text can be read")
    return iter(lines)


def _garbled(text: str) -> bool:
    sample = text[:200_000]
    broken = sum(unicodedata.category(c) in ("Co", "Cn", "Cs", "Cc") for c in sample if c > "~" or c < "\t")
    broken += sample.count("\ufffd")
    return broken > max(3, _BROKEN_SHARE * len(sample)) or misread(sample)


def _problem(code: str, message: str, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(code=code, message=message, severity=severity)
