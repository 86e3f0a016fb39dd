"""Values in which a wrong character set, or a character that is not to be read, shows."""

from __future__ import annotations

import re

from archive.model import Disclosure, Severity
from crawler.extract.characters.mojibake import has_misread_word, misread
from crawler.extract.work import Work

# U+FFFD stands for bytes that are no character, and for what a site itself could not convert; 锟斤拷 is two of it in
# UTF-8 read as GBK, and 銆, which is no word, 、 or 。 so read. Half of a character of two halves is left where a program
# cuts a text by its units.
# A class first: sought eight times as fast.
_UNKNOWN = re.compile("[\ufffd銆\ud800-\udfff锟](?:(?<!锟)|(?<![“\"‘'「]锟)斤拷)")
# A program that writes Chinese in a character set without it leaves a question mark for each character.
_RUN_OF_MARKS = "???"
_OF_MARKS = 0.4  # of a value's characters that make it one of them
_TOLD = 600  # characters of a value in which a wrong character set shows; the page as a whole was looked at


def unreadable(value: str) -> bool:
    """Whether a character of a value is not to be read."""
    return _UNKNOWN.search(value) is not None or is_marks(value)


def is_marks(value: str) -> bool:
    """Whether a value is mostly question marks: ``???????2027?1??``."""
    return _RUN_OF_MARKS in value and value.count("?") > _OF_MARKS * len(value)


def drop(work: Work) -> None:
    """A value with a character that is not to be read is none: the catalogue's row may have it whole."""
    spoiled = [c for c in work.candidates if unreadable(c.raw)]
    for candidate in spoiled:
        shown = candidate.raw[:100].encode("utf-8", errors="replace").decode()
        work.say("unknown_characters", f"a character of the value is not to be read: {shown}", Severity.INFO)
    if spoiled:
        work.candidates = [c for c in work.candidates if not unreadable(c.raw)]


def is_broken(disclosure: Disclosure) -> bool:
    """Whether a record holds what a wrong character set leaves: it is not to be stored."""
    values = (
        disclosure.title,
        disclosure.issuing_body,
        disclosure.document_number,
        disclosure.summary,
        disclosure.content_source,
        disclosure.body_text,
    )
    return any(
        unreadable(value) or misread(value[:_TOLD], rare=True) or has_misread_word(value)
        for value in values
        if value
    )
