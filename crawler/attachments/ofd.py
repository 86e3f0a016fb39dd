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
_LETTERS_OF_A_PAGE = 5  # fewer on a page with an image: the page is a picture of its text
_LETTERS_AS_DRAWINGS = 60  # that many shapes and no letter: text turned into outlines
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
    words, scanned = False, 0
    for root in roots:
        document = _Document(members, root.lstrip("/"))
        for line in paragraphs(document.pages()):
            words = words or not line.startswith("〔第")
            yield line
        scanned += document.scanned
    if not words:
        raise UnreadableError("attachment_is_scan", "its pages hold no text: nothing can be read")
    if scanned:
        budget.notes.append(f"{scanned} pages are images without text")


class _Document:
    """One document of the file."""

    def __init__(self, members: Members, path: str) -> None:
        self._members = members
        self._folder = posixpath.dirname(path)
        self._root = parse_xml(members.read(path))
        self.scanned = 0  # pages that are pictures of their text

    def pages(self) -> Iterator[list[str]]:
        """The lines of each page: of its template, its own, and those of annotations such as a stamp's."""
        templates = {e.get("ID"): e.get("BaseLoc") for e in self._root.iter() if local(e) == "TemplatePage"}
        pages = [
            (e.get("ID"), e.get("BaseLoc"))
            for e in self._root.iter()
            if local(e) == "Page" and e.get("BaseLoc")
        ]
        annotations, pictures = self._annotations(), self._pictures()
        for number, (identity, place) in enumerate(pages):
            if number >= MAX_PAGES:
                raise NotWholeError(f"only {MAX_PAGES} of its {len(pages)} pages are read")
            page = parse_xml(self._members.read(_path(self._folder, str(place))))
            runs: list[_Run] = []
            for template in (e for e in page if local(e) == "Template"):
                base = self._part(templates.get(template.get("TemplateID")))
                runs.extend(_runs(base) if base is not None else ())
            runs.extend(_runs(page))
            for annotation in annotations.get(str(identity), ()):
                part = self._part(annotation)
                runs.extend(_runs(part) if part is not None else ())
            lines = _lines(runs)
            if sum(map(len, lines)) < _LETTERS_OF_A_PAGE and (
                image := self._image(page, str(place), pictures)
            ):
                self.scanned += 1
                lines = [f"〔第{number + 1}页是图像 page {number + 1} is an image: {image}〕"]
            yield lines

    def _part(self, place: str | None) -> etree._Element | None:
        path = _path(self._folder, place) if place else ""
        return parse_xml(self._members.read(path)) if path in self._members else None

    def _annotations(self) -> dict[str, list[str]]:
        """The parts that hold annotations, by the page they stand on; their paths are those of the document."""
        place = next((_text(e) for e in self._root if local(e) == "Annotations"), "")
        root = self._part(place)
        found: dict[str, list[str]] = {}
        for page in root if root is not None else ():
            for location in (e for e in page if local(e) == "FileLoc"):
                path = "/" + _path(posixpath.dirname(_path(self._folder, place)), _text(location))
                found.setdefault(str(page.get("PageID")), []).append(path)
        return found

    def _pictures(self) -> dict[str, str]:
        """The paths of image files by the number that pages know them by."""
        found: dict[str, str] = {}
        for place in (_text(e) for e in self._root.iter() if local(e) in ("PublicRes", "DocumentRes")):
            root = self._part(place)
            if root is None:
                continue
            folder = posixpath.join(posixpath.dirname(_path(self._folder, place)), root.get("BaseLoc") or "")
            for media in (e for e in root.iter() if local(e) == "MultiMedia"):
                for file in (e for e in media if local(e) == "MediaFile"):
                    found[str(media.get("ID"))] = _path(folder, _text(file))
        return found

    def _image(self, page: etree._Element, place: str, pictures: dict[str, str]) -> str:
        """What tells the pictures of a page apart from others; empty where it shows none, nor many shapes."""
        used = [pictures.get(str(e.get("ResourceID")), "") for e in page.iter() if local(e) == "ImageObject"]
        if used:
            return " ".join(self._members.mark(path) if path in self._members else "?" for path in used)
        shapes = sum(1 for e in page.iter() if local(e) == "PathObject")
        return self._members.mark(_path(self._folder, place)) if shapes >= _LETTERS_AS_DRAWINGS else ""


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
