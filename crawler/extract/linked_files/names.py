"""What a file that a page links to is called: the words of its link, what stands before it, or its address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from crawler.attachments.names import LONGEST_NAME, of_address, of_disposition, safe_label
from crawler.extract.body.noise import without_counter
from crawler.extract.text import clean
from crawler.extract.tree import before, words

ENDINGS = (
    "pdf|doc[xm]?|wps|et|dps|xls[xmb]?|pp[ts]x?|csv|txt|rtf|zip|rar|7z|tar|gz|ofd|cebx?|od[tsp]|mht|tiff?"
)
EXTENSION = re.compile(rf"\.({ENDINGS})$", re.IGNORECASE)
# 申报表.doc, 申报表.doc（25KB）
NAMED = re.compile(rf"\.({ENDINGS})(?:\s*[(（\[【][^()（）]{{0,30}}[)）\]】])?$", re.IGNORECASE)
# Before any parsing of a link: it names a file type, or the last part of its path looks like a download's.
MAYBE = re.compile(rf"\.(?:{ENDINGS})(?![a-z])", re.IGNORECASE)
DOWNLOAD = re.compile(
    r"(?:^|[/_.-])(?:down(?:load|file|loads?file)?|file_?down(?:load)?|down_?load_?(?:file|attach\w*)|attach(?:ment|file)?s?"
    r"|get_?(?:file|attach\w*)|fujian|xiazai)(?:\.(?:jsp|do|action|aspx?|ashx|php|htm))?(?:/[\w%.-]+)?/?(?:\?|$)",
    re.IGNORECASE,
)
_HAN = re.compile("[\u3400-\u9fff]")
# 12KB, a cell beside a name
_SIZE = re.compile(r"[（(]?\d[\d.,]*\s*(?:[KMG]i?B?|字节|bytes?)?[)）]?", re.IGNORECASE)
_MOST_BETWEEN = 3  # a size, a preview
GENERIC = re.compile(
    r"^(?:[\[【(（]?(?:点击|请点击|点此|在线|立即)?(?:下载|查看|打开|预览|阅读|浏览|查看(?:附件|原文|全文)|附件(?:下载|查看|预览)|文件下载|全文下载|下载附件"
    r"|点击下载|点击此处|此处|附件|download|(?:下载|查看)?(?:pdf|word|excel)(?:版|格式|文件|文档)?)[\]】)）]?)?[:：.]*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"附\s*件\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?"
)  # <a title="申报指南.pdf">附件1</a>
_ESCAPED = re.compile(
    "(?:%[0-9A-Fa-f]{2}){3}|^https?://"
)  # of an address, which an editor wrote as the words of its link
_UNFILLED = re.compile(r"\{\{.*\}\}|\$\{.*\}|null|undefined", re.IGNORECASE)  # by a script
_ASKS = re.compile(r"(?:[，,。；请可]|点击|点此)$")  # 您的浏览器不支持PDF，请<a href="/1.pdf">下载</a>查看


def extension(url: str) -> str | None:
    """The file extension of a link, in its path or its query (``downfile.jsp?filename=ab.pdf``)."""
    try:
        parts = urlsplit(url)
    except ValueError:  # http://[某某]/ leads nowhere
        return None
    found = EXTENSION.search(unquote(parts.path).strip())
    if found:
        return found.group(1).lower()
    for _, value in parse_qsl(parts.query):
        found = EXTENSION.search(value.strip())
        if found:
            return found.group(1).lower()
    return None


def target(address: str) -> str:
    """Path and query, in which a download shows."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def file_name(address: str) -> str:
    """The file's name in an address: of its path, or of a value of its query that has a file type; one in Chinese first."""
    parts = urlsplit(address)
    values = [piece.partition("=")[2].replace("+", " ") for piece in parts.query.split("&")]
    named = [value for value in (parts.path, *values) if EXTENSION.search(unquote(value).strip())]
    names = [name for value in named if (name := _in_value(value))]
    chinese = next((name for name in names if _HAN.search(name)), None)
    return chinese or (names[0] if names else of_address(parts.path)) or safe_label(address)


def _in_value(value: str) -> str:
    """``a/b/x.doc``, or the header that a store of files is to answer with: ``attachment;filename=x.doc``."""
    header = unquote(value, "latin-1") if "filename" in value else ""
    return of_disposition(header) or of_address(value)


def name_of(element: etree._Element, text: str, address: str) -> str:
    """The link's words; where they only say 下载: its title, what stands before it, or the file."""
    shown = without_counter(text)
    # A viewer in the text: the words before it are a paragraph.
    if element.tag in ("iframe", "embed", "object"):
        return safe_label(clean(element.get("title") or "")) or file_name(address)
    title = clean(element.get("title") or element.get("download") or element.get("textvalue") or "")
    if _COUNTED.fullmatch(shown) and NAMED.search(title):
        shown = title
    elif GENERIC.match(shown) or _UNFILLED.fullmatch(shown):
        shown = title if title and not GENERIC.match(title) else _before(element)
    if _ESCAPED.search(shown):
        shown = of_address(shown) or shown
    shown = safe_label(shown.strip("：: ").lstrip("；;，,、。"))
    return shown if shown and len(shown) < LONGEST_NAME and "\ufffd" not in shown else file_name(address)


def beside(element: etree._Element) -> str:
    """The name of a file in front of a link that only says 下载: ``<span>申报书.docx</span><em>34KB</em><a href="/file/7781">下载</a>``."""
    text = words(element) if len(element) else element.text or ""
    name = _before(element) if "下载" in text and GENERIC.match(clean(text)) else ""
    return name if NAMED.search(name) else ""


def _before(element: etree._Element) -> str:
    current, text = element, ""
    for _ in range(_MOST_BETWEEN):
        previous, between = before(current)
        text = clean(between) or (clean(words(previous)) if previous is not None else "")
        if previous is None or not (_SIZE.fullmatch(text) or (GENERIC.match(text) and previous.tag == "a")):
            break
        current, text = previous, ""
    cell = element.getparent()
    # <td>申报表.doc</td><td>12KB</td><td><a href="1.doc">预览</a></td><td><a href="1.doc">下载</a></td>
    while not text and cell is not None and cell.tag == "td" and (cell := before(cell)[0]) is not None:
        text = clean(words(cell))
        if not text or (GENERIC.match(text) and cell.find(".//a") is None):
            break
        text = "" if GENERIC.match(text) or _SIZE.fullmatch(text) else text
    return "" if GENERIC.match(text) or len(text) > 80 or _ASKS.search(text) else text
