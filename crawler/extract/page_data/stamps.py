"""Days of publication in meta tags that are none: when the page was generated, or when it was asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.model import Place, Severity
from crawler.extract.page_data import meta
from crawler.extract.text import clean
from crawler.extract.values import dates
from crawler.extract.work import Candidate, Work

_MONTH = re.compile(r"/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])(?=[/-]|\d{2}/)")
_OF_A_VISIT = timedelta(minutes=2)  # between the two clocks; a PubDate of the guideline has no seconds


def drop(work: Work) -> None:
    """Drop a PubDate that is when the page was generated, or when it was asked for."""
    _of_making(work)
    _of_visit(work)


def _of_making(work: Work) -> None:
    """Drop a PubDate that is, to the second, when the page was generated, unless nothing speaks against it.

    A site that generates its pages anew (苏州市, 2023 and 2025) thereby dates all its documents anew. The day that the
    line under the title names is kept; without one, the month in the address must agree, and the day that the list gives.
    """
    made = work.site.get("made")
    stamps = [
        c
        for c in work.candidates
        if made and c.field == "published_on" and c.place is Place.META and meta.instant(c.raw) == made
    ]
    if not made or not stamps:
        return
    told = [c for c in work.candidates if c.field == "published_on" and c.place is not Place.LIST]
    month = _MONTH.search(work.url)
    listed = (_day(c) for c in work.candidates if c.field == "published_on" and c.place is Place.LIST)
    speaks_against = len(told) > len(stamps) or any(day not in ("", made[:8]) for day in listed)
    if speaks_against or (month and month[1] + month[2] != made[:6]):
        work.candidates = [c for c in work.candidates if c not in stamps]
        message = (
            f"{stamps[0].label} {stamps[0].raw} is when the page was generated, not a day of publication"
        )
        work.say("generated_not_published", message, Severity.INFO)


def _of_visit(work: Work) -> None:
    """Drop a PubDate that is when the page was asked for: it would be an edit at every visit.

    The server's own clock tells (the Date header, which a capture keeps), unless the page says the same time elsewhere.
    """
    asked = _parsed(work.answered)
    if asked is None:
        return
    at = {c: moment for c in work.candidates if c.field == "published_on" and (moment := _at(c)) is not None}
    stamps = [c for c, moment in at.items() if c.place is Place.META and abs(moment - asked) <= _OF_A_VISIT]
    others = [moment for c, moment in at.items() if c.place not in (Place.META, Place.LIST)]
    if not stamps or any(abs(moment - asked) <= _OF_A_VISIT for moment in others):
        return
    work.candidates = [c for c in work.candidates if c not in stamps]
    message = f"{stamps[0].label} {stamps[0].raw} is when the page was asked for, not a day of publication"
    work.say("asked_not_published", message, Severity.INFO)


def _moment(candidate: Candidate) -> dates.Moment | None:
    try:
        return dates.parse(clean(candidate.raw))
    except dates.ImpossibleDateError:
        return None


def _day(candidate: Candidate) -> str:
    """The digits of the day that a candidate names, or nothing: 20310301."""
    moment = _moment(candidate)
    return f"{moment.on:%Y%m%d}" if moment is not None else ""


def _at(candidate: Candidate) -> datetime | None:
    moment = _moment(candidate)
    return moment.at if moment is not None else None


def _parsed(header: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
