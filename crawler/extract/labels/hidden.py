"""What a reader of a page does not see within a line: ``临政发〔2031〕3号<span style="display:none">17</span>``.

It is taken out of the tree before anything is read: it is no part of a value, a title or a line. Hidden cards are read
all the same: a table or a list, a block that holds labels, all that a cell holds or that stands behind a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from crawler.extract.body.set_aside import hides
from crawler.extract.fields import FieldBook
from crawler.extract.labels.blocks import text_length
from crawler.extract.labels.skeleton import ROWS
from crawler.extract.linked_files.names import extension
from crawler.extract.struck import STRIKES
from crawler.extract.tree import before, remove, words

# Without one of them nothing is hidden.
MARKS = ("none", "hidden", "NONE", "HIDDEN", "size:0", "size: 0", "-9999")
_FRAMES = ROWS | {"tbody", "thead", "tfoot", "body", "html", "form", "main", "section", "article"}
_BLOCKS = frozenset({"p", "div", "pre", "center", "h1", "h2", "h3", "h4", "h5", "h6", "fieldset"})
_CELLS = frozenset({"li", "td", "th", "dt", "dd"})
_INLINE = ("span", "i", "em", "b", "font", "label", "strong", "u", "small")
_LONGEST_PIECE = 40  # characters of a hidden block that is a piece of a line
_LONGEST_SEEN = 60  # characters that are read of what stands around it
_LONGEST_RULE = 1000  # characters of a style sheet's rule
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none")  # each alone is five times as fast as both
_NOT_VISIBLE = re.compile(r"visibility\s*:\s*hidden")
_WITHOUT_SIZE = re.compile(r"font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*[;!}]")
# Of a piece without elements of its own: watermarks, and words that are put among those of a text against copying.
_NO_SIZE = re.compile(
    r"font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;!]|$)|(?:left|top|text-indent)\s*:\s*-\d{4}"
)
_CLASS = re.compile(r"[\w-]{1,40}")
# What a click on a link to another site opens, with its buttons: 您访问的链接即将离开“某市人民政府”门户网站 是否继续？ 继续访问 放弃
LEAVES = ("离开", "站外链接")
_LEADS_AWAY = re.compile("|".join(LEAVES))
_BUTTON = r"(?:(?:继续|确[定认]|放弃|取消|返回|关闭|离开)(?:访问|浏览|前往)?|[是否×✕xX])"
_DIALOG = re.compile(
    rf"[×✕xX]?(?:温馨)?(?:提示|提醒)?[:：]?{_BUTTON}?(?:该链接属站外链接|[您你](?:即将|将要|正在)离开(?=.{{0,30}}[网站])"
    r"|[您你](?:现在|正在|所|要)?(?:访问|点击|打开|浏览)的(?:外部)?(?:链接|网[站址页]|页面)(?:地址)?(?:即将|将要?)离开)"
    r".{0,40}?(?:[？?！!。，,]|是否)(?:是否)?(?:确[定认])?(?:要?继续|离开)?(?:访问|浏览|前往)?[？?！!。]?"
    rf"(?:按tab键进行选择)?{_BUTTON}{{0,4}}"
)
_ASKS = re.compile(
    "是否|继续|确[定认]|[？?]|站外链接"
)  # a sentence that only says where its reader goes may be the text
_LONGEST_DIALOG = 100  # characters


def drop_pieces(root: etree._Element, book: FieldBook) -> None:
    """Take the hidden pieces of lines out of the tree; the text behind each stays."""
    found = [e for e in _marked(root) if e.tag not in _FRAMES and e.getparent() is not None]
    if not found:
        return
    hidden = frozenset(found)
    around: dict[etree._Element, tuple[str, bool, bool]] = {}
    inner: set[etree._Element] = set()  # of hidden elements: hidden with them
    for element in found:
        if element in inner:
            continue
        inner.update(element.iterdescendants())
        parent = cast("etree._Element", element.getparent())
        if parent not in around:
            seen = _seen(parent, hidden)
            around[parent] = seen, book.field_of(seen) is not None, _is_line(parent, hidden)
        seen, is_label, one_line = around[parent]
        if not seen or (is_label and not (element.tail or "").strip()):
            continue
        in_cell = parent.tag in _CELLS and len(seen) <= _LONGEST_SEEN
        if (one_line or in_cell or _beside_text(element)) and _is_piece(element, book):
            remove(element)


def drop_dialogs(root: etree._Element) -> None:
    """Take the dialogs out of the tree that a click on a link to another site opens; a style sheet hides them by their class."""
    for element in [e for e in root.iter("div", "p", "span", "section", "td") if _LEADS_AWAY.search(_own(e))]:
        dialog = None
        for around in (element, *element.iterancestors()):
            if text_length(around, _LONGEST_DIALOG) > _LONGEST_DIALOG or around.tag == "body":
                break
            said = "".join(words(around).split())
            dialog = around if _ASKS.search(said) and _DIALOG.fullmatch(said) else dialog
        if dialog is not None and dialog.getparent() is not None:
            remove(dialog)


def _own(element: etree._Element) -> str:
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def write_strikes(root: etree._Element) -> None:
    """Write on inline elements of a class that the page's own style sheet strikes out that they are struck out."""
    names = {name for sheet in root.iter("style") for name in _classes(sheet.text or "", STRIKES)}
    for element in root.iter(*_INLINE) if names else ():
        if not names.isdisjoint((element.get("class") or "").split()):
            element.set("style", f"{element.get('style') or ''};text-decoration:line-through")


_STYLED = etree.XPath("descendant-or-self::*[@style or @hidden]")


def _is_line(parent: etree._Element, hidden: frozenset[etree._Element]) -> bool:
    return not any((child.tag in _BLOCKS or child.tag in _FRAMES) and child not in hidden for child in parent)


def _beside_text(element: etree._Element) -> bool:
    return bool((element.tail or "").strip() or before(element)[1].strip())


def _marked(root: etree._Element) -> list[etree._Element]:
    """Elements hidden by their own attributes, and inline ones of a class that the page's own style sheet hides."""
    found = []
    for element in cast("list[etree._Element]", _STYLED(root)):
        style = element.get("style")
        if style and ("none" in style or "hidden" in style or "NONE" in style):
            if hides(style):
                found.append(element)
        elif style and (":0" in style or ": 0" in style or "-9" in style):
            if len(element) == 0 and element.tag in _INLINE and _NO_SIZE.search(style):
                found.append(element)
        elif element.get("hidden") is not None:
            found.append(element)
    names = {name for sheet in root.iter("style") for name in _hidden_classes(sheet.text or "")}
    if names:
        found += [e for e in root.iter(*_INLINE) if not names.isdisjoint((e.get("class") or "").split())]
    return found


def _hidden_classes(sheet: str) -> Iterator[str]:
    without_size = [_WITHOUT_SIZE] if "size:0" in sheet or "size: 0" in sheet else []
    for pattern in (_NOT_DISPLAYED, _NOT_VISIBLE, *without_size):
        yield from _classes(sheet, pattern)


def _classes(sheet: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Classes that a style sheet gives a style wherever they stand: ``.hide, span.x {display: none}``; none of paper or phones."""
    end = sheet.find("@media") if "@media" in sheet else len(sheet)
    for told in pattern.finditer(sheet, 0, end):
        far = max(0, told.start() - _LONGEST_RULE)
        opened = sheet.rfind("{", far, told.start())
        closed = sheet.rfind("}", far, told.start())
        if opened <= closed:
            continue
        begun = max(far, sheet.rfind("}", far, opened) + 1)
        for selector in sheet[begun:opened].split(","):
            tag, dot, name = selector.strip().partition(".")
            if dot and tag in ("", *_INLINE) and _CLASS.fullmatch(name):
                yield name


def _seen(parent: etree._Element, hidden: frozenset[etree._Element]) -> str:
    """What is seen of an element's text, its beginning if that is long."""
    parts: list[str] = []
    length = 0
    walk = etree.iterwalk(parent, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element in hidden and element is not parent:
                walk.skip_subtree()
                continue
            text = element.text
        else:
            text = element.tail if element is not parent else None
        if text and (text := text.strip()) and element.tag not in ("script", "style"):
            parts.append(text)
            length += len(text)
            if length > _LONGEST_SEEN:
                break
    return "".join(parts)[: _LONGEST_SEEN + 1]


def _is_piece(element: etree._Element, book: FieldBook) -> bool:
    if any(extension(a.get("href") or "") for a in element.iter("a")):
        return False  # a file that a script shows
    if element.tag in _BLOCKS:
        text = words(element)
        return len(text) <= _LONGEST_PIECE and book.any_label.search(text) is None
    return next((e for e in element.iter(*_FRAMES, *_BLOCKS)), None) is None
