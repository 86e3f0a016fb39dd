"""How HTML lists lead from page to page, where links and simple script calls do: createPageHTML, 下一页, numbers. Pure.

Pages that are asked for by forms and functions are those of :mod:`crawler.lists.form_pagers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice, pairwise
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.links import absolute
from crawler.extract.tree import names_of
from crawler.lists import called_pagers
from crawler.lists.row_dates import DATE
from crawler.lists.row_groups import text_of
from crawler.platforms.base import PageRequest

_NEXT = re.compile(r"下一?页|后一?页|下一頁(?:next)?|next(?:page)?|(?:更|较)早(?:的?文章)?|older(?:posts)?")
_ARROWS = re.compile(r"[\s>»›→▶＞«←\]\[（）()|]+")
_NEXT_CLASS = re.compile(r"(?:[a-z]+[-_])*next(?:[-_]?page)?")
# A link without words.
_NEXT_IMAGE = re.compile(r"(?:^|[/_-])next(?:[-_]?page|_?n|_?\d)?\.(?:gif|png|jpe?g|svg)$", re.IGNORECASE)
_NO_NEXT = re.compile(r"\d|[二三四五六七八九十]页|篇|条")  # 下5页, 下一篇
_PAGER_WORDS = re.compile(
    r"上一?页|下一?页|首页|尾页|末页|第一页|最后|前一?页|后一?页|共.{0,8}[页条]|[«»]|\.\.\.|…"
)
_LAST_WORDS = frozenset({"尾页", "末页", "最后一页", "最末页", "最后页", "last", "lastpage"})
_FIRST_WORDS = frozenset({"首页", "第一页", "最前页", "first", "firstpage"})
_OF_ALL = re.compile(r"total|总", re.I)  # <a title="Total record"><b>45</b></a>
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BETWEEN = " \n\r\t\xa0|[]【】0123456789"  # two links of a pager
_NUMBERS = re.compile(r"[\s\[\]【】|·,\d]{3,200}")
_PAGES_SAID = re.compile(
    r"共\s*(\d{1,5})\s*页|总页数\s*[:：]?\s*(\d{1,5})|(?:页次|页码|第)\s*[:：]?\s*\d{1,5}\s*页?\s*/\s*共?\s*(\d{1,5})\s*页?"
)
_OWN_NUMBER = re.compile(r"[-_]?\d+(?=\.\w{2,5}$)")  # list.htm and list2.htm
_LONGEST_PAGER = 300  # characters
_MOST_ELEMENTS = 200  # of a pager
PAGER_NAME = re.compile(r"page|pagi|fenye|(?:^|[-_ ])(?:fy|pg)(?:$|[-_ ])")
_OTHER_NAME = re.compile(
    r"calendar|rili|(?:^|[-_ ])(?:rl|month|months|date)(?:$|[-_ ])|slid|swip|banner|carousel|lunbo|scroll|focus"
)
_MONTH = re.compile(r"(?<!\d)(?:19|20)\d{2}\s*[年/.-]\s*(?:0?[1-9]|1[0-2])\s*月?(?![\d/.-])")
_NEXT_ATTRIBUTES = ("data-next-page", "data-next-url", "data-nextpage", "hx-get")
_ADDRESS_ATTRIBUTES = ("tagname", "data-url", "data-href", "data-link", "url", *_NEXT_ATTRIBUTES)
_SCROLLED = re.compile(r"revealed|intersect|load")  # <li hx-get="/gg/?page=2" hx-trigger="revealed">
_FILE = re.compile(r"[/.?]")
# onclick="turnTo(this, '/zw/index_2.html')"
_QUOTED_FILE = re.compile(
    r"[\"']((?:https?://)?[\w./-]{1,300}\.(?:s?html?|jsp|aspx?|php|do)(?:\?[^\"'\s]{0,300})?)[\"']"
)


def following(
    root: etree._Element, text: str, url: str, request: PageRequest
) -> tuple[PageRequest | None, int | None]:
    """The page after the one at ``url``, and the number of pages where it is said.

    ``url``: what links of the page are relative to.
    """
    if (called := called_pagers.from_calls(text, url, request)) is not None:
        return _asked(called, request)
    # of several lists with pagers, the one that lies where the page lies
    links = sorted(pager_links(root, url), key=lambda pair: not _shares_place(pair[1], request.url))
    numbers: dict[int, str] = {}
    for link, target in links:
        if (number := number_of(link)) is not None:
            numbers.setdefault(number, target)
    last = _last_page(root, links, numbers)
    address = _next_link(links, numbers, request.page + 1)
    if address is None:
        told = _by_pattern(numbers, request.page + 1)
        # Of 1 2 3 4 5 下5页 the last one leads to the sixth page.
        if (last is not None and request.page < last) or (told and any(told == to for _, to in links)):
            address = told
    for stated in (called_pagers.from_variables, called_pagers.between) if address is None else ():
        if (written := stated(text, url, request)) is not None:
            return _asked(written, request)
    if address is None or address in (url.split("#", maxsplit=1)[0], request.url):
        return None, last
    # 下一页 of the last page often leads to a page that is not there: it is asked for, and missing it is the end.
    beyond = last is not None and request.page >= last
    return replace(numbered(address, request), optional=beyond), last


def _asked(found: tuple[str | None, int], request: PageRequest) -> tuple[PageRequest | None, int]:
    address, last = found
    return (numbered(address, request) if address is not None else None), last


def numbered(address: str, request: PageRequest) -> PageRequest:
    """The page at ``address`` as the one after ``request``."""
    return PageRequest(url=address, chain=request.chain, page=request.page + 1, state=request.state)


# -- links -------------------------------------------------------------------------------------------------


def is_next(element: etree._Element) -> bool:
    """Whether a link or button says in words that it leads to the next page (not five pages on, not to an article)."""
    return any(_NEXT.fullmatch(_ARROWS.sub("", word).lower()) for word in labels_of(element))


def is_next_by_looks(element: etree._Element) -> bool:
    """Whether it shows only an arrow, or a picture of one, or is called ``next``, and is not that of a calendar or of pictures."""
    shown = text_of(element)
    if (element.get("rel") or "").lower() == "next" or any(map(element.get, _NEXT_ATTRIBUTES[:-1])):
        return True
    if element.get("hx-get") and _SCROLLED.search(element.get("hx-trigger") or ""):
        return True
    if _turns_something_else(element):
        return False
    if shown.strip() in (">", "»", "›", "＞"):
        return True
    if not shown and any(
        _NEXT_IMAGE.search(image.get("src") or "") for image in element.iter("img", "input")
    ):
        return stands_in_pager(element)
    classes = (element.get("class") or "").lower().split()
    return any(map(_NEXT_CLASS.fullmatch, classes)) and not _NO_NEXT.search(shown)


def _turns_something_else(element: etree._Element) -> bool:
    """Whether an element stands in a calendar or a row of pictures, by their names or by a month that is shown: 2026年3月."""
    for ancestor in list(element.iterancestors())[:3]:
        names = names_of(ancestor).lower()
        if PAGER_NAME.search(names):
            return False
        if _OTHER_NAME.search(names):
            return True
        around = _short_text(ancestor)
        if around is None:
            return False
        if _MONTH.search(DATE.sub("", around)):
            return True
    return False


def labels_of(element: etree._Element) -> list[str]:
    """What stands on a link or button: its text, value, title, the alt of its image."""
    shown = [text_of(element), element.get("title") or ""]
    if element.tag == "input":
        shown.append(element.get("value") or element.get("alt") or "")
    return shown + [image.get("alt") or "" for image in element.iter("img")]


def number_of(element: etree._Element) -> int | None:
    """The page that a link of a pager names, [2]; None for other links and for numbers elsewhere (a calendar's)."""
    shown = next((word for word in labels_of(element) if word), "").strip("[]【】()（）第页 ")
    if _OF_ALL.search(element.get("title") or ""):
        return None
    if not (shown.isdecimal() and len(shown) <= 5):
        return None
    if _YEAR.fullmatch(shown) and _stands_among_years(element):
        return None
    return int(shown) if stands_in_pager(element) or _stands_among_numbers(element) else None


def _stands_among_years(element: etree._Element) -> bool:
    """Whether the numbers beside a link are years as it is: 2031 2030 2029, and not ... 2029 2030 2031 of 4000 pages."""
    parent = element.getparent()
    pieces = parent.itertext() if parent is not None else ()  # between which no white space may stand
    shown = [number for piece in pieces for number in re.findall(r"\d+", str(piece))]
    return len(shown) > 1 and all(map(_YEAR.fullmatch, shown))


def _stands_among_numbers(element: etree._Element) -> bool:
    """Whether a link is one of several numbers and nothing else, whose addresses differ as their pages do: [1] [2] [3]."""
    parent = element.getparent()
    if parent is None or _turns_something_else(element):
        return False
    alone = _NUMBERS.fullmatch(text_of(parent)) is not None
    links = [
        (text_of(link).strip("[]【】 "), link.get("href") or "")
        for link in (parent.iter("a") if alone else _run(element))
    ]
    numbered = [(int(word), href) for word, href in links if word.isdecimal()]
    return any(
        numbering(*one, *other) is not None or _OWN_NUMBER.sub("", other[1]) == one[1]
        for one, other in pairwise(numbered)
    )


def _run(element: etree._Element) -> list[etree._Element]:
    """The links that stand beside one another with an element, and nothing between them but the page's own number.

    ``<ul>…</ul><a>1</a> <b>2</b> <a>3</a>``
    """
    before, behind = list[etree._Element](), list[etree._Element]()
    for found, beside in ((before, etree._Element.getprevious), (behind, etree._Element.getnext)):
        one = element
        while (other := beside(one)) is not None:
            left = other if found is before else one
            own = other.tag != "a"
            if (left.tail or "").strip(_BETWEEN) or (own and text_of(other).strip(_BETWEEN)):
                break
            found.extend([] if own else [other])
            one = other
    return [*reversed(before), element, *behind]


def is_first(element: etree._Element) -> bool:
    """Whether a link says that it leads to the first page."""
    return any(_ARROWS.sub("", word).lower() in _FIRST_WORDS for word in labels_of(element))


def is_last(element: etree._Element) -> bool:
    """Whether a link says that it leads to the last page."""
    return any(_ARROWS.sub("", word).lower() in _LAST_WORDS for word in labels_of(element))


def stands_in_pager(element: etree._Element) -> bool:
    """Whether an element stands in a pager, by its name or by the words around it."""
    for ancestor in list(element.iterancestors())[:4]:
        names = names_of(ancestor).lower()
        if PAGER_NAME.search(names):
            return True
        around = _short_text(ancestor)
        if around is None or _OTHER_NAME.search(names) or _MONTH.search(DATE.sub("", around)):
            return False
        if _PAGER_WORDS.search(around):
            return True
    return False


def _short_text(element: etree._Element) -> str | None:
    """The text of an element on one line; None for one that is too large to be a pager."""
    if sum(1 for _ in islice(element.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        return None
    text = text_of(element)
    return text if len(text) <= _LONGEST_PAGER else None


def pager_links(root: etree._Element, url: str) -> list[tuple[etree._Element, str]]:
    """Links with their addresses, and what stands in for links: <span tagname="/zw/index_2.html">, <a data-url=…>,
    <link rel="next">, <option value="index_2.html">."""
    found = []
    for element in root.iter("a", "span", "li", "button", "div", "link", "option"):
        if element.tag == "link" and (element.get("rel") or "").lower() != "next":
            continue
        linked = element.tag in ("a", "link")
        own = element.get("href") if linked else element.get("value") if element.tag == "option" else None
        stated = [element.get(name) for name in _ADDRESS_ATTRIBUTES]
        quoted = _QUOTED_FILE.search(element.get("onclick") or "")
        others = [
            value for value in (*stated, quoted[1] if quoted else None) if value and _FILE.search(value)
        ]
        if own and not linked and not _FILE.search(own):
            own = None
        for value in (own, *others):
            address = absolute(url, value)
            if address is not None:
                found.append((element, address))
                break
    return found


def _shares_place(address: str, url: str) -> bool:
    """Whether two addresses are of one program, or lie in one directory."""
    one, other = urlsplit(address), urlsplit(url)
    if one.query:
        return one.path == other.path
    return one.path.rpartition("/")[0] == other.path.rpartition("/")[0]


def _next_link(
    links: list[tuple[etree._Element, str]], numbers: Mapping[int, str], wanted: int
) -> str | None:
    for link, address in links:
        if is_next(link):
            return address
    if wanted in numbers:
        return numbers[wanted]
    return next((address for link, address in links if is_next_by_looks(link)), None)


def _by_pattern(numbers: Mapping[int, str], wanted: int) -> str | None:
    """The address of a page that no link names, where those of others differ only by their numbers."""
    for one, other in pairwise(sorted(numbers)):
        if (found := numbering(one, numbers[one], other, numbers[other])) is not None:
            prefix, shift, suffix = found
            return f"{prefix}{wanted + shift}{suffix}"
    return None


def numbering(one: int, address: str, other: int, beside: str) -> tuple[str, int, str] | None:
    """(before, number - page, behind) of two addresses that differ by one number as their pages do."""
    for found in re.finditer(r"\d+", address):
        before, behind = address[: found.start()], address[found.end() :]
        shift = int(found.group()) - one
        if beside == f"{before}{other + shift}{behind}":
            return before, shift, behind
    return None


def pages_said(root: etree._Element) -> int | None:
    """The number of pages that a pager states in words: 共 25 页, 第1页/共25页, 页次：1/25. Links say nothing here."""
    for element in root.iter("div", "p", "span", "td", "ul", "li", "form", "label", "em", "nav"):
        own = "".join((element.text or "", *(child.tail or "" for child in element)))
        if "页" in own and next(element.iterancestors("a"), None) is None:
            around = _short_text(element)
            found = _PAGES_SAID.search(around) if around is not None else None
            if found is not None:
                return int(next(group for group in found.groups() if group))
    return None


def _last_page(
    root: etree._Element, links: list[tuple[etree._Element, str]], numbers: Mapping[int, str]
) -> int | None:
    """How many pages there are: as the pager says, or as its 尾页 leads there."""
    said = pages_said(root)
    if said is None and (hidden := root.find(".//input[@totalpage]")) is not None:
        stated = hidden.get("totalpage", "")
        said = int(stated) if stated.isdecimal() else None
    if said is not None or not numbers:
        return said
    address = next((address for link, address in links if is_last(link)), None)
    if address is None:
        return None
    for page, known in numbers.items():
        if known == address:
            return page
    for one, other in pairwise(sorted(numbers)):
        found = numbering(one, numbers[one], other, numbers[other])
        middle = address.removeprefix(found[0]).removesuffix(found[2]) if found is not None else ""
        if found is not None and middle.isdecimal():
            return int(middle) - found[1]
    return None
