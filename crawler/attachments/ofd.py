"""OFD files (GB/T 33190): a zip file of XML in which pages hold placed runs of text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.attachments.archive_files import Members
from crawler.attachments.flow import paragraphs
from crawler.attachments.markup import local, parse_xml
from crawler.attachments.result import MAX_PAGES, Budget, NotWholeError, UnreadableError, damaged
from crawler.extract.tree import words

_SAME_LINE = 0.5  # of a character's height, by which the feet of two runs of one line may differ
_GAP = 1.2  # character heights between two runs that stand in different columns
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text with its place on the page, in millimetres from the upper left."""

    x: float
    y: float
    end: float
    height: float
    text: str


def read_ofd(body: bytes, budget: Budget) -> Iterator[str]:
    """The paragraphs of every document in the file, in the order in which its pages place their text.

    Raises UnreadableError: damaged, or pages without any text; NotWholeError beyond MAX_PAGES.
    """
    members = Members(body, budget)
    roots = [_text(e) for e in parse_xml(members.read("OFD.xml")).iter() if local(e) == "DocRoot"]
    if not roots:
        raise damaged("OFD.xml names no document")
    found = False
    for root in roots:
        for line in paragraphs(_pages(members, root.lstrip("/"))):
            found = True
            yield line
    if not found:
        raise UnreadableError("attachment_is_scan", "its pages hold no text: nothing can be read")


def _pages(members: Members, document: str) -> Iterator[list[str]]:
    folder = posixpath.dirname(document)
    root = parse_xml(members.read(document))
    templates = {e.get("ID"): e.get("BaseLoc") for e in root.iter() if local(e) == "TemplatePage"}
    pages = [e.get("BaseLoc") for e in root.iter() if local(e) == "Page" and e.get("BaseLoc")]
    for number, place in enumerate(pages):
        if number >= MAX_PAGES:
            raise NotWholeError(f"only {MAX_PAGES} of its {len(pages)} pages are read")
        page = parse_xml(members.read(_path(folder, str(place))))
        runs: list[_Run] = []
        for template in (e for e in page if local(e) == "Template"):
            base = templates.get(template.get("TemplateID"))
            if base and _path(folder, str(base)) in members:
                runs.extend(_runs(parse_xml(members.read(_path(folder, str(base))))))
        runs.extend(_runs(page))
        yield _lines(runs)


def _path(folder: str, place: str) -> str:
    """A part's path in the file; ``..`` leads nowhere else, for nothing is ever written."""
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(folder, place))


def _runs(page: etree._Element) -> Iterator[_Run]:
    for element in page.iter():
        if local(element) != "TextObject":
            continue
        box = _numbers(element.get("Boundary"))
        left, top = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
        scale = _numbers(element.get("CTM"))
        factor = abs(scale[3]) or 1.0 if len(scale) == 6 else 1.0
        height = (_numbers(element.get("Size")) or [4.0])[0] * factor or 4.0
        x = y = 0.0
        for code in (e for e in element if local(e) == "TextCode"):
            text = words(code)
            x = (_numbers(code.get("X")) or [x])[0]
            y = (_numbers(code.get("Y")) or [y])[0]
            if text.strip():
                at = left + x * factor
                end = max(left + box[2] if len(box) == 4 else at, at)
                yield _Run(at, top + y * factor, end, height, text)


def _numbers(text: str | None) -> list[float]:
    return [float(n) for n in _NUMBER.findall(text or "")]


def _lines(runs: list[_Run]) -> list[str]:
    """Runs that stand beside one another as one line; lines in the order of the file, which is that of reading."""
    lines: list[list[_Run]] = []
    for run in runs:
        last = lines[-1][0] if lines else None
        if last is not None and abs(run.y - last.y) <= _SAME_LINE * max(run.height, last.height):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_line(line) for line in lines]


def _line(runs: list[_Run]) -> str:
    parts: list[str] = []
    before: _Run | None = None
    for run in sorted(runs, key=lambda r: r.x):
        if before is not None and run.x - before.end > _GAP * run.height:
            parts.append(" ")
        parts.append(run.text)
        before = run
    return "".join(parts)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()
