"""What a file that a page links to is called: the words of its link, what stands before it, or its address."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml import etree

from crawler.attachments.names import LONGEST_NAME, of_address, safe_label
from crawler.extract.noise import without_counter
from crawler.extract.text import clean
from crawler.extract.tree import before, words

ENDINGS = (
    "pdf|doc[xm]?|wps|et|dps|xls[xmb]?|pp[ts]x?|csv|txt|rtf|zip|rar|7z|tar|gz|ofd|cebx?|od[tsp]|mht|tiff?"
)
EXTENSION = re.compile(rf"\.({ENDINGS})$", re.IGNORECASE)
# 申报表.doc, 申报表.doc（25KB）
NAMED = re.compile(rf"\.({ENDINGS})(?:\s*[(（\[【][^()（）]{{0,30}}[)）\]】])?$", re.IGNORECASE)
_SIZE = re.compile(
    r"[（(]?\d[\d.,]*\s*(?:[KMG]i?B?|字节|bytes?)?[)）]?", re.IGNORECASE
)  # 12KB, a cell beside a name
GENERIC = re.compile(
    r"^(?:[\[【(（]?(?:点击|请点击|点此|在线|立即)?(?:下载|查看|打开|预览|阅读|浏览|查看(?:附件|原文|全文)|附件(?:下载|查看|预览)|文件下载|全文下载|下载附件"
    r"|点击下载|点击此处|此处|附件|download|(?:下载|查看)?(?:pdf|word|excel)(?:版|格式|文件|文档)?)[\]】)）]?)?[:：.]*$",
    re.IGNORECASE,
)


def file_name(address: str) -> str:
    """The file's name in an address: of its path, or of a value of its query that has a file type."""
    parts = urlsplit(address)
    if not EXTENSION.search(unquote(parts.path)):
        for piece in parts.query.split("&"):
            value = piece.partition("=")[2]
            if EXTENSION.search(unquote(value).strip()):
                return of_address(value.replace("+", " ")) or safe_label(address)
    return of_address(parts.path) or safe_label(address)


def name_of(element: etree._Element, text: str, address: str) -> str:
    """The link's words; where they only say 下载: its title, what stands before it, or the file."""
    shown = without_counter(text)
    if element.tag in (
        "iframe",
        "embed",
        "object",
    ):  # a viewer in the text: the words before it are a paragraph
        return safe_label(clean(element.get("title") or "")) or file_name(address)
    if GENERIC.match(shown):
        title = clean(element.get("title") or element.get("download") or element.get("textvalue") or "")
        shown = title if title and not GENERIC.match(title) else _before(element)
    shown = safe_label(shown.strip("：: "))
    return shown if shown and len(shown) < LONGEST_NAME and "\ufffd" not in shown else file_name(address)


def _before(element: etree._Element) -> str:
    previous, between = before(element)
    text = clean(between)
    if not text and previous is not None:
        text = clean(words(previous))
    cell = element.getparent()
    # <td>申报表.doc</td><td>12KB</td><td><a href="1.doc">预览</a></td><td><a href="1.doc">下载</a></td>
    while not text and cell is not None and cell.tag == "td" and (cell := before(cell)[0]) is not None:
        text = clean(words(cell))
        if not text or (GENERIC.match(text) and cell.find(".//a") is None):
            break
        text = "" if GENERIC.match(text) or _SIZE.fullmatch(text) else text
    return "" if GENERIC.match(text) or len(text) > 80 else text
