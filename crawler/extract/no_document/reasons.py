"""Pages and answers that were read and hold no document after all: why there is no record of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.model import Attachment, PageKind, Place
from crawler.extract.characters.spoiled import unreadable
from crawler.extract.markup import TAG
from crawler.extract.no_document.refusals import NO_TEXT_GOT, NOT_SHOWN, PROGRAM_FAILED, TEXT_TAKEN_AWAY
from crawler.extract.text import CHINESE, clean, compare_key
from crawler.extract.work import Work

_LITTLE = 30  # characters of a text without a full stop that alone makes no document: 暂无数据 · undefined
_SHORT = 600  # characters of what a server says of itself in English
_WINDOW = 4  # characters that two titles of one document share
_ALONE = 100  # characters of what a site says to its visitor in the place of a text
_TELLING = 4  # pieces of a title, of that length, that name something
_OF_WORDS = 3  # characters of one that are no figures: 2031 stands on any page
_OF_A_PAGE = re.compile(
    r"<(?:html|body|title|meta|div|span|p|br|pre|font|h[1-6]|table|t[dr]|ul|li|a)\b", re.IGNORECASE
)
_LATIN = re.compile("[A-Za-z]{3}")
_OTHER_SCRIPTS = re.compile("[\u0370-\u1fff\u2e80-\ud7ff]")
# What an answer that failed has as well: {"code": 10010, "title": "提示", "time": …}
_SAYS_LITTLE = frozenset({"title", "published_on"})


def why_none(
    work: Work, text: str | None, files: Sequence[Attachment], *, is_json: bool, answered: bool
) -> tuple[PageKind, str] | None:
    """The kind of what was read and, in words, why no record is in it; None where there may be one.

    ``answered``: the record is that of the answer itself, and not of a catalogue's row.
    """
    own = [c for c in work.candidates if c.place is not Place.LIST]
    fields = {c.field for c in own if clean(c.raw)}  # <span id="index"></span>: a script fills it
    if text is not None and (kind := _said_instead(work, text)) is not None:
        return kind, f"in the place of the text the site says only: {text}"
    if text is None and not files:
        if fields.isdisjoint({"title", "index_number"}):
            kind = PageKind.LIST if is_json else PageKind.OTHER
            return kind, "neither text nor fields of a document were found"
        if answered and fields <= _SAYS_LITTLE:
            return PageKind.OTHER, "the answer has a title and no text"
        if not is_json and _is_another(work):
            return PageKind.OTHER, "the page has no text, and another title than its list gives"
        if work.bare and all(c.place in (Place.META, Place.HEADING) for c in own):
            return PageKind.EMPTY_SHELL, "the page shows nothing: only its head says what it is"
    if text is None or files:
        return None
    if not is_json and fields <= {"title"} and _is_of_something_else(work, text):
        return PageKind.OTHER, f"nothing of what the list names stands on the page, only: {text[:100]}"
    # At most the text's own title.
    if (
        all(c.field == "title" and c.place is Place.BODY for c in own)
        and len(text) < _LITTLE
        and "。" not in text
    ):
        return PageKind.OTHER, f"no title, no field and no file, and the text is only: {text}"
    if not (is_json or work.candidates or "。" in (text or "")) and _OF_A_PAGE.search(work.markup) is None:
        return PageKind.OTHER, "a file without markup, in which nothing says what it is"
    if _is_foreign(work, text):
        return PageKind.OTHER, f"the list names it in Chinese, and its text is only: {text[:100]}"
    return None


def _said_instead(work: Work, text: str) -> PageKind | None:
    """The kind of a page on which nothing but words to the visitor stands under a document's title: 您的访问过于频繁，请稍后再试！

    Templates show them so when a wall, a database or an interface behind them refuses. A notice about such things has its
    own words in its title.
    """
    failed = PROGRAM_FAILED.match(text) is not None and len(CHINESE.findall(text)) < _LITTLE
    if len(text) > _ALONE and not failed:
        return None
    said = compare_key(text)
    titles = [compare_key(c.raw).partition("关于") for c in work.candidates if c.field == "title"]
    named = [behind or before for before, _, behind in titles]
    if any(key[at : at + _WINDOW] in said for key in named for at in range(len(key) - _WINDOW + 1)):
        return None
    if failed or NO_TEXT_GOT.search(text) or NOT_SHOWN.fullmatch(text):
        return PageKind.BLOCKED
    return PageKind.SOFT_404 if TEXT_TAKEN_AWAY.search(text) else None


def _is_another(work: Work) -> bool:
    """Whether a page's own titles share no words with the one that its list gives: Apache Tomcat/8.5."""
    titles = [(compare_key(c.raw), c.place) for c in work.candidates if c.field == "title"]
    listed = [key for key, place in titles if place is Place.LIST]
    shown = "\n".join(key for key, place in titles if place is not Place.LIST)
    if not shown or any(c.place in (Place.TABLE, Place.API, Place.EMBEDDED) for c in work.candidates):
        return False
    windows = [key[at : at + _WINDOW] for key in listed for at in range(len(key) - _WINDOW + 1)]
    return bool(windows) and not any(window in shown for window in windows)


def _is_of_something_else(work: Work, text: str) -> bool:
    """Whether a short page shows no words of the title that its list gives: a wall, a notice of repair in its own words.

    No list of such words knows them all. Its own heading is most of what a short notice has in common with its row.
    """
    if len(text) > _SHORT:
        return False
    titles = [c for c in work.candidates if c.field == "title"]
    if any(unreadable(c.raw) for c in titles):  # 关于锟斤拷锟斤拷的通知 may be what was listed
        return False
    for listed in (compare_key(c.raw) for c in titles if c.place is Place.LIST):
        named = listed.partition("关于")[2] or listed  # not the office, which stands on all pages of its site
        windows = [named[at : at + _WINDOW] for at in range(len(named) - _WINDOW + 1)]
        telling = [window for window in windows if len(CHINESE.findall(window)) >= _OF_WORDS]
        if len(telling) < _TELLING:
            continue
        if not any(window in compare_key(text) for window in telling):
            page = compare_key(TAG.sub("", work.markup))  # its title may stand where none is looked for
            return not any(window in page for window in telling)
    return False


def _is_foreign(work: Work, text: str) -> bool:
    """Whether a short text in English stands where the list names a document in Chinese: what a server says of itself."""
    if len(text) > _SHORT or _OTHER_SCRIPTS.search(text) or not _LATIN.search(text):
        return False
    titles = [c for c in work.candidates if c.field == "title"]
    listed = [c.raw for c in titles if c.place is Place.LIST]
    shown = [c.raw for c in work.candidates if c.place is not Place.LIST]
    return any(map(CHINESE.search, listed)) and not any(map(CHINESE.search, shown))
