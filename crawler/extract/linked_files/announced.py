"""Links within a text that it calls its files, though their addresses name no file type: 附件：1. 名单 2. 方案, 下载附件."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.linked_files.names import DOWNLOAD, GENERIC, target
from crawler.extract.linked_files.scripts import called
from crawler.extract.links import absolute
from crawler.extract.text import clean
from crawler.extract.tree import words

# A label that all of a line's links, and those of the lines under it, are files by: 附件：, 附件1, 【相关附件】, 附：
_LABEL = re.compile(
    r"\s*+[\[【(（]?\s*+(?:相关)?附\s*+(?:件(?:列表|下载|清单)?\s*+[\d一二三四五六七八九十]{0,3}\s*+[\]】)）]?\s*+[:：]?|[:：])(?P<rest>.*)",
    re.DOTALL,
)
# Beside links that are all of their line: numbers, marks, sizes, 点击下载
_BESIDE = re.compile(r"[\W\d_一二三四五六七八九十和及与]|附\s*件|[KM]B?|点击|下载|查看", re.IGNORECASE)
_DAY = re.compile(r"\d[-/.年]\d")  # of a row in a list of other pages
_FURNITURE = re.compile(r"[\W_]*(?:[上下前后]一[篇条页]|相关(?!附)|更多|打印|关闭|返回|分享|收藏)")
_ASKED = re.compile(r"下载|附\s*件|download", re.IGNORECASE)
# Programs to read or sign files with, or for a telephone, are not the document's: 请下载Adobe Reader
_SOFTWARE = re.compile(
    r"软件|工具下载|阅读器|浏览器|客户端|输入法|插件|控件|驱动程序|扫码|安卓|苹果(?:版|手机|系统)|(?<![a-z])APP(?![a-z])|Adobe|Reader"
    r"|Android|iOS",
    re.IGNORECASE,
)
_HEADING = 12  # characters of a line that is a heading: 常用软件下载
_STATIC = re.compile(r"(?:^|/|\.[a-z]?html?)$", re.IGNORECASE)
_PROGRAM = re.compile(r"\.(?:php|jspx?|aspx?|do|action)$", re.IGNORECASE)
# Programs that show documents: /zw/content.jsp?id=7, /detail?id=7; not /showFile.do?id=7
_SHOWS = re.compile(
    r"/(?![^/]*(?:down|file|attach|annex))[^/]*(?:content|detail|article|info|news|show|view|index|list)[^/]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"/[^/]*\d[^/]*$")  # /attachment/77, not /download/index
_ID = re.compile(r"[0-9a-f-]{8,}|\d+", re.IGNORECASE)
_BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "br", "hr", "section", "article", "center", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
_UNSEEN = ("script", "style")


@dataclass
class _Line:
    """A line of a text: its links, and what stands beside them."""

    links: list[etree._Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def beside(self) -> str:
        return "".join(self.texts)


def links_of_files(container: etree._Element, base: str) -> frozenset[etree._Element]:
    """Links that an 附件 line or a list under one holds, or that are called 下载附件 and lead to a program.

    Not those to pages: of static addresses, of programs that show documents, or at such an address as the page's own.
    """
    found: list[etree._Element] = []
    under = software = False
    for line in _lines(container):
        beside = line.beside
        label = _LABEL.match(beside)
        if _FURNITURE.match("".join(map(words, line.links[:1])) or beside):
            under = software = False
            continue
        listed = bool(label or under) and _only_links(label["rest"] if label else beside)
        if not line.links:
            under = listed
            software = len(beside.strip()) < _HEADING and bool(_SOFTWARE.search(beside))
            continue
        under = listed
        strange = not label and (software or bool(_SOFTWARE.search(beside)))
        for link in line.links:
            address = _address(link, base)
            if address is not None and not _is_alike(address, base) and (
                (listed and words(link).strip() and not _is_page(address)) or (not strange and _is_asked(link, address))
            ):  # fmt: skip
                found.append(link)
    return frozenset(found)


def _only_links(beside: str) -> bool:
    """Whether nothing but numbers and marks stands beside the links of a line."""
    return not _DAY.search(beside) and not _BESIDE.sub("", beside)


def _is_asked(link: etree._Element, address: str) -> bool:
    """Whether a link is called by what is done with a file, at an address that names one thing: 下载附件, /download.do?id=7."""
    said, parts = clean(words(link)), urlsplit(address)
    if not said or not GENERIC.match(said) or _STATIC.search(parts.path):
        return False
    download = DOWNLOAD.search(target(address)) is not None
    if not parts.query:
        return download and _NUMBERED.search(parts.path) is not None and not _PROGRAM.search(parts.path)
    return download or _ASKED.search(said) is not None


def _is_page(address: str) -> bool:
    parts = urlsplit(address)
    static = _STATIC.search(parts.path) or (_PROGRAM.search(parts.path) and not parts.query)
    return bool(static or _SHOWS.search(parts.path))


def _is_alike(address: str, base: str) -> bool:
    """Whether two addresses differ by a number alone, as those of documents do: /zw/detail?id=5, /zw/detail?id=7."""
    return _ID.sub("0", address.partition("://")[2]) == _ID.sub("0", base.partition("://")[2])


def _address(link: etree._Element, base: str) -> str | None:
    href = link.get("href") or ""
    if not href or href[:1] == "#" or href[:11].lower() == "javascript:":
        href = called(link) or ""
    return absolute(base, href) if href else None


def _lines(container: etree._Element) -> Iterator[_Line]:
    """The lines of an element that say something, in their order."""
    line, link = _Line(), None
    walk = etree.iterwalk(container, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if link is None and element.tag in _BLOCKS:
                yield from _said(line)
                line = _Line()
            if element.tag in _UNSEEN:
                walk.skip_subtree()
                continue
            if link is None and element.tag == "a":
                link = element
                line.links.append(element)
            text = element.text
        else:
            if element is link:
                link = None
            if link is None and element.tag in _BLOCKS:
                yield from _said(line)
                line = _Line()
            text = element.tail if element is not container else None
        if link is None:
            line.texts.append(text or "")
    yield from _said(line)


def _said(line: _Line) -> Iterator[_Line]:
    if line.links or line.beside.strip():
        yield line
