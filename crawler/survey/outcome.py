"""All that a look at a site found out, weighed: whether a file can be written, and whether the site may be enabled. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.lists.places import place_of
from crawler.lists.signposts import Signpost
from crawler.outcomes import same_host
from crawler.platforms.base import ListRow
from crawler.survey.asking import Step
from crawler.survey.findings import GUESS, LIKELY, SURE, Finding
from crawler.survey.sampling import SampledDocument, SampledList

_MAY_BE_PART = 0.45
_FEWEST_BESIDE = 3  # rows of a list that is another one


@dataclass(slots=True)
class Survey:
    """What was found out. ``problem`` says why nothing usable was; ``platform`` is None then, or a guess."""

    url: str
    landed: str | None = None  # where that led
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str | None = None
    platform: Finding | None = None
    lists: list[SampledList] = field(default_factory=list)
    unseen: list[tuple[str, str | None, str, Mapping[str, Any]]] = field(default_factory=list)
    beyond: str | None = None  # where the 更多 of the page leads, where no rows could be read
    others: list[Signpost] = field(default_factory=list)  # linked, and not looked at
    left_out: list[Signpost] = field(default_factory=list)  # columns of the page that are not collected
    documents: list[SampledDocument] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # asked as a script of the page does, for no rows
    parts: list[Finding] = field(default_factory=list)  # name, province, level, documents

    def part(self, name: str) -> Finding:
        """The finding on one part."""
        return next(part for part in self.parts if part.part == name)

    @property
    def can_tell(self) -> bool:
        """Whether a collection with this would bring documents."""
        own = any(same_host(one.url, row.url) for one in self.lists for row in one.rows)
        return (
            self.problem is None and self.platform is not None and own and any(d.read for d in self.documents)
        )

    @property
    def is_certain(self) -> bool:
        """Whether nothing that a collection rests on is less than likely."""
        if not self.can_tell or self.platform is None or self.unseen or self.left_out:
            return False
        essential = [self.platform, self.part("documents"), *(one.paging for one in self.lists if one.rows)]
        return all(one.certainty >= LIKELY for one in essential)


def documents_finding(survey: Survey) -> Finding:
    """How many of the documents that were tried gave a record, what all of them gave, and what is to be looked at."""
    tried = survey.documents
    read = [document for document in tried if document.read]
    if not tried:
        return Finding("documents", "none tried", 0.0)
    elsewhere = [(one, row) for one in survey.lists for row in one.rows if not same_host(one.url, row.url)]
    look = [f"{d.url}: {d.kind}{': ' + d.detail if d.detail else ''}" for d in tried if not d.read]
    for name, why in (("published_on", "no date of publication"), ("issuing_body", "no issuing body")):
        if read and not any(name in document.fields for document in read):
            look.append(f"{why} was read in any of them; `gongkai extract` shows what is")
    if elsewhere:
        look.append(
            f"{len(elsewhere)} rows lead to other sites and are not collected, such as {elsewhere[0][1].url}: name them under"
            " `hosts`, if they are the bureau's"
        )
    problems = sorted({code for document in read for code in document.problems})
    if problems:
        look.append(f"problems in them: {', '.join(problems)}")
    common = [name for name in read[0].fields if all(name in d.fields for d in read)] if read else []
    reasons = (f"each gave {', '.join(common)}",) if common else ()
    whole = len(read) == len(tried) and not _is_another_name(survey.lists, elsewhere)
    certainty = 0.0 if not read else 0.95 if whole else 0.6
    return Finding("documents", f"{len(read)} of {len(tried)} read", certainty, reasons, tuple(look))


def _is_another_name(lists: Sequence[SampledList], elsewhere: Sequence[tuple[SampledList, ListRow]]) -> bool:
    """Whether rows that lead to other sites may be the bureau's, under another name of its host: half of all, or in the page's path."""
    at_home = any((home := place_of(one.url)) != "/" and place_of(row.url) == home for one, row in elsewhere)
    return at_home or len(elsewhere) * 2 >= sum(len(one.rows) for one in lists)


def confirmed(platform: Finding, survey: Survey) -> Finding:
    """The platform, surer when its paging and its documents work."""
    works = [one for one in survey.lists if one.rows and one.paging.certainty >= LIKELY]
    if works and survey.part("documents").certainty >= SURE and GUESS <= platform.certainty < SURE:
        why = (*platform.why, "its pages and documents were read as a collection reads them")
        return Finding("platform", platform.value, 0.9, why, platform.look)
    return platform


def part_doubted(one: SampledList, beyond: str | None, unanswered: Sequence[str]) -> SampledList:
    """The list, less sure to be whole where the page's 更多 leads to what could not be read, or its script asks for rows in vain."""
    told = (
        [f"更多 leads to {beyond}, whose rows could not be read: is that the whole list?"] if beyond else []
    )
    told += [
        f"the page's script asks {address}, and no rows came: does it bring more?"
        for address in unanswered[:1]
    ]
    if one.paging.value != "one page" or not told:
        return one
    look = (*one.paging.look, *told)
    return replace(
        one, paging=replace(one.paging, certainty=min(one.paging.certainty, _MAY_BE_PART), look=look)
    )


def beside_doubted(one: SampledList, shown: Sequence[ListRow], home: str) -> SampledList:
    """The list that a page's script brings, less sure where the page shows rows of its own place (``home``) that are none of it.

    ``shown``: the rows that stand in the page.
    """
    own = [row for row in shown if home != "/" and place_of(row.url).startswith(home)]
    stems = tuple((row.title or "").rstrip(".…") for row in own)  # a page may cut its titles
    known = {row.url for row in own}
    alike = any(row.url in known or (row.title or "").startswith(stems) for row in one.rows)
    if len(own) < _FEWEST_BESIDE or alike:
        return one
    told = f"the page shows {len(own)} rows of its own, from 《{own[0].title}》 on, that are none of those: which is its list?"
    paging = replace(
        one.paging, certainty=min(one.paging.certainty, _MAY_BE_PART), look=(*one.paging.look, told)
    )
    return replace(one, paging=paging)


def doubted(platform: Finding) -> Finding:
    """The platform of a page that answers a search: not a catalogue, whatever its rows are."""
    look = (*platform.look, "this page shows what a search found; is it the catalogue that you mean?")
    return Finding("platform", platform.value, min(platform.certainty, 0.6), platform.why, look)
