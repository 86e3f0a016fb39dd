"""Days of publication in meta tags that are none: when the page was generated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.model import Place, Severity
from crawler.extract import meta

if TYPE_CHECKING:
    from crawler.extract.reading import Work

_MONTH = re.compile(r"/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])(?=[/-]|\d{2}/)")


def without_day_of_making(work: Work) -> None:
    """Drop a PubDate that is, to the second, when the page was generated, unless nothing speaks against it.

    A site that generates its pages anew (苏州市, 2023 and 2025) thereby dates all its documents anew. The day that the
    line under the title names is kept; without one, the month in the address must agree.
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
    if len(told) > len(stamps) or (month and month[1] + month[2] != made[:6]):
        work.candidates = [c for c in work.candidates if c not in stamps]
        message = (
            f"{stamps[0].label} {stamps[0].raw} is when the page was generated, not a day of publication"
        )
        work.say("generated_not_published", message, Severity.INFO)
