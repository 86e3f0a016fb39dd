"""Pages of links: whether a page, read, is the list of other documents and none itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import cast

from lxml import etree

from archive.model import Place, Severity
from crawler.extract.body import lines as texts
from crawler.extract.body.noise import of_site
from crawler.extract.body.notice import is_notice
from crawler.extract.body.set_aside import left_out
from crawler.extract.heading import heading_words
from crawler.extract.linked_files import attachments
from crawler.extract.linked_files.names import extension
from crawler.extract.links import base_of
from crawler.extract.text import clean, compare_key
from crawler.extract.tree import inside, leads, words
from crawler.extract.values.headfoot import tells_document
from crawler.extract.work import Work

_ROWS_OF_A_LIST = 5
_MOSTLY_LINKS = 0.6  # share of a page's text
_ICON = re.compile(r"icon|file_?type|/ext/|fileimg", re.IGNORECASE)
# The end of a text whose matter is in the pictures behind it: 公布如下：, 现将名单公示如下，如有异议请来电。, 详见下图
_FOLLOWS = re.compile(
    r"(?:如下(?:图|表)?(?:所示)?(?:[，,][^。：:]{0,60})?|[见如]下[图表][^。：:]{0,20})[。：:]?$"
)
_SHORT = 150  # characters of a text that says no more than what follows
_LARGE = 200  # pixels
_SIDES = ("width", "height")
_PIXELS = re.compile(r"\s*+(\d{1,5})(?:\.\d+)?\s*+(?:px)?\s*+$")
_BEFORE = etree.XPath("preceding::text()")


def is_list(work: Work) -> bool:
    """Whether a page, weighed, is none of a document."""
    named = {
        c.field for c in work.candidates if c.place in (Place.META, Place.TABLE, Place.API, Place.EMBEDDED)
    }
    if work.notice or named & {"title", "index_number"} or work.how in ("rule", "marker", "label", "json"):
        return False
    titled = any(c.field == "title" and c.place is not Place.LIST for c in work.candidates)
    if (work.listed and not work.lines) or (not titled and (work.listed or work.paged)):
        return True
    return work.linked > _MOSTLY_LINKS and (work.how == "density" or not work.lines)


def weigh(
    work: Work, root: etree._Element, container: etree._Element | None, heading: etree._Element | None
) -> None:
    """Whether links or a text are what a page is for, and what stands in the place of a text, into ``work``."""
    said = heading_words.read(heading) if heading is not None else ""
    named = tells_document(said) or compare_key(said) in map(compare_key, work.listed_as)
    empty = not work.lines and (
        container is None or next(container.iter("img"), None) is None or of_site(words(container))
    )
    if not work.lines and heading is not None and not work.attachments:
        pictured = attachments.pictured(heading, work.book)
        container = pictured if empty and pictured is not None else container
        work.notice = named and pictured is not None
    if work.how == "density":
        _weigh_links(work, root, container)
        if not work.lines and work.attachments and not (work.listed and _lists_files(container)):
            work.notice = named
        if work.linked > _MOSTLY_LINKS or work.listed:
            titles = [
                clean(c.raw) for c in work.candidates if c.field == "title" and c.place is Place.HEADING
            ]
            work.notice = work.notice or is_notice(root, container, work.lines, titles, heading)
    _tell_why_no_text(work, root, container)


def _lists_files(container: etree._Element | None) -> bool:
    """Whether the rows of a list lead to files, each a document, and not to the pages beside that of a file."""
    return container is None or any(extension(a.get("href") or "") for a in container.iter("a"))


def _weigh_links(work: Work, root: etree._Element, container: etree._Element | None) -> None:
    total = texts.visible_length(root)
    links = (a for a in root.iter("a") if leads(a) and not extension(a.get("href") or ""))
    work.linked = sum(len(words(a).strip()) for a in links) / total if total else 0.0
    rows = list(container.iter("tr", "li")) if container is not None else texts.dated_rows(root)
    linked = sum(1 for row in rows if next(row.iter("a"), None) is not None)
    work.listed = linked >= _ROWS_OF_A_LIST and linked * 10 >= len(rows) * 6
    if rows and linked == len(rows) and not work.attachments:  # a column with an entry or two
        work.listed = work.listed or not any("。" in line for line in work.lines)


def _is_furniture(image: etree._Element, container: etree._Element, work: Work) -> bool:
    """Whether a picture within a text's element is none of it: the code to scan below a short text."""
    around = takewhile(lambda e: e is not container, image.iterancestors())
    return attachments.is_cover(image) or any(left_out(element, work.book) for element in around)


def _announces(lines: Sequence[str]) -> bool:
    """Whether a text only says what comes, in a sentence or two: 现将处罚结果公布如下，请认真对照整改。"""
    text = "".join(lines)
    return len(text) <= _SHORT and text.count("。") <= 2 and _FOLLOWS.search(text) is not None


def _stand_behind(images: Sequence[etree._Element], last: str) -> bool:
    """Whether large pictures, and no small ones, stand behind a text's last line."""
    before = "".join("".join(cast("list[str]", _BEFORE(images[0]))).split())
    sizes = (found for image in images for key in _SIDES if (found := _PIXELS.match(image.get(key) or "")))
    return "".join(last.split()) in before and all(int(size[1]) >= _LARGE for size in sizes)


def _tell_why_no_text(work: Work, root: etree._Element, container: etree._Element | None) -> None:
    """Files and pictures in the place of a text, as problems; the pictures as files of the document."""
    if container is None and work.attachments and work.json_body is None:
        work.say("body_in_attachment", "the page has no text of its own, only attached files", Severity.INFO)
    if container is None:
        return
    alone = attachments.say_all("".join(work.lines), work.attachments)
    if not alone and not _announces(work.lines):
        return
    foot = texts.feet(container) if work.how == "density" else ()
    images = (e for e in container.iter("img") if not any(inside(e, part) for part in foot))
    images = (e for e in images if not _ICON.search(e.get("src") or ""))
    seen = [e for e in images if not _is_furniture(e, container, work)]
    shown = attachments.pictures(container, base_of(root, work.url), work.book, foot) if seen else ()
    if seen and (alone or (shown and _stand_behind(seen, work.lines[-1]))):
        work.say("body_in_images", "the text is in images; none was read", Severity.INFO)
        known = {a.url for a in work.attachments}
        work.attachments += tuple(a for a in shown if a.url not in known)
    elif alone and work.attachments:
        work.say("body_in_attachment", "the page has no text of its own, only attached files", Severity.INFO)
