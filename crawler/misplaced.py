"""A list of links, or a notice of the site about itself, where a document was asked for.

Some sites answer a burst of requests with status 200 and a section's index page in place of every document, others all
requests with 网站迁移公告 or 系统维护公告: it is the answer to nothing, and must neither become a version nor count as an edit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from archive.batch import Fetch
from archive.model import Extraction
from crawler.answers import Answer
from crawler.extract.markup import COMMENT, TAG, without
from crawler.extract.no_document.blockpage import own_lines
from crawler.extract.no_document.refusals import WEAK_BLOCK, WEAK_GONE
from crawler.extract.text import compare_key
from crawler.lists.row_groups import text_of
from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.platforms.base import ListRow

_TITLE = re.compile(r"<title[^>]{0,80}>(.{0,600}?)</title", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<a\s|</a\s*>", re.IGNORECASE)
_FEWEST_ROWS = 8
_SHORTEST = 6  # characters of a title that names something
_BEGINNING = 16  # characters by which a title is recognised: rows cut what is longer
_LINKED = 0.5  # share of the text that lies in links, above which a page is a list
_NOTICE = 500  # characters of what a site says of itself
_WORD = re.compile("[\u4e00-\u9fff]+")
_WINDOW = 4  # characters of a title that a page about the same thing shows
_OF_SITE = re.compile(
    r"(?:网站|本站|平台|系统|门户)[^。\n]{0,30}(?:迁移|搬迁|停止(?:运行|服务|更新|维护)|关停|关闭|停用|下线|改版|整合|升级|维护|无法(?:正常)?(?:访问|打开|使用)|暂停(?:访问|服务|使用))"
    r"|已(?:迁移|搬迁|并入|整合)[^。\n]{0,4}(?:至|到)|域名[^。\n]{0,10}(?:变更|更换|过期|停用)"
)
_LIST = "the site served a list of links in place of the document"
_SITE_NOTICE = "the site served a notice about itself in place of the document"
_HIDDEN = ("script", "style", "noscript", "template")
_UNSEEN = frozenset({*_HIDDEN, COMMENT})
_LINKS = frozenset({"a"})


class ListPages:
    """The catalogue pages of one collection, to know one of them when it comes in place of a document."""

    def __init__(self) -> None:
        self._sha256: set[str] = set()

    def add(self, fetch: Fetch) -> None:
        """A catalogue page came in."""
        if fetch.capture is not None:
            self._sha256.add(fetch.capture.sha256)

    def instead(
        self, answer: Answer, read: Extraction, row: ListRow | None, context: str | None
    ) -> str | None:
        """What the answer to a document's address is in its place, in words: the bytes of a catalogue page, a list or a
        notice of the site by its looks. None where it may be the document. ``read``: what was read from it."""
        fetch = answer.fetch
        if fetch.capture is not None and fetch.capture.sha256 in self._sha256:
            return _LIST
        if answer.decoded is None:
            return None
        text, title = answer.decoded.text, title_of(row, context)
        said = (read.disclosure.body_text if read.disclosure is not None else None) or ""
        if is_list_instead(text, fetch.final_url or fetch.url, title, said):
            return _LIST
        sentences = sum(len(line) for line in said.split("\n") if "。" in line)
        return _SITE_NOTICE if sentences < _NOTICE and is_notice_instead(text, title) else None


def title_of(row: ListRow | None, context: str | None) -> str | None:
    """What the catalogue called a document: its row's title, or the one that the archive kept of an earlier row."""
    if row is not None:
        return row.title
    given: Mapping[str, Any] = json.loads(context) if context else {}
    hints, record = given.get("hints") or {}, given.get("record") or {}
    return hints.get("title") or record.get("title")


def _by_links(text: str) -> tuple[list[str], list[str]]:
    """The pieces of markup outside and inside links, as they are written: what most documents need no tree to tell.

    The tag that begins a piece is a part of it.
    """
    pieces: tuple[list[str], list[str]] = ([], [])
    inside, position = 0, 0
    for tag in _LINK.finditer(text):
        pieces[inside].append(text[position : tag.start()])
        inside, position = not tag[0].startswith("</"), tag.start()
    pieces[inside].append(text[position:])
    return pieces


def _is_prose(text: str) -> bool:
    """Whether so little of the markup's text lies in links that no tree is needed to tell that it is no list."""
    seen = without(text, _UNSEEN)
    whole = len(_shown(seen))
    return whole - len(_shown(without(seen, _LINKS))) < whole * _LINKED / 2


def _shown(markup: str) -> str:
    """The characters of markup that are shown, white space left out."""
    return "".join(TAG.sub("", markup).split())


def is_notice_instead(text: str, title: str | None) -> bool:
    """Whether a page says of its site that it moved, is closed or at work, and nothing of what was asked for.

    A notice of that kind may be the document: then it has words of the title that the catalogue gives.
    """
    named = compare_key(title or "").rstrip("….")
    named = named.partition("关于")[2] or named  # not the office's name, which stands in the site's as well
    if len(named) < _WINDOW or (title or "")[:_BEGINNING].rstrip("….") in text:
        return False
    said = "\n".join(own_lines(text))
    if not 0 < len(said) < _NOTICE:
        return False
    if not any(words.search(said) for words in (_OF_SITE, WEAK_BLOCK, WEAK_GONE)):
        return False
    page = compare_key(_shown(without(text, _UNSEEN)))
    words = (named[at : at + _WINDOW] for at in range(len(named) - _WINDOW + 1))
    return not any(word in page for word in words if _WORD.fullmatch(word))  # a year stands in any notice


def is_list_instead(text: str, url: str, title: str | None, said: str = "") -> bool:
    """Whether a page is a list of links that does not even name the document which was asked for.

    A document names itself in its title or outside its links; a list has its name, if at all, in a link. ``said``: the text
    that was read from it.
    """
    wanted = compare_key(title or "").rstrip("….")[:_BEGINNING]
    if len(wanted) < _SHORTEST:
        return False
    shown = _TITLE.search(text)
    if shown and wanted in compare_key(shown[1]):
        return False
    outside_links, inside_links = _by_links(text)
    named = (title or "")[:_BEGINNING].rstrip("….")
    if any(named in piece for piece in outside_links):
        return False
    # The row's words and the document's title often differ: most pages end here.
    if len(_shown("".join(inside_links))) < len(said) * _LINKED / 2 or _is_prose(text):
        return False
    root = parse_html(text)
    if root is None:
        return False
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    rows = sum(1 for _ in rows_in(root, url, RowOptions()))
    if rows < _FEWEST_ROWS:
        return False
    whole = len(compare_key(text_of(root)))
    etree.strip_elements(root, "a", with_tail=False)
    outside = compare_key(text_of(root))
    return wanted not in outside and whole - len(outside) > whole * _LINKED
