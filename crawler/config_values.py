"""What a value in a file of ``config/`` may be: addresses, selectors, times of day, names of fields.

Each type says what is wrong with a value in words for whoever edits the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit

from cssselect import GenericTranslator, SelectorError
from pydantic import AfterValidator, BeforeValidator, Field

from archive.model import FIELD
from crawler.cron import check_cron, every_as_cron
from crawler.extract.fields import IGNORED

_CLOCK = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")


def web_address(value: str) -> str:
    """An address that can be fetched. Raises ValueError saying what is wrong with it."""
    if not value.isprintable() or any(char.isspace() for char in value):
        raise ValueError("an address holds no spaces, line breaks or control characters")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("expected an address that begins with http:// or https:// and names a host")
    if parts.username or parts.password:
        raise ValueError("an address must not carry a user name or password")
    return value


def one_of(value: str, known: Sequence[str], what: str) -> str:
    """``value``, where it is one of those known. Raises ValueError with the one that is most like it."""
    if value not in known:
        close = get_close_matches(value, known, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ValueError(f"unknown {what}; {hint}{what}s: {', '.join(known)}")
    return value


def _field(value: str) -> str:
    return one_of(value, tuple(FIELD), "field")


def _label_field(value: str) -> str:
    """A field, or ``ignored``: the label ends the value before it and says nothing itself."""
    return value if value == IGNORED else _field(value)


def _css(value: str) -> str:
    try:
        GenericTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _clock(value: object) -> str:
    if not isinstance(value, str) or not _CLOCK.match(value):  # daily: 8 is a number
        raise ValueError('expected a time of day such as "07:30" (Asia/Shanghai)')
    return value


def _interval(value: str) -> str:
    every_as_cron(value)
    return value


def _cron(value: str) -> str:
    check_cron(value)
    return value


def _hours(value: str) -> str:
    start, dash, end = value.partition("-")
    if not dash or not _CLOCK.match(start.strip()) or not _CLOCK.match(end.strip()):
        raise ValueError('expected two times of day such as "23:00-06:00"')
    if start.strip().zfill(5) == end.strip().zfill(5):
        raise ValueError("begins and ends at the same time")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", value.lower()):
        raise ValueError("expected a host name such as files.example.org, without scheme, port and path")
    return value.lower()


Address = Annotated[str, AfterValidator(web_address)]
Selector = Annotated[str, AfterValidator(_css)]
Pattern = Annotated[str, AfterValidator(_regex)]
HostName = Annotated[str, AfterValidator(_host)]
TimeOfDay = Annotated[str, BeforeValidator(_clock)]
FieldName = Annotated[str, AfterValidator(_field)]
LabelField = Annotated[str, AfterValidator(_label_field)]
Count = Annotated[int, Field(le=10_000_000)]  # wire and database take no number beyond 2**63
QuietHours = Annotated[str, AfterValidator(_hours)]
Cron = Annotated[str, AfterValidator(_cron)]
Interval = Annotated[str, AfterValidator(_interval)]
