"""Values in which a wrong character set, or a character that is not to be read, shows."""

from __future__ import annotations

from archive.model import Disclosure, Severity
from crawler.extract import charset
from crawler.extract.reading import Work

_UNKNOWN = "\ufffd"  # stands for bytes that are no character, and for what a site itself could not convert
_TOLD = 600  # characters of a value in which a wrong character set shows; the page as a whole was looked at


def drop(work: Work) -> None:
    """A value with a character that is not to be read is none: the catalogue's row may have it whole."""
    spoiled = [c for c in work.candidates if _UNKNOWN in c.raw]
    for candidate in spoiled:
        message = f"a character of the value is not to be read: {candidate.raw[:100]}"
        work.say("unknown_characters", message, Severity.INFO)
    if spoiled:
        work.candidates = [c for c in work.candidates if _UNKNOWN not in c.raw]


def is_broken(disclosure: Disclosure) -> bool:
    """Whether a record holds what a wrong character set leaves: it is not to be stored."""
    values = (
        disclosure.title,
        disclosure.body_text,
        disclosure.issuing_body,
        disclosure.document_number,
        disclosure.summary,
    )
    return any("\ufffd" in value or charset.misread(value[:_TOLD]) for value in values if value)
