"""The words of a heading: without the line under the title that its element holds too, and with those of the heading
over it where two are one title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from lxml import etree

from crawler.extract.body.noise import before_counter
from crawler.extract.tags import BLOCKS
from crawler.extract.text import clean
from crawler.extract.tree import before, first_text, shown, words
from crawler.extract.values import dates
from crawler.extract.values.headfoot import TITLE_END, is_organisation

_LINE_END = re.compile(r"(?<=[一-鿿、《》（）])[^\S\r\n]*[\r\n]\s*(?=[一-鿿《》（〔])")
_HEADINGS = ("h1", "h2", "h3", "h4")
_SHORTEST = 6  # characters of a title in front of the line under it
_SHORTEST_LONE = 8  # of a title that only its place tells
SHORT = 4  # rank of a heading that is one because <title> begins with it
_MOST_JOINED = 3  # headings that are one title
_LEADS_TO = re.compile(r"关于|印发|转发|批转|公布|发布")
_FOOTNOTE = re.compile(r"[\[［〔【(（]?\d{1,2}[\]］〕】)）]?")  # 某公报<sup>[1]</sup>
# 2031-03-05 10:22:15 来源：某县融媒体中心 点击：0, behind a break: <h1>某县召开会议<br><span>…</span></h1>
_LINE_UNDER = re.compile(
    r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?:\s|$)"
    r"|(?:(?:信息|文章|稿件)?来源|(?:发布|更新)?(?:时间|日期)|作者|发布者)\s*[:：]"
)
_LONGEST_LINE = 120  # characters
_MADE = re.compile(r"制定本(法|条例|规定|办法|细则|规则|规程|规范|准则|章程|制度|标准)")
_SHORTEST_OFFICE = 4  # characters: 省财政厅; 办公室 may end the name over it
_FIRST_ARTICLES = 12  # lines in which a law says what it is
_VERSION = re.compile(r"\s*[（(〔\[][^（()）]{1,20}[）)〕\]]\s*$")  # 某条例（2031年修订）
_SHORTEST_LAW = 5  # characters: 安全生产法
_MARK = re.compile(r"\[(?:标题|信息名称|文章标题)(?:名称)?(?:\([a-z]+\))?\]>begin")


def read(heading: etree._Element) -> str:
    """The words of a heading. A line end between two Chinese characters, and what indents a line, are no space of it."""
    if (own := _before_a_line(heading)) is not None:
        return own
    text = shown(heading, line_end="\n") if heading.find(".//br") is not None else shown(heading)
    mark = next(heading.iter("sup"), None)
    if mark is not None and _FOOTNOTE.fullmatch(said := words(mark).strip()):
        text = text.rstrip().removesuffix(said)
    return before_counter(one_line(text), least=_SHORTEST)


def one_line(text: str) -> str:
    """A title of several lines on one: a line end between two Chinese characters is no space, but between two offices."""
    return (
        clean(_LINE_END.sub(lambda m: " " if _signs(text, m) else "", text)) if "\n" in text else clean(text)
    )


def _before_a_line(heading: etree._Element) -> str | None:
    """The text of an element in front of its first block, if that is the line under the title: ``<div class="title">某通知<p>来源：…``,
    or of what stands behind a break: ``<h1>某通知<br><span>2031-03-05 来源：…``."""
    block = next((child for child in heading if child.tag in BLOCKS and child.tag != "br"), None)
    block = _behind_a_break(heading) if block is None else block
    if block is None:
        return None
    own = heading.text or ""
    for child in heading:
        if child is block:
            break
        own += shown(child) + (child.tail or "") if isinstance(child.tag, str) else child.tail or ""
    said = clean(own)
    if len(said) < _SHORTEST:
        return None
    under = clean(shown(block))
    return said if under and ("：" in under or ":" in under or dates.holds_day(under)) else None


def _behind_a_break(heading: etree._Element) -> etree._Element | None:
    last = heading[-1] if len(heading) > 1 else None
    if last is None or not isinstance(last.tag, str) or (last.tail or "").strip():
        return None
    previous, between = before(last)
    if previous is None or previous.tag != "br" or between.strip():
        return None
    return last if _LINE_UNDER.match(clean(shown(last))) else None


def holds_a_line(heading: etree._Element) -> bool:
    """Whether an element holds a title and the line under it."""
    return _before_a_line(heading) is not None


def _signs(text: str, line_end: re.Match[str]) -> bool:
    """Whether a line end parts two offices that issue together: 某局 over 某委 over 关于…, 省某厅 over 省某厅关于…."""
    above = text[: line_end.start()].rpartition("\n")[2].strip()
    behind = text[line_end.end() :].partition("\n")[0]
    office = behind.partition("关于")[0].strip()
    return is_organisation(above) and (
        is_organisation(behind) or (len(office) >= _SHORTEST_OFFICE and is_organisation(office))
    )


def parted(head: etree._Element) -> tuple[str, str | None]:
    """A heading's words, and the date that stands behind them in an element of its own: ``<small>(2031年8月29日)</small>``."""
    whole = read(head)
    last = head[-1] if len(head) else None
    if last is None or not isinstance(last.tag, str) or (last.tail or "").strip():
        return whole, None
    dated = read(last)
    bare = dated.strip("()（）[]【】")
    if len(dated) < len(whole) and len(bare) >= 8 and dates.whole(bare):
        return whole.removesuffix(dated).rstrip(), bare
    return whole, None


def within(element: etree._Element) -> etree._Element | None:
    """The first heading in an element that is none itself: ``<div class="ar_tit"><h3>某通知</h3><h6>发布时间：…``."""
    return None if element.tag in _HEADINGS else next(element.iter(*_HEADINGS), None)


def joined(head: etree._Element, text: str, titled: str) -> str:
    """A title that two headings make: ``<h2>某局</h2><h2>关于…的通知</h2>``, ``<h1>某办关于印发</h1><h1>某方案的通知</h1>``.

    What stands in brackets under a heading belongs to it where <title> (``titled``) has both: 某局公告 over （2031年第5号）（某名录）.
    """
    first = head
    for _ in range(_MOST_JOINED):
        previous, between = before(first)
        if previous is None or between.strip() or not _alike(first, previous):
            break
        said = read(previous)
        if not _goes_on(said, text):
            break
        text, first = f"{said}{text}", previous
    following = next((e for e in head.itersiblings() if isinstance(e.tag, str)), None)
    if following is None or before(following)[1].strip():
        return text
    if _alike(head, following):
        said = read(following)
        text = f"{text}{said}" if _goes_on(text, said) else text
    said = clean(shown(following)) if first_text(following).lstrip()[:1] in ("（", "(") else ""
    # Not of 某公告 over （某政告〔2031〕8号）.
    return f"{text}{said}" if said and "〔" not in said and titled.startswith(f"{text}{said}") else text


def _alike(one: etree._Element, other: etree._Element) -> bool:
    named = one.tag in _HEADINGS or one.get("class")
    return bool(named) and one.tag == other.tag and one.get("class") == other.get("class")


def _goes_on(said: str, text: str) -> bool:
    """Whether a line of a title goes on in the next: who issues it, or words that lead to what is issued."""
    if is_organisation(said):
        return _LEADS_TO.match(text) is not None and TITLE_END.search(text) is not None
    led = _LEADS_TO.search(said) is not None and TITLE_END.search(said) is None
    return led and TITLE_END.search(text) is not None


def names_givers(line: str, titled: str) -> bool:
    """Whether a line is what <title> says with the offices that give the document in front: 某市教育局 某市财政局关于某事的通知."""
    whole, cut = clean(line), clean(titled)
    return (
        len(whole) > len(cut)
        and whole.endswith(cut)
        and all(map(is_organisation, whole[: -len(cut)].split()))
    )


def named_behind_a_slogan(ranked: list[tuple[int, etree._Element]]) -> etree._Element | None:
    """The element named like a title behind an h1 that is no title: 为人民服务 over the page, 关于某事的通知 over the text."""
    last = max(index for index, (rank, _) in enumerate(ranked) if rank == 1)
    if len(said := read(ranked[last][1])) >= _SHORTEST_LONE or TITLE_END.search(said):
        return None
    behind = [e for rank, e in ranked[last + 1 :] if rank == 2 and TITLE_END.search(read(e))]
    return behind[-1] if behind else None


def rank_of_short(text: str, titled: str) -> int | None:
    """The last rank, for a short name called like a document with which <title> begins: 征收土地预公告_某局."""
    if not TITLE_END.search(text) or not titled.startswith(text):
        return None
    behind = titled[len(text) :][:1]
    return SHORT if not behind or not behind.isalnum() else None


def is_lone(heading: etree._Element, container: etree._Element) -> bool:
    """Whether a heading in a text with a table is the only one there: that of a letter over its card."""
    if len(read(heading)) < _SHORTEST_LONE or next(container.iter("table"), None) is None:
        return False
    return all(e is heading for e in container.iter("h2", "h3", "h4"))


def lone_title(container: etree._Element) -> etree._Element | None:
    """The only heading of a text, called like a document, behind a card: ``<table>…</table><h3>某名单公示</h3><table>…``."""
    found = next(container.iter("h2", "h3"), None)
    if found is None or not TITLE_END.search(read(found)) or not is_lone(found, container):
        return None
    return found if "。" not in words(container).partition(words(found))[0] else None


def stands_over_its_line(heading: etree._Element) -> bool:
    """Whether what says where a document comes from follows a heading: ``<h2>…部门预算公开</h2><p>来源：某局 时间：2031-03-01</p>``."""
    following = heading.getnext()
    said = clean(words(following)) if following is not None and isinstance(following.tag, str) else ""
    return len(said) <= _LONGEST_LINE and _LINE_UNDER.match(said) is not None


def kind_over_its_line(root: etree._Element, container: etree._Element | None) -> str | None:
    """A heading that says what kind of document it is and nothing else: ``<h1>公告</h1><p>发布时间：2031-03-01</p>``."""
    in_front = takewhile(lambda e: e is not container, root.iter("h1", "h2", "h3", "div", "p", "td"))
    said = ((e, read(e)) for e in in_front if len(first_text(e)) < _SHORTEST)
    kinds = [text for e, text in said if TITLE_END.fullmatch(text) and stands_over_its_line(e)]
    return kinds[-1] if kinds else None


def marked(root: etree._Element) -> etree._Element | None:
    """The element in which a CMS has marked the title, by nothing else than a comment: ``<td><!--<$[标题]>begin-->某事的通知``."""
    marks = (comment for comment in root.iter(etree.Comment) if _MARK.search(comment.text or ""))
    return next((mark.getparent() for mark in marks), None)


def has_neighbours(element: etree._Element) -> bool:
    """Whether other elements stand beside it, as in the row of a table."""
    return (
        next(element.itersiblings("*"), None) is not None
        or next(element.itersiblings("*", preceding=True), None) is not None
    )


def is_made_by(name: str, lines: Sequence[str]) -> bool:
    """Whether a text is what is called so by its first article: 某市安全生产条例（2031年修订） over 为了…，制定本条例."""
    made = _MADE.search("\n".join(lines[:_FIRST_ARTICLES]))
    bare = _VERSION.sub("", name)
    return made is not None and bare.endswith(made[1]) and len(bare) >= _SHORTEST_LAW
