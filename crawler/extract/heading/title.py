"""The page's heading, and the dates and numbers that stand between it and the text."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import takewhile

from lxml import etree

from archive.model import Place
from crawler.extract.body.noise import noise_line
from crawler.extract.fields import FieldBook
from crawler.extract.heading import heading_words
from crawler.extract.heading.chrome import around_of, in_chrome
from crawler.extract.heading.heading_words import joined, names_givers, parted, read
from crawler.extract.heading.lone_values import lone_values, number_over, of_line
from crawler.extract.heading.placed import acceptable, line_before, over_the_line
from crawler.extract.linked_files.names import extension
from crawler.extract.text import clean, compare_key, label_key
from crawler.extract.tree import before, first_text, names_of, words
from crawler.extract.values import numbers
from crawler.extract.values.headfoot import TITLE_END, is_organisation, own_title, tells_document
from crawler.extract.work import Candidate

_TITLE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?:article|art|news|content|con|detail|doc|xxgk|info|main|page|wz|xl|zw|bt"
    r"|wenzhang|txt)[-_]?(?:title|tit|bt|biaoti|name|h1)|title|tit|biaoti|bt|ArticleTitle|arc_tit\w*"
    r"|titles?|tit1|bigtitle)(?:$|[\s_\d])",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"sub|futit|fu_tit|fbt|small", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[-_|—–－·>＞]+\s*|\s{2,}")
_INLINE = ("span", "strong", "font", "b")
_PLACES = tuple("省市县区镇乡州盟旗")
_SMALL = ("h4", "h5", "h6")
_OF_SECTIONS = 3  # rank of h2 and h3
_HEADING_TAGS = ("h1", "h2", "h3", *_SMALL, "div", "p", "td", "li", "center", *_INLINE)
# An element of paragraphs or a card of labels is none, whatever its class says: <div class="xl_tit"><ul><li>
_PARTED = ("p", "li", "dd", "tr")
_SHORTEST_PIECE = 6  # characters of an element's first text that can be a title or its first line
# 某公告（某政告〔2031〕8号）_某县
_BOUND = re.compile(r"[-_|—–－·\s/>:：]|[（(][^（()）]{2,30}[）)](?:$|[-_|—–－·\s])")
_SITE_LIKE = re.compile(
    r"(?:网|网站|门户|平台|政府|政府网|局|委员会|厅|办公室|信息公开|政务公开|栏|目录|详情|首页|频道)$"
)


def elements(root: etree._Element) -> list[etree._Element]:
    """h1 elements: a heading inside the text's container is the page's title, not a line of the text."""
    return list(root.iter("h1"))


def heading(
    root: etree._Element,
    container: etree._Element | None,
    book: FieldBook,
    site: dict[str, str],
    named: Collection[str] = (),
) -> etree._Element | None:
    """The element that is the page's title: one that says what <title> or what the document is ``named`` says, an h1,
    else one named so."""
    titled = "\n".join((_title_text(root), *named))
    around = around_of(container)
    ranked: list[tuple[int, etree._Element]] = []
    for outer in root.iter(*_HEADING_TAGS):
        if outer is container:
            break
        rank = _rank(outer, titled)
        if rank is None:
            continue
        inner = heading_words.within(outer) if rank == 2 else None
        element = outer if inner is None else inner
        if (in_chrome(element, around) and not _heads_text(element, titled)) or (
            next(element.iterdescendants(*_PARTED), None) is not None
            and not heading_words.holds_a_line(element)
        ):
            continue
        text = read(element)
        if not acceptable(text, book, site):
            continue
        if (rank >= _OF_SECTIONS or is_organisation(text)) and _heads_links(element):
            continue
        if rank == 0 and not (_says(titled, text) and _is_whole(element)):
            ranks = (_rank(element, ""), heading_words.rank_of_short(text, titled))
            rank = min(filter(None, ranks), default=None)
        if rank is None or not _tells(rank, text, root):
            continue
        if element.tag == "td" and heading_words.has_neighbours(element):
            continue  # a column of a table
        ranked.append((rank, element))
    best = min((rank for rank, _ in ranked), default=heading_words.SHORT)
    opening = (
        _opening(container, book, site) if best >= heading_words.SHORT and container is not None else None
    )
    if not ranked or opening is not None:
        return opening
    if best == 1 and (named_near := heading_words.named_behind_a_slogan(ranked)) is not None:
        return named_near
    # The nearest before the text: carousels and banners of a template stand further up.
    return [element for rank, element in ranked if rank == best][-1]


def of_page(
    known: etree._Element | None,
    root: etree._Element,
    container: etree._Element | None,
    book: FieldBook,
    site: dict[str, str],
    named: Collection[str],
) -> etree._Element | None:
    """The ``known`` one beneath which a short text was found, unless it is the name of a column (公示), or that of an account
    under an h1; else :func:`heading`."""
    found = heading(root, container, book, site, named)
    if known is not None and acceptable(said := read(known), book, site):
        line = known.getparent()
        under = found is not None and found.tag == "h1" and line is not None and before(line)[0] is found
        return found if under and not TITLE_END.search(said) else known
    marked = heading_words.marked(root) if found is None else None
    return marked if marked is not None and acceptable(read(marked), book, site) else found


def _heads_text(element: etree._Element, titled: str) -> bool:
    """An h1 in what is named like a page's head: what <title> begins with, or what stands over the line under a title."""
    said = read(element) if element.tag == "h1" else ""
    if not said or is_organisation(said):
        return False
    return (titled.startswith(said) and _says(titled, said)) or heading_words.stands_over_its_line(element)


def _heads_links(element: etree._Element) -> bool:
    """Whether a name stands beside a menu: ``<div><h1>某市人民政府</h1><ul><li><a href="/">首页</a>…``, the head of the site."""
    parent = element.getparent()
    if parent is None or parent.tag in ("body", "html"):
        return False
    linked = sum(len(words(a).strip()) for a in parent.iter("a") if not extension(a.get("href") or ""))
    return 2 * linked > len("".join(words(parent).split())) - len(words(element).strip())


def _opening(container: etree._Element, book: FieldBook, site: dict[str, str]) -> etree._Element | None:
    """An h1 within the text's container, else what its text begins with if that is named like a title."""
    inner = next(container.iter("h1"), None)
    if inner is None:
        walk = (e for e in container.iter(*_HEADING_TAGS) if e is not container and first_text(e).strip())
        opening = next((e for e in walk if not noise_line(read(e))), None)  # 您现在的位置：首页 > 通知公告
        # <div class="title"><strong>开庭公告</strong></div>
        if opening is not None and opening.tag in ("h2", "h3", *_SMALL):
            over = heading_words.stands_over_its_line(opening) or heading_words.is_lone(opening, container)
            inner = opening if over or TITLE_END.search(read(opening)) else None
        inner = inner if inner is not None else heading_words.lone_title(container)
        around = () if opening is None else (opening, *opening.iterancestors())
        said = read(opening) if opening is not None else ""
        for element in takewhile(lambda e: e is not container and read(e) == said, around):
            inner = element if inner is None and _rank(element, "") == 2 else inner
    text = read(inner) if inner is not None else ""
    if inner is None or not acceptable(text, book, site) or in_chrome(inner, frozenset({container})):
        return None
    return inner


def _rank(element: etree._Element, titled: str) -> int | None:
    """0: may say what <title> says; 1: h1; 2: named like a title; 3: h2 or h3; 5: a smaller one; None: no heading."""
    start = first_text(element).strip()
    if titled and len(start) >= _SHORTEST_PIECE and clean(start) in titled:
        return 0
    if element.tag == "h1":
        return 1
    names = names_of(element)
    if len(names) > 1 and _named_title(names):
        return 2
    if element.tag in _SMALL:
        return heading_words.SHORT + 1
    return _OF_SECTIONS if element.tag in ("h2", "h3") else None


def _tells(rank: int, text: str, root: etree._Element) -> bool:
    """Whether a heading that may be one of a column or a part of the text is called like a document. Of several small ones,
    none is the title."""
    if rank in (*range(_OF_SECTIONS), heading_words.SHORT):
        return True
    if rank == _OF_SECTIONS and numbers.own_line(text) is not None:
        return True
    return tells_document(text) and (rank == _OF_SECTIONS or sum(1 for _ in root.iter(*_SMALL)) == 1)


@lru_cache(maxsize=4096)
def _named_title(names: str) -> bool:
    return bool(_TITLE_NAMES.search(names)) and not _SUBTITLE.search(names)


def _title_text(root: etree._Element) -> str:
    element = next(root.iter("title"), None)
    return clean(element.text or "") if element is not None else ""


def _is_whole(element: etree._Element) -> bool:
    """Whether nothing goes on right behind an element: ``<h1><span>关于某事的通知</span><span>（某政〔2031〕4号）</span></h1>``."""
    following = element.getnext()
    behind = (element.tail or "") or (
        words(following) if following is not None and following.tag == element.tag else ""
    )
    return element.tag not in _INLINE or behind[:1] not in ("（", "(")


def _says(titled: str, text: str) -> bool:
    """Whether <title> holds a text as a part of its own: ``某通知_政策文件_某市人民政府``."""
    if len(text) < 8 or _SITE_LIKE.search(text):
        return False
    start = titled.find(text)
    before, after = titled[:start], titled[start + len(text) :]
    return (
        start >= 0
        and (not before or bool(_BOUND.match(before[-1])))
        and (not after or bool(_BOUND.match(after)))
    )


def candidates(
    root: etree._Element,
    head: etree._Element | None,
    container: etree._Element | None,
    *,
    lines: list[str],
    book: FieldBook,
    site: dict[str, str],
    named: Collection[str],
    read_parts: Collection[etree._Element],
    bars: Collection[etree._Element],
    cards: Collection[etree._Element],
) -> list[Candidate]:
    """Title of the heading, else (unless the document is ``named``) of the title element or lines before the text;
    date and number that stand alone between title and text. ``bars`` are the elements of the line under the title, ``cards``
    those of records."""
    found: list[Candidate] = []
    if head is not None:
        text, dated = parted(head)
        whole = text if dated else joined(head, text, _title_text(root))
        found.append(Candidate("title", str(head.tag), whole, Place.HEADING))
        if dated:
            found.append(Candidate("published_on", "", dated, Place.LINE))
        if container is not None:
            found.extend(lone_values(head, container, set(read_parts)))
            if all(candidate.field != "document_number" for candidate in found):
                found.extend(number_over(head, set(read_parts)))
        return found
    titled = None if named else _title_element(root, lines, book, site)
    line, behind = line_before(container, book, site, read_parts)
    if line and not TITLE_END.search(line) and own_title(lines):
        line = None  # 绿水青山就是金山银山 over a day, in front of the text and its title
    if line and titled and names_givers(line, titled):
        titled = None
    name = titled or line or (None if own_title(lines) else over_the_line(bars, container, book, site))
    if not named and not name and not own_title(lines):
        over = over_the_line(cards, container, book, site)
        name = over if over and TITLE_END.search(over) else heading_words.kind_over_its_line(root, container)
    if not named and name:
        found.append(Candidate("title", "", name, Place.HEADING))
    names = {compare_key(name) for name in (*named, titled) if name}
    if line and (not names or any(compare_key(line) in name for name in names)):
        found.extend(candidate for text in behind for candidate in of_line(text))
    return found


def _without_column(whole: str, book: FieldBook) -> str:
    """<title> without the site and the column in front of a document's: 某市水利局 通知公告 关于某事的通知."""
    words_of_title = whole.split(" ")
    for count, word in enumerate(words_of_title[:3], start=1):
        if label_key(word) in book.generic_headings and len(words_of_title) > count:
            return " ".join(words_of_title[count:])
    return whole


def _title_element(
    root: etree._Element, lines: list[str], book: FieldBook, site: dict[str, str]
) -> str | None:
    """The part of <title> that reads like a document's: it ends in a genre word, opens the text or is what that makes."""
    whole = _without_column(_title_text(root), book)
    site_name, *_ = _SPLIT.split(whole, maxsplit=1)
    # 某市水利局-2030年度部门决算, and not 甲市-乙市城际铁路…规划
    if site_name != whole and is_organisation(site_name) and not site_name.endswith(_PLACES):
        whole = _SPLIT.sub("", whole.removeprefix(site_name), count=1)
    head = compare_key("".join(lines[:3]))
    for text in (whole, *map(str.strip, _SPLIT.split(whole))):
        if not acceptable(text, book, site) or _SITE_LIKE.search(text):
            continue
        document = TITLE_END.search(text) and re.search(r"关于|印发|\d{4}年|《|年度", text)
        if heading_words.is_made_by(text, lines) or (
            len(text) >= 8 and (document or (head and head.startswith(compare_key(text))))
        ):
            return text
    return None
