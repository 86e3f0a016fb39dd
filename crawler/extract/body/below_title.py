"""The text of a short notice in a template that nothing is known of: what stands beneath the page's title.

Where a page holds little prose, the densest element is as soon its foot or a line of dates. A document has its title above its
text, and the page's ``<title>`` says which words those are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from crawler.extract.body import lines as texts
from crawler.extract.body.noise import is_day, of_every_page, of_site
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import FieldBook
from crawler.extract.heading.chrome import in_chrome
from crawler.extract.heading.heading_words import read
from crawler.extract.heading.lone_values import is_account, of_line
from crawler.extract.linked_files import attachments
from crawler.extract.tags import SKIPPED
from crawler.extract.text import clean, compare_key, in_common, label_key
from crawler.extract.tree import before, inside, words
from crawler.extract.values.headfoot import TITLE_END, is_organisation, tells_document

_HEADINGS = ("h1", "h2", "h3", "h4", "div", "p", "td", "th", "span", "strong", "b", "font", "center")
_PARTS = re.compile(r"\s*[_|—–]+\s*|\s+-+\s+|-(?=[\u4e00-\u9fff]+$)")  # of <title>: 停电公告_临江市人民政府
_SHORT_TITLE, _ROWS_OF_A_TABLE = 4, 2
_LEAST_OF_HEADING, _LINES_OF_A_ROSTER = 6, 3
_LEAST_OF_NEWS = 8
_LONG_TITLE = 12  # characters that no name of a column has
_SHORTEST, _LONGEST = 2, 120  # characters of a title
_LINE_BREAKS = ("p", "br", "tr")
_PARTS_OF_A_PAGE = frozenset({"div", "section", "article"})
_DAY = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]")
# No words of a notice: 请登录市统计局网站填写问卷, 扫描二维码报名, 群众评论, 本网讯
_FOR_VISITORS = re.compile(
    r"本网(?:站|所有|注明|转载)|凡本[网站]|本站(?:所有|内容|文章|信息|声明|不|原创)|(?:本|此|该|当前)页面|Cookie|评论须知|(?:发表|我要|网友)评论"
    r"|朋友圈|智能(?:问答|客服)|纠错|[您你]对(?:[本此该](?:[页文网站次条篇]|服务)|我们)|方便[您你]的?(?:查阅|阅读|浏览)|帮(?:助|到)?[您你][？?]"
)
LITTLE = 0.15  # of what a text has in common with its title
_LEVELS = 12  # of elements around a title
_LONGEST_LINE = 200  # characters of a line under a title
_MOSTLY_LINKED = 0.5
_ROWS_OF_A_LIST = 6


@dataclass(frozen=True, slots=True)
class Found:
    """The element with the text, and what of it is none: the title, what stands before it, lists of links.

    ``files``: it holds files or pictures in the place of a text.
    """

    title: etree._Element
    element: etree._Element
    beside: tuple[etree._Element, ...]
    files: bool = False


def beneath_title(
    root: etree._Element,
    book: FieldBook,
    *,
    named: Collection[str],
    listed: Collection[str],
    skip: Collection[etree._Element],
) -> Found | None:
    """What stands beneath the title; None where nothing does.

    ``named``: titles that the page's metadata state. ``listed``: what the catalogue's row calls the document, which may be no
    more than 公示.
    """
    names = set(stated(root))
    said = [*listed, *(name for name in (*names, *named) if _is_of_document(name, book))]
    keys = {key for name in said if _SHORTEST <= len(key := compare_key(name)) <= _LONGEST}
    return _beneath_one_of(keys, root, book, skip) or _with_a_sentence(
        _beneath_one_of(_short(names, book) - keys, root, book, skip), book, skip
    )


def stated(root: etree._Element) -> tuple[str, ...]:
    """What <title> says: its first part, most often without the name of the site, and the whole."""
    title = root.find(".//title")
    return () if title is None else (_PARTS.split(clean(words(title)))[0], clean(words(title)))


def beneath_heading(root: etree._Element, book: FieldBook, skip: Collection[etree._Element]) -> Found | None:
    """What stands beneath a heading called like a document, some lines: names, each in an element of its own.

    A template may say its site's name in <title> alone.
    """
    for heading in root.iter("h1", "h2", "h3"):
        said = clean(words(heading))
        if len(said) >= _LEAST_OF_HEADING and tells_document(said) and not in_chrome(heading, frozenset()):
            least = 1 if heading.tag == "h1" else _LINES_OF_A_ROSTER
            found = _with_lines(beneath(heading, book, frozenset(skip)), book, skip, least)
            if found is not None:
                return found
    return None


def beneath_dated(
    root: etree._Element,
    bars: Collection[etree._Element],
    book: FieldBook,
    skip: Collection[etree._Element],
) -> Found | None:
    """What stands beneath the one title right over the line of its day, in a page whose <title> names no document.

    ``bars``: lines of labels.
    """
    heads = [heading for heading in root.iter("h1", "h2", "h3") if _is_dated_head(heading)]
    over = (before(bar)[0] for bar in bars if _is_line_of_day(bar))
    heads += [e for e in over if e is not None and e not in heads and tells_document(clean(words(e)))]
    if len(heads) != 1 or in_chrome(heads[0], frozenset()):
        return None
    found = beneath(heads[0], book, frozenset(skip))
    return found if found is not None and found.files else _with_lines(found, book, skip, 1)


def _is_dated_head(heading: etree._Element) -> bool:
    said = clean(words(heading))
    if len(said) < (_LEAST_OF_HEADING if tells_document(said) else _LEAST_OF_NEWS) or is_organisation(said):
        return False
    for element in (heading, *islice(heading.iterancestors(), 2)):
        following = (e for e in element.itersiblings() if isinstance(e.tag, str) and words(e).strip())
        if (line := next(following, None)) is not None:
            return _is_line_of_day(line)
    return False


def _is_line_of_day(line: etree._Element) -> bool:
    """Whether an element is a line with a day, and none of a list: links to documents have long names."""
    said = words(line)
    if len(said) > _LONGEST_LINE or "。" in said or not _DAY.search(said):
        return False
    return all(len(words(link).strip()) < _LEAST_OF_NEWS for link in line.iter("a"))


def _with_lines(
    found: Found | None, book: FieldBook, skip: Collection[etree._Element], least: int
) -> Found | None:
    """What stands beneath a heading, if it is some lines without a link: names, each in an element of its own."""
    if found is None or texts.names_of_pages(found.element):
        return None
    lines = texts.lines(found.element, book, skip={*skip, *found.beside})
    return found if sum(1 for line in lines if not of_every_page(line)) >= least else None


def beneath_line(
    bars: Collection[etree._Element], book: FieldBook, skip: Collection[etree._Element]
) -> Found | None:
    """What stands beneath a line of labels (``bars``), a text or a table, in a page whose <title> names no document."""
    for bar in bars:
        found = _with_a_sentence(beneath(bar, book, frozenset(skip)), book, skip)
        if found is not None:
            return found
    return None


def _short(names: Collection[str], book: FieldBook) -> set[str]:
    """Titles that may as well be those of a column: 临江市举行消防演练."""
    said = (
        name
        for name in names
        if not (is_organisation(name) or is_account(name)) and label_key(name) not in book.generic_headings
    )
    return {key for name in said if len(key := compare_key(name)) >= _SHORT_TITLE}


def _with_a_sentence(found: Found | None, book: FieldBook, skip: Collection[etree._Element]) -> Found | None:
    """What stands beneath a title, if it is a text or a table: beneath the name of a column stand links."""
    if found is None:
        return None
    away = {*skip, *found.beside}
    if texts.names_of_pages(found.element):
        return None
    lines = texts.lines(found.element, book, skip=away)
    sentence = any("。" in line and not of_every_page(line) for line in lines)
    return found if sentence or sum(1 for line in lines if "\t" in line) >= _ROWS_OF_A_TABLE else None


def _beneath_one_of(
    keys: Collection[str], root: etree._Element, book: FieldBook, skip: Collection[etree._Element]
) -> Found | None:
    for heading in root.iter(*_HEADINGS) if keys else ():
        if not _says(heading, keys) or (heading.tag in ("td", "th") and _names_a_column(heading)):
            continue
        if not any(a.tag == "a" for a in heading.iterancestors()):
            found = beneath(heading, book, frozenset(skip))
            if found is not None:
                return found
    return None


def _is_of_document(name: str, book: FieldBook) -> bool:
    """Whether a title can be a document's: columns (行政处罚, 通知公告, 2031年文件) and offices have lists beneath their names."""
    if is_organisation(name) or label_key(name) in book.generic_headings:
        return False
    return TITLE_END.search(name) is not None or len(name) >= _LONG_TITLE


def _names_a_column(cell: etree._Element) -> bool:
    """Whether other words stand in the row of a cell: ``<tr><th>序号</th><th>采纳情况</th></tr>``."""
    row = cell.getparent()
    return row is not None and any(len(words(other).strip()) > 1 for other in row if other is not cell)


def _says(element: etree._Element, keys: Collection[str]) -> bool:
    text = element.text or ""
    if len(element) == 0 and len(text) < _SHORTEST:
        return False
    if len(element) > 8 or element.find(".//a") is not None:
        return False
    return compare_key(read(element)) in keys


def beneath(heading: etree._Element, book: FieldBook, skip: frozenset[etree._Element]) -> Found | None:
    """The element with the text, or else with the files, nearest behind a heading; elements in ``skip`` hold none."""
    current, files = heading, None
    for _ in range(_LEVELS):
        parent = current.getparent()
        if parent is None or current.tag == "body":
            break
        following = [e for e in current.itersiblings() if isinstance(e.tag, str) and e.tag not in SKIPPED]
        holding = [e for e in following if _holds_text(e, book, skip, at_top=parent.tag == "body")]
        # no text that the title has right beneath it is a word to the visitor
        near = following[: following.index(holding[0]) + 1] if holding else following
        if files is None and (shown := _files(near, _beside(heading, current), book, skip)):
            files = _found(heading, current, parent, following, shown)
            files = replace(files, files=True) if files is not None else None
        if files is not None:
            holding = [e for e in holding if not (_is_for_visitors(e) or _is_of_another(e, files))]
        if holding or _own_lines(current):
            days = [e for e in following if is_day(clean(words(e)))]  # of a signature
            return _found(heading, current, parent, following, [*holding, *days] if holding else [])
        current = parent
    return files


def _is_of_another(element: etree._Element, files: Found) -> bool:
    """Whether an element farther from a title than links to files has next to nothing in common with it, as the links have."""
    linked = any(map(attachments.may_be_file, files.element.iter("a")))
    title = words(files.title)
    return linked and in_common(title, words(element)) < LITTLE <= in_common(title, words(files.element))


def _found(
    heading: etree._Element,
    current: etree._Element,
    parent: etree._Element,
    following: list[etree._Element],
    holding: list[etree._Element],
) -> Found | None:
    others = [e for e in following if e not in holding]
    rows = sum(1 for e in others for row in e.iter("li", "tr") if next(row.iter("a"), None) is not None)
    if rows >= _ROWS_OF_A_LIST and len(holding) <= 1:  # a column with a word to its readers
        return None
    parted = [e for e in holding if next(e.iter(*_LINE_BREAKS), None) is not None]
    if len(parted) == 1 and all(e.tag in _PARTS_OF_A_PAGE for e in holding):
        holding = parted  # an advertisement is a line, the text an element of lines
    if len(holding) == 1 and not _own_lines(current) and holding[0].tag not in ("p", "span", "font", "br"):
        return Found(heading, holding[0], ())
    before = [e for e in current.itersiblings(preceding=True) if isinstance(e.tag, str)]
    return Found(heading, parent, (*before, current, *others))


def _own_lines(current: etree._Element) -> bool:
    """Whether text that belongs to no element follows: ``<b>标题</b><br>正文``."""
    tails = [current.tail or ""] + [e.tail or "" for e in current.itersiblings()]
    return any(len(text) > 1 and not is_day(text) and not of_every_page(text) for text in map(clean, tails))


def _holds_text(
    element: etree._Element, book: FieldBook, skip: frozenset[etree._Element], *, at_top: bool
) -> bool:
    if element in skip or any(inside(element, part) for part in skip):
        return False
    rows = list(element.iter("li", "tr"))
    if len(rows) > 1 and all(next(row.iter("a"), None) is not None for row in rows):
        beside = [line for line in texts.lines(element, book, skip={*skip, *rows}) if not of_every_page(line)]
        if sum(map(len, beside)) <= sum(len("".join(words(row).split())) for row in rows):
            return any(map(texts.announces_list, beside)) and not texts.dated_rows(element)
    linked = sum(len(words(a).strip()) for a in element.iter("a"))
    if linked > _MOSTLY_LINKED * len("".join(words(element).split())):
        return False
    lines = [line for line in texts.lines(element, book, skip=skip) if not (is_day(line) or _is_dated(line))]
    if at_top:
        return any(not of_every_page(line) for line in lines)
    return any(not of_every_page(line) for line in lines) or _says_whom_to_ask(lines)


def _is_for_visitors(element: etree._Element) -> bool:
    """Whether an element speaks of the page or the site: 我要纠错, a form for comments, the declaration of rights."""
    return _FOR_VISITORS.search(words(element)) is not None


def _beside(heading: etree._Element, around: etree._Element) -> str:
    """What an element says beside the title in it."""
    return clean(words(around)).replace(clean(words(heading)), "", 1)


def _files(
    following: Sequence[etree._Element], over: str, book: FieldBook, skip: frozenset[etree._Element]
) -> list[etree._Element]:
    """Of the elements beneath a title and its day, those with files or pictures: in the place of a text, where what is farther
    from the title are forms, dialogs and words to the visitor. ``over``: what stands beside the title."""
    found: list[etree._Element] = []
    dated = _DAY.search(over) is not None
    for element in following:
        if dated and not left_out(element, book) and _holds_files(element, book, skip):
            found.append(element)
        dated = dated or _DAY.search(clean(words(element))) is not None
    return found


def _holds_files(element: etree._Element, book: FieldBook, skip: frozenset[etree._Element]) -> bool:
    """Whether an element names files that it links to, or shows pictures; 下载：文字版 图片版 is a tool of the page."""
    links = [link for link in element.iter("a", "iframe", "embed", "object") if attachments.may_be_file(link)]
    rows = (row for row in element.iter("li", "tr") if row.find(".//a") is not None)
    if sum(1 for row in rows if texts.LIST_DATE.search(words(row))) >= _ROWS_OF_A_LIST:
        return False  # a column, each row of which is a document
    if links:
        said = texts.lines(element, book, skip=skip)
        shown = any(link.tag != "a" or link.find(".//img") is not None for link in links)
        return shown or any(not of_every_page(line) for line in said)
    return attachments.of_pictures(element) is not None


def _is_dated(line: str) -> bool:
    """Whether a line is one under a title, with the day that a template writes: 青川发布 2031-04-02 10:10."""
    return "。" not in line and any(said.field == "published_on" for said in of_line(line))


def _says_whom_to_ask(lines: list[str]) -> bool:
    """Whether lines that stand on every page are all that a document says, and none of them says whose site it is: 举报电话：0791-…
    beneath 关于公布举报电话的公告."""
    return any("电话" in line for line in lines) and not any(map(of_site, lines))
