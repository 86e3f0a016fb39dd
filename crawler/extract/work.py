"""What is known of a page while it is being read: candidates for the fields of its record, and the rest of the work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.model import Attachment, Place, Problem, Severity
from crawler.extract.fields import FieldBook
from crawler.extract.rules import ExtractionRules

_PAGER = re.compile(
    r"<[aA]\b[^>]{0,400}>[^<]{0,8}下一?页|上一页.{0,2000}?下一页|createPageHTML\s*\("
    r"|共\s*(?:<[^>]+>)?\d+(?:</[^>]+>)?\s*[页条]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that stands for a field somewhere, as it was written."""

    field: str
    label: str  # as it is shown beside the value, or the key of the value; empty where it has none
    raw: str
    place: Place


@dataclass(slots=True)
class Work:
    """What is known of the page while it is being read."""

    url: str
    book: FieldBook
    rules: ExtractionRules
    answered: str | None = None  # the Date header of the answer: the server's clock when it was asked
    first: str = ""  # address of the text's first page, where this is a further one
    further: tuple[str, ...] = ()  # addresses of further pages of the text, as this one tells
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)  # (name, address) that JSON records list
    site: dict[str, str] = field(default_factory=dict)  # see crawler.extract.page_data.meta.meta_candidates
    json_body: str | None = None  # the text's markup, as a JSON record holds it
    lines: list[str] = field(default_factory=list)
    attachments: tuple[Attachment, ...] = ()
    how: str = "none"  # the text was found: by rule, marker, label, known, density, beneath (the title), json
    headed: bool = False  # the title is a heading within the text's element, left out of the lines
    markup: str = ""  # of the page
    linked: float = 0.0  # share of the page's text that is links
    notice: bool = False  # a short text of its own among many links
    bare: bool = False  # the page shows no word and no picture
    listed: bool = False  # most rows of the text found by density hold a link: a catalogue

    @property
    def listed_as(self) -> list[str]:
        """What the catalogue's row calls the document."""
        return [c.raw for c in self.candidates if c.field == "title" and c.place is Place.LIST]

    @property
    def paged(self) -> bool:
        """Whether the page has a pager (上一页 1 2 3 下一页, 共 12 页). Few pages need to be asked."""
        return bool(_PAGER.search(self.markup))

    def add(self, candidate: Candidate) -> None:
        """Keep a candidate; the same value from the same kind of place counts once."""
        seen = ((c.field, c.raw, c.place) for c in self.candidates)
        if (candidate.field, candidate.raw, candidate.place) not in seen:
            self.candidates.append(candidate)

    def say(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Note a problem of this page."""
        self.problems.append(Problem(code=code, message=message, severity=severity, url=self.url))
