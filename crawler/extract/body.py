"""The document's text: which element holds it, and how it reads as lines.

Order: the site file's selectors, markers that the CMS leaves (ContentStart), the cell after the label
信息内容, known ids and classes, and last the densest element. Every candidate is measured on the page
parsed once with lxml; nothing is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lxml import etree

from crawler.extract.attachments import extension
from crawler.extract.fields import FieldBook
from crawler.extract.text import clean
from crawler.extract.tree import select, words

_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "svg",
        "canvas",
        "video",
        "audio",
        "map",
        "nav",
        "footer",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "section",
        "article",
        "center",
        "blockquote",
        "pre",
        "hr",
        "form",
        "figure",
        "caption",
        "ucapcontent",
        "main",
        "header",
        "address",
        "fieldset",
    ]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PUNCTUATION = re.compile("[，。；：、！？]")
_TRAIL_TABS = re.compile(r"\t+$")
_LAYOUT_CELL = 600  # characters of a cell that is a column of a layout, not a datum
_ENOUGH = 15  # characters: a container with less holds no document
_START_MARKS = re.compile(
    r"ContentStart|content\.begin|信息内容\]>begin|正文开始|文章正文\s*(?:begin|start)?|content begin",
    re.IGNORECASE,
)

_NOISE_TOKEN = re.compile(
    r"[【\[(（]?(?:打印(?:本页|此页|文章|页面)?|关闭(?:窗口|本页|此页|页面)?|返回(?:顶部|首页|上一页"
    r"|列表)|加入收藏|收藏(?:本页)?|我要纠错|纠错|语音(?:阅读|播报)(?:正文)?|朗读"
    r"|分享(?:到|至)?[:：]?|微信|微博|新浪微博|QQ空间|QQ好友|腾讯微博|豆瓣|一键分享|更多|复制链接"
    r"|(?:字体|字号|文字|视力保护色)(?:大小|显示)?[:：]?\s*[\[【(（]?\s*(?:特大|超大"
    r"|大)?\s*[|/]?\s*(?:大|加大|放大)?\s*[|/]?\s*(?:中|默认|标准)?\s*[|/]?\s*(?:小|缩小)?\s*[\]】)）]?"
    r"|A\s*[+-]|放大|缩小|默认|(?:浏览|点击|阅读|访问|查看)(?:次数|量|数|率|人次)?[:：]?\s*\d*\s*次?"
    r"|人气[:：]?\s*\d*"
    r"|扫一扫[^。]{0,30}|手机(?:扫码)?(?:查看|阅读|版)|二维码|TOP|无障碍(?:浏览|阅读)?)[】\])）]?"
)
_NOISE_LINE = re.compile(
    r"(?:您|你)?(?:的)?(?:当前|现在|所在)(?:的)?(?:所在)?(?:位置|页面)?\s*(?:是|在"
    r"|为)?\s*[:：>＞].{0,120}|位置\s*[:：].{0,10}首页.{0,100}"
    r"|.{0,6}首页\s*(?:>|&gt;|›|»|＞|→|/|-+>|\\)+.{0,100}"
    r"|.{0,14}请使用\s*(?:tab|TAB|Tab)\s*(?:按钮|键).{0,12}|正文内容区域|(?:主体)?内容区域?开始"
    r"|(?:上一篇|下一篇|上一条|下一条|上一页|下一页|前一篇|后一篇)\s*[:：].{0,120}|(?:上一篇|下一篇|没有了)"
    r"|(?:相关(?:链接|文章|阅读|稿件|新闻|解读|文档|信息|附件|推荐)|推荐阅读|延伸阅读|热点推荐|政策解读"
    r"|图解|附件下载)\s*[:：]?"
    r"|.{0,20}(?:版权所有|Copyright|ICP备|网安备|公安备|网站标识码|建议使用.{0,10}浏览器).{0,150}"
    r"|(?:主办|承办|技术支持)(?:单位)?\s*[:：].{0,80}"
    r"|[\[【(（]?\s*责任?编辑\s*[:：].{0,20}|[\[【(（]\s*编辑\s*[:：].{0,20}|扫一扫.{0,30}|(?:页面"
    r"|文件)(?:生成|打印)时间.{0,30}|打印时间.{0,30}"
    r"|分享到.{0,60}|信息来源\s*[:：]\s*|来源\s*[:：]\s*|作者\s*[:：]\s*|(?:跳转到|跳过"
    r"|点击进入).{0,12}(?:主内容|正文|导航).{0,8}",
    re.IGNORECASE,
)


def noise_line(line: str) -> bool:
    """Whether a line is page furniture: a breadcrumb, buttons, counters, tab remarks, copyright."""
    if len(line) > 200:
        return False
    if _NOISE_LINE.fullmatch(line):
        return True
    if len(line) > 80:
        return False
    rest = _NOISE_TOKEN.sub("", line)
    return rest != line and not rest.strip(" |丨│/,，、·：:[]【】()（）0123456789")


def _hidden_or_noise(element: etree._Element, book: FieldBook) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    style = attributes.get("style")
    if style and "none" in style and _HIDDEN_STYLE.search(style):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(names) == 1:
        return False
    names = names.lower()
    return bool(book.noise.search(names)) or not book.noise_names.isdisjoint(names.split())


def lines(container: etree._Element, book: FieldBook, *, skip: Collection[etree._Element] = ()) -> list[str]:
    """Text lines of an element: block elements and br break lines, rows of data tables join cells by tabs.

    Page furniture, hidden elements and those in ``skip`` are left out.
    """
    raw = _render(container, book, frozenset(skip), tables=True)
    return [line for line in raw if not noise_line(line)]


def link_lists(container: etree._Element) -> list[etree._Element]:
    """Lists of nothing but links to other pages: neighbours of a text whose element was only guessed."""
    found: list[etree._Element] = []
    for element in container.iter("ul", "ol"):
        links = list(element.iter("a"))
        if not links or any(extension(a.get("href") or "") for a in links):
            continue
        linked = sum(len(words(a).strip()) for a in links)
        if linked * 10 >= visible_length(element) * 7:
            found.append(element)
    return found


def _render(
    container: etree._Element, book: FieldBook, skip: frozenset[etree._Element], *, tables: bool
) -> list[str]:
    out: list[str] = []
    run: list[str] = []

    def flush() -> None:
        if run:
            line = clean("".join(run))
            run.clear()
            if line:
                out.append(line)

    walk = etree.iterwalk(container, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi"):
            if element.tail:
                run.append(element.tail)
            continue
        tag = element.tag
        breaks = tag in _BLOCKS
        if event == "end":
            if breaks:
                flush()
            if element is not container and element.tail:
                run.append(element.tail)
            continue
        if breaks:
            flush()
        if element is not container and (tag in _SKIP or element in skip or _hidden_or_noise(element, book)):
            walk.skip_subtree()
        elif tables and tag == "table" and _is_data(element):
            out.extend(_rows(element, book, skip))
            walk.skip_subtree()
        elif element.text:
            run.append(element.text)
    flush()
    return out


def _is_data(table: etree._Element) -> bool:
    if table.find(".//table") is not None:
        return False
    wide = False
    for row in table.iter("tr"):
        cells = [c for c in row if c.tag in ("td", "th")]
        wide = wide or len(cells) > 1
        for cell in cells:
            blocks = sum(1 for _ in cell.iter("p", "br", "div"))
            if blocks > 8 and sum(len(t.strip()) for t in cell.itertext()) > _LAYOUT_CELL:
                return False
    return wide


def _rows(table: etree._Element, book: FieldBook, skip: frozenset[etree._Element]) -> list[str]:
    rows: list[str] = []
    for caption in table.iter("caption"):
        rows.extend(_render(caption, book, skip, tables=False))
    for row in table.iter("tr"):
        if row in skip:
            continue
        cells = [
            " ".join(_render(c, book, skip, tables=False))
            for c in row
            if c.tag in ("td", "th") and c not in skip
        ]
        line = _TRAIL_TABS.sub("", "\t".join(cells))
        if line.strip():
            rows.append(line)
    return rows


def visible_length(element: etree._Element) -> int:
    """Characters of an element's text, white space, scripts and styles not counted."""
    total = sum(len(part) for part in words(element).split())
    for hidden in element.iter("script", "style", "noscript", "template"):
        total -= sum(len(part) for part in (hidden.text or "").split())
    return total


def find_container(
    root: etree._Element,
    book: FieldBook,
    *,
    selectors: Collection[str],
    labelled: Callable[[], etree._Element | None],
    skip: Collection[etree._Element],
) -> tuple[etree._Element | None, str]:
    """The element that holds the text, and how it was found (rule, marker, label, known, density)."""
    for selector in selectors:
        matched = select(root, selector)
        if matched:
            return max(matched, key=visible_length), "rule"
    marked = _marked(root)
    if marked is not None and visible_length(marked) >= _ENOUGH:
        return marked, "marker"
    cell = labelled()
    if cell is not None and visible_length(cell) >= _ENOUGH:
        return cell, "label"
    known = _known(root, book)
    if known is not None:
        return known, "known"
    return _densest(root, book, frozenset(skip)), "density"


def _marked(root: etree._Element) -> etree._Element | None:
    for node in root.iter(etree.Comment, "meta"):
        mark = node.get("name") if isinstance(node.tag, str) else node.text
        if mark and len(mark) < 80 and _START_MARKS.search(mark):
            parent = node.getparent()
            if parent is not None and parent.tag not in ("html", "head", "body"):
                return parent
    return None


def _known(root: etree._Element, book: FieldBook) -> etree._Element | None:
    ranked: dict[int, list[etree._Element]] = {}
    for element in root.iter("div", "td", "section", "article", "ucapcontent", "main", "span"):
        best: int | None = None
        for name in (element.get("id") or "", *(element.get("class") or "").split()):
            rank = book.containers.get(name.lower())
            if rank is not None and (best is None or rank < best):
                best = rank
        if element.tag == "ucapcontent":
            best = 0
        if best is not None:
            ranked.setdefault(best, []).append(element)
    for rank in sorted(ranked):
        chosen = max(ranked[rank], key=visible_length)
        if visible_length(chosen) >= _ENOUGH:
            return chosen
    return None


def _densest(root: etree._Element, book: FieldBook, skip: frozenset[etree._Element]) -> etree._Element | None:
    """The element whose own paragraphs hold most prose; links, navigation and label blocks do not count."""
    body = root.find(".//body")
    top = body if body is not None else root
    scores: dict[etree._Element, float] = {}
    walk = etree.iterwalk(top, events=("start",))
    for _, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if (
            tag in _SKIP
            or tag == "a"
            or element in skip
            or (element is not top and _hidden_or_noise(element, book))
        ):
            walk.skip_subtree()
            continue
        weight = _own_weight(element)
        if weight:
            holder = _holder(element)
            scores[holder] = scores.get(holder, 0.0) + weight
            parent = holder.getparent()
            if parent is not None and parent.tag not in ("html",):
                scores[parent] = scores.get(parent, 0.0) + weight * 0.45
    if not scores:
        return None
    best = max(scores, key=scores.__getitem__)
    return _climb(best, top)


def _own_weight(element: etree._Element) -> float:
    parts = [element.text or ""]
    parts.extend(child.tail for child in element if child.tail)
    text = "".join(parts).strip()
    length = len(text)
    if length < 4:
        return 0.0
    return length + 12 * len(_PUNCTUATION.findall(text))


def _holder(element: etree._Element) -> etree._Element:
    """The element whose child paragraph a piece of text is: spans belong to their p, a p to its div."""
    current = element
    while current.tag not in _BLOCKS and current.tag not in ("body", "td"):
        parent = current.getparent()
        if parent is None:
            return current
        current = parent
    if current.tag in (
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "td",
        "th",
        "dd",
        "dt",
        "center",
        "pre",
    ) or _is_line(current):
        parent = current.getparent()
        while parent is not None and parent.tag in ("tr", "tbody", "ul", "ol", "blockquote"):
            parent = parent.getparent()
        if parent is not None and parent.tag != "html":
            return parent
    return current


def _is_line(element: etree._Element) -> bool:
    """A div used as a paragraph: it has siblings of its kind and no block inside."""
    if element.tag != "div" or any(child.tag in _BLOCKS for child in element):
        return False
    parent = element.getparent()
    return parent is not None and sum(1 for child in parent if child.tag in ("div", "p")) >= 3


def _climb(best: etree._Element, top: etree._Element) -> etree._Element:
    """Up from a table or a list to what stands around it, as long as that is little more than it."""
    current = best
    while current.tag in ("table", "tbody", "tr", "ul", "ol", "p", "dl", "blockquote", "span", "center"):
        parent = current.getparent()
        if parent is None or current is top or parent is top:
            break
        current = parent
    return current
