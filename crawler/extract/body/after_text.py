"""What stands behind a text, beside its element: its signature, what other documents are called, the foot of the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from lxml import etree

from crawler.extract.body import lines as texts
from crawler.extract.body.below_title import beneath
from crawler.extract.body.noise import is_related, of_every_page, of_page, of_site
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.heading.chrome import in_chrome
from crawler.extract.heading.heading_words import read
from crawler.extract.labels import blocks
from crawler.extract.linked_files.names import extension
from crawler.extract.tags import SKIPPED
from crawler.extract.text import clean, compare_key, label_key
from crawler.extract.tree import before, comes_after, first_text, inside, words
from crawler.extract.values import dates
from crawler.extract.values.headfoot import TITLE_END, is_organisation, signature

_LONGEST_SIGNATURE = 120  # characters
_MOST_LINES = 6  # of a signature: joint issuers and the day
_LEVELS = 3
_SHORTEST_TITLE = 8
_BESIDE_TITLE = 24  # characters: [2031-03-01]
_MOST_TITLES = 8  # of documents on one page that are looked at
_SENTENCES = 2  # of a text that is a document's, not a word about it
_SHORTEST_MATTER = 6  # characters: 关于落户的咨询, and no 2031年第3期
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OF_A_CARD = re.compile("信息|详情|属性|概览|公开|附件|下载")


def signature_behind(container: etree._Element, lines: Sequence[str], book: FieldBook) -> list[str]:
    """The lines of the signature that a template shows in elements of their own right behind a text that has none.

    ``<div id="zoom">…</div><div class="sign">某局　2031年3月1日</div>``: offices and a day written with 年月日, and nothing else.
    """
    signed: list[str] = []
    if lines and dates.whole(lines[-1]):
        return []
    for element in _following(container):
        said = words(element).strip()
        if len(said) > _LONGEST_SIGNATURE or not ("年" in said or is_organisation(said)):
            break
        signed += texts.lines(element, book)
        if len(signed) > _MOST_LINES:
            break
        found = signature(["", *signed])  # the first line of a text is no signature
        if found is not None:
            alone = all(map(is_organisation, signed[:-1])) and (found.date_line or "") in signed[-1]
            whole = alone and found.bodies and "年" in (found.date_line or "") and signature(lines) is None
            return signed if whole else []
        if not all(map(is_organisation, signed)):
            break
    return []


def _following(container: etree._Element) -> Iterator[etree._Element]:
    """The elements with a text behind another, those behind its parents where nothing more stands in these."""
    current: etree._Element | None = container
    for _ in range(_LEVELS):
        if current is None or current.tag in ("body", "html"):
            return
        said = False
        for element in current.itersiblings():
            if isinstance(element.tag, str) and element.tag not in SKIPPED and words(element).strip():
                said = True
                yield element
        if said:
            return
        current = current.getparent()


def take_others(
    records: list[blocks.Block], container: etree._Element | None, own: Collection[str], book: FieldBook
) -> list[etree._Element]:
    """Take out of blocks what the site's foot says behind the text, and what is said of documents that a link in front names.

    ``own``: keys of what the page's document is called. Returns what was taken out; a block may have lost all of its parts.
    """
    taken: list[etree._Element] = []
    if container is None:
        return taken
    for block in records:
        told = block.parts if block.kind == "loose" else block.parts[:1]
        away = [part for part in told if _is_of_other(part, block, container, own, book)]
        if away:
            away = away if block.kind == "loose" else list(block.parts)
            block.parts[:] = [part for part in block.parts if part not in away]
            taken += away
    return taken


def _is_of_other(
    part: etree._Element,
    block: blocks.Block,
    container: etree._Element,
    own: Collection[str],
    book: FieldBook,
) -> bool:
    if inside(container, part):
        return False
    over = before(part)[0]
    if own and (_led_by_title(part, own, book) or (over is not None and _is_title_row(over, own, book))):
        return True
    if own and is_under_related(part) and _links_another(part, own):
        return True
    if not block.distinct.isdisjoint(blocks.ONE_OF_EACH):
        return False
    if block.kind == "loose" and own and _under_heading_of_its_own(part, container, own, book):
        return True
    return _in_foot(part, container) and comes_after(part, container)


def _under_heading_of_its_own(
    part: etree._Element, container: etree._Element, own: Collection[str], book: FieldBook
) -> bool:
    """Whether a line of labels stands in a box beside the text, under that box's heading and of what is named there: 来信选登 over
    关于落户的咨询 时间：….

    The page's card may have one, too: 基本信息, or in front of the text the name of its column; and what stands over the day of the
    document alone is a number, a second title. No such box holds the title.
    """
    around = set(container.iterancestors())
    box = part
    while (parent := box.getparent()) is not None and parent not in around:
        box = parent
    if any(name in compare_key(words(box)) for name in own):
        return False
    headings = (e for e in box.iter("h1", "h2", "h3", "h4", "h5", "h6") if not comes_after(e, part))
    said = [clean(words(heading)) for heading in headings]
    if not _names_a_matter(box, said):
        return False
    behind = comes_after(part, container)
    return any(
        s and (behind or label_key(s) not in book.generic_headings) and not _is_of_card(s, book) for s in said
    )


def _names_a_matter(box: etree._Element, headings: Collection[str]) -> bool:
    """Whether a box says more than its headings, and labels with their values."""
    labelled = False
    for piece in filter(None, map(clean, map(str, box.itertext()))):
        if any(piece in heading for heading in headings):
            continue
        if not (labelled or ":" in piece or "：" in piece) and len(_HAN.findall(piece)) >= _SHORTEST_MATTER:
            return True
        labelled = piece.endswith((":", "："))
    return False


def _is_of_card(heading: str, book: FieldBook) -> bool:
    return _OF_A_CARD.search(heading) is not None or book.any_label.search(heading) is not None


def _in_foot(part: etree._Element, container: etree._Element) -> bool:
    around = set(container.iterancestors())
    for element in (part, *part.iterancestors())[:_LEVELS]:
        if element in around:
            return False
        if of_site(words(element)):
            return True
    return False


def _led_by_title(part: etree._Element, own: Collection[str], book: FieldBook) -> bool:
    """Whether an element begins with a link to a page called like a document, other than ``own``: no label stands before."""
    for element in part.iter() if next(part.iter("a"), None) is not None else ():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "a" and (href := element.get("href")) and not extension(href):
            said = clean(words(element))
            if len(said) >= _SHORTEST_TITLE and TITLE_END.search(said):
                key = compare_key(said)
                return not any(key in name or name in key for name in own)
        if any(_is_label(text, book) for text in (element.text, element.tail)):
            return False
    return False


def is_under_related(part: etree._Element) -> bool:
    """Whether what stands right over an element, or begins it or a box around it, is a heading of other documents: 相关文件."""
    first = next((e for e in part.iterdescendants() if first_text(e).strip()), None)
    if first is not None and is_related(clean(words(first))):
        return True
    for element in (part, *part.iterancestors())[:_LEVELS]:
        over, between = before(element)
        if over is not None:
            return not between.strip() and is_related(clean(words(over)))
    return False


def _links_another(part: etree._Element, own: Collection[str]) -> bool:
    """Whether an element leads to a page that is called like a document of another name."""
    names = [compare_key(name) for name in texts.names_of_pages(part) if TITLE_END.search(name)]
    return any(not any(name in o or o in name for o in own) for name in names)


def _is_title_row(over: etree._Element, own: Collection[str], book: FieldBook) -> bool:
    """Whether an element is such a link and little else: a list of links, or a box, says nothing of what stands behind it."""
    linked = sum(len(words(a).strip()) for a in over.iter("a"))
    alone = sum(1 for _ in over.iter("a")) == 1 and len(words(over).strip()) - linked <= _BESIDE_TITLE
    return alone and _led_by_title(over, own, book)


def _is_label(text: str | None, book: FieldBook) -> bool:
    said = (text or "").strip()
    if not said or (named := book.field_of(said)) == IGNORED:  # 相关文件
        return False
    return named is not None or book.any_label.match(said) is not None


def other_document(
    root: etree._Element,
    container: etree._Element,
    heading: etree._Element | None,
    own: Collection[str],
    book: FieldBook,
) -> str | None:
    """What another document is called whose title and text stand on the page too, beside the ``container`` of the one that is read.

    ``own``: keys of what the page's document is called. Where the text that is read stands under a title of its own, behind that
    of the page and its text, the other is the one that the page is called by.
    """
    titles = (
        h for h in root.iter("h1", "h2", "h3") if h is not heading and _is_title(h, container, own, book)
    )
    others = list(islice(titles, _MOST_TITLES))
    for title in others:
        if _has_text(title, container, book):
            return read(title)
    if heading is None or not any(comes_after(container, h) and comes_after(h, heading) for h in others):
        return None
    return read(heading) if _has_text(heading, container, book) else None


def _is_title(
    element: etree._Element, container: etree._Element, own: Collection[str], book: FieldBook
) -> bool:
    """Whether a heading is called like a document, and not like the one that is read."""
    said = read(element)
    key = compare_key(said)
    if len(said) < _SHORTEST_TITLE or not TITLE_END.search(said) or any(key in o or o in key for o in own):
        return False
    if inside(element, container) or in_chrome(element, frozenset()):
        return False
    return not any(left_out(e, book) for e in (element, *element.iterancestors()))


def _has_text(heading: etree._Element, container: etree._Element, book: FieldBook) -> bool:
    """Whether sentences stand beneath a heading, none of them the site's, and no way to a page where more is said."""
    found = beneath(heading, book, frozenset({container}))
    if found is None or texts.names_of_pages(found.element):
        return False
    lines = texts.lines(found.element, book, skip={container, *found.beside})
    told = [line for line in lines if "。" in line and not of_every_page(line) and not of_page(line)]
    return sum(line.count("。") for line in told) >= _SENTENCES
