"""Further pages of one text: a long document that its site serves in parts, 1 2 3 下一页 below each. Pure.

The parts are told from a list's pages and from other documents by their names: a part has the name of the document's
own page with a number behind it (t20310102_7.html, t20310102_7_1.html … of TRS; show.aspx?id=7, show.aspx?id=7&page=2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from lxml import etree

from crawler.extract.characters.charset import Decoded
from crawler.extract.links import absolute
from crawler.extract.tree import words

MOST_PAGES = 60  # of one text; what is longer is a list
_STRING = r"\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'"
_NUMBER = r"[\"']?(\d{1,4})[\"']?"
# createPageHTML(3, 0, "t20310102_7", "html") of TRS, from 0: the first is t20310102_7.html, the second t20310102_7_1.html ·
# createPageHTML('page_div', 3, 1, 't20310102_7', 'shtml', 60) of UCAP, from 1: the second is t20310102_7_2.shtml
_CALL = re.compile(
    rf"createPage\w*\s*\(\s*((?:{_STRING})\s*,\s*)?{_NUMBER}\s*,\s*{_NUMBER}\s*,\s*({_STRING})\s*,\s*({_STRING})"
)
_LISTS = frozenset({"index", "list", "default", "main", "home", ""})  # names under which lists are served
_STEM = re.compile(r"(.*?)(\.[a-z]{2,5})?", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*)([_-])(\d{1,3})")
_PAGE_KEYS = frozenset(
    {"page", "p", "pn", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "currpage", "page_no"}
)
# What the address of a second page has in it, as it is written.
_SECOND = tuple(
    f"{key}=2"
    for key in ("age", "p", "pn", "ageNo", "ageno", "ageNum", "agenum", "ageIndex", "ageindex", "age_no")
)
_WORDS = re.compile(
    r"[\[\(（第]?\s*(\d{1,3})\s*页?\s*[\]\)）]?|(下一?页|后一?页|下一頁|尾页|末页|最后一?页|next|last)[\s>»›]*",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SHORTEST_FOOT = 6  # characters
_LONGEST_LINK = 12  # characters of what a pager's link says


@dataclass(frozen=True, slots=True)
class FurtherPage:
    """A further page of a text as it was fetched."""

    url: str
    body: bytes
    content_type: str | None = None
    decoded: Decoded | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    """The address of a page of a text: what all pages have in common, how numbers are joined to it, and its own."""

    common: tuple[str, ...]
    joint: str  # "_", "-" or a key of the query
    number: int


def addresses(root: etree._Element, text: str, url: str, base: str) -> tuple[str, ...]:
    """Further pages of the text whose first page is at ``url``, in their order, as one of its pages tells.

    ``base`` is what that page's links are relative to. Empty where its pager, if there is one, is another's.
    """
    parts = urlsplit(url)
    stem = parts.path.rpartition("/")[2].partition(".")[0]
    if stem.lower() in _LISTS and not parts.query:
        return ()
    called = _from_call(text, url) if "createPage" in text else None
    if called is not None:
        return called
    targets = "\n".join(link.get("href") or "" for link in root.iter("a"))
    marks = (f"{stem}_", f"{stem}-", *_SECOND) if stem else _SECOND
    # Most pages have no link worth a look.
    return _from_links(root, url, base) if any(mark in targets for mark in marks) else ()


def join_lines(lines: list[str], more: list[str]) -> list[str]:
    """The lines of a text with those of its next page; what heads or ends each page alike stands once.

    >>> join_lines(["通知", "一、总则", "责任编辑：李某"], ["通知", "二、附则", "责任编辑：李某"])
    ['通知', '一、总则', '二、附则', '责任编辑：李某']
    """
    head = _alike(lines, more)
    foot = _alike(lines[head:][::-1], more[head:][::-1])
    if sum(map(len, more[len(more) - foot :])) < _SHORTEST_FOOT:
        foot = 0  # 合计, 无: two pages of a table may well end alike
    return [*lines[: len(lines) - foot], *more[head:]]


def _alike(lines: list[str], more: list[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(lines, more, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(lines), len(more)))


def _from_call(text: str, url: str) -> tuple[str, ...] | None:
    """The pages that a script call draws links to; None where there is none for this text."""
    for found in _CALL.finditer(text):
        contained, count, stem, ending = found[1], int(found[2]), found[4][1:-1], found[5][1:-1].lstrip(".")
        parts = urlsplit(url)
        folder, _, name = parts.path.rpartition("/")
        if name.lower() != f"{stem}.{ending}".lower() or count < 2:
            continue
        first, last = (2, count) if contained else (1, count - 1)
        paths = (f"{folder}/{stem}_{number}.{ending}" for number in range(first, last + 1))
        return tuple(urlunsplit(parts._replace(path=path, fragment="")) for path in paths)
    return None


def _from_links(root: etree._Element, url: str, base: str) -> tuple[str, ...]:
    """The pages that links of a pager lead to, with those between them that it leaves out (1 2 3 … 9)."""
    found: dict[int, str] = {}
    joints: set[str] = set()
    shift: set[int] = set()  # number shown − number in the address
    for shown, target in _numbered_links(root, base):
        name = _name(target, url)
        if name is None:
            continue
        found.setdefault(name.number, target)
        joints.add(name.joint)
        if shown is not None:
            shift.add(shown - name.number)
    if not found or len(joints) > 1 or len(shift) > 1 or not shift <= {0, 1}:
        return ()
    # Without numbers that are shown: 下一页 of the first page leads to _2, or to _1 where counting is from 0.
    first = 2 - shift.pop() if shift else min(*found, 2)
    numbers = range(first, max(found) + 1)
    if min(found) < first - 1 or len(numbers) > MOST_PAGES:
        return ()
    example = found[max(found)]
    return tuple(found.get(number) or _at(example, joints, number) for number in numbers)


def _numbered_links(root: etree._Element, base: str) -> Iterator[tuple[int | None, str]]:
    """(number shown, address) of links that say a number, 下一页 or 尾页."""
    for link in root.iter("a"):
        href = link.get("href")
        if not href:
            continue
        said = words(link).strip() if len(link) < 5 else ""
        if not said or len(said) > _LONGEST_LINK:
            continue
        told = _WORDS.fullmatch(said)
        target = absolute(base, href) if told else None
        if told and target:
            yield (int(told[1]) if told[1] else None), target


def _name(target: str, url: str) -> _Name | None:
    """How ``target`` is named as a further page of the text at ``url``; None where it is not."""
    own, other = urlsplit(url), urlsplit(target)
    if own.hostname != other.hostname or own.port != other.port:
        return None
    if own.query == other.query:
        mine, ending = _parted(own.path)
        theirs, other_ending = _parted(other.path)
        numbered = _NUMBERED.fullmatch(theirs)
        if numbered and numbered[1] == mine and ending == other_ending and int(numbered[3]) > 0:
            return _Name((mine, ending), numbered[2], int(numbered[3]))
        return None
    if own.path != other.path:
        return None
    mine_q, their_q = dict(parse_qsl(own.query)), dict(parse_qsl(other.query))
    extra = [key for key in their_q if their_q[key] != mine_q.get(key)]
    missing = mine_q.keys() - their_q.keys()
    if len(extra) != 1 or missing or extra[0].lower() not in _PAGE_KEYS:
        return None
    if not mine_q.keys() - {extra[0]} and not _DIGIT.search(own.path.rpartition("/")[2]):
        return None  # nothing in the address names a document: a list
    value = their_q[extra[0]]
    if mine_q.get(extra[0], "1") not in ("0", "1") or not value.isdecimal() or int(value) < 1:
        return None
    return _Name((own.path,), extra[0], int(value))


def _parted(path: str) -> tuple[str, str]:
    folder, slash, name = path.rpartition("/")
    parts = _STEM.fullmatch(name)
    return (folder + slash + parts[1], (parts[2] or "").lower()) if parts else (path, "")


def _at(example: str, joints: set[str], number: int) -> str:
    """The address beside ``example`` with another number."""
    parts, joint = urlsplit(example), next(iter(joints))
    if joint in ("_", "-"):
        stem, ending = _parted(parts.path)
        return urlunsplit(parts._replace(path=f"{stem.rpartition(joint)[0]}{joint}{number}{ending}"))
    stated = rf"(?<![^&]){re.escape(joint)}=\d+"
    return urlunsplit(parts._replace(query=re.sub(stated, f"{joint}={number}", parts.query)))
