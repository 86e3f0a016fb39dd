"""Objects in the scripts of a page: what their members are, as far as the page tells it. Read off the script, never run. Pure.

    {pageNo: page, pageSize: 15, channelCode: ['gfxwj'], "webSiteCode[]": site}  ·  query.pageNo = n  ·  "cat=7&pageNo=" + n

What holds a page's number or size counts as the first page and a usual size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote_plus

from crawler.paging import opened_text
from crawler.scripts.beginnings import at_first, given, where_empty
from crawler.scripts.cursors import is_cursor
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing, end_of_argument, statement
from crawler.scripts.values import STRING, Value, evaluated, literals, of_location

# The usual names of a page's number, for what does not state one.
PAGE_NAMES = (
    "page", "pageNo", "pageno", "pageNum", "pagenum", "pageNumber", "pageIndex", "pageindex", "currentPage", "curPage",
    "currPage", "current", "pg", "pn", "p", "PageIndex", "PageNo",
)  # fmt: skip
# currentPageNum, page_no, nowPage, toPage, cpage, pNo … and not pageSize, pageCount, pageId. Without case and underscores.
_PAGE_NAME = re.compile(
    r"(?:c|cur|curr|current|now|this|to|go|goto|list|search|query|start)?(?:page|pg)(?:no|num|nums|number|index|idx|now|cur|curr|current|n|i)?"
    r"(?:num|no)?|(?:cur|curr|current)(?:no|num|index)?|pageclickednumber|pn|pno|p|cp|dqy[ms]?|yema"
)
_SHORT = 2  # characters of a name that may be that of anything
# What holds a count of rows to skip.
OFFSET_NAMES = (
    "begin", "start", "offset", "skip", "from", "startIndex", "beginIndex", "startRow", "beginRow", "startNum", "startRecord",
    "firstResult", "startrecord", "pageStart", "iDisplayStart", "$skip",
)  # fmt: skip
_PLACES = frozenset({"index", "num", "n", "i"})  # of variables that hold a page's number
_SIZES = frozenset(
    {"pagesize", "size", "limit", "rows", "perpage", "pagenumber", "ps", "prepage", "pagecount"}
)
USUAL_SIZE = 15  # rows of a page, where the script takes the number from elsewhere
_IDENTIFIER = re.compile(r"(?<![\w$.\"'])[A-Za-z_$][\w$.]*")
_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
# "/list?cid=7&pageIndex=" + t, as tools shorten the names of a script
_SENT_AS = re.compile(r"[?&]([\w.]{1,40})=[\"']\s*\+\s*([A-Za-z_$][\w$]{0,2})(?![\w$.(\[])")
_OR_NOTHING = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$.]{0,40})\s*\|\|\s*(?:''|\"\")")  # after || ""
STRINGIFIED = re.compile(r"JSON\s*\.\s*stringify\s*\(\s*(\{)")
_OF_INSTANCE = re.compile(
    r"(?<![\w$.])((?:this|that|self|_this|_self|_that|vm|me|app)(?:\.[\w$]{1,40}){1,3})(?![\w$(])"
)
# a name and what follows it: {a: 1, "b[]": 2, c, done(result) {…}}
_MEMBER = re.compile(
    r"(?:\"([^\"\\\n]{1,60})\"|'([^'\\\n]{1,60})'|(?:async\s+)?([\w$]{1,60}))\s*(?:(:)|(\()|(?=[,}]))"
)
_BETWEEN = re.compile(r"(?:[\s,]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_MOST_NAMES = 20  # of objects of one script
_MOST_MEMBERS = 60
_OBJECT = re.compile(r"(?:\b(?:var|let|const)\s+|\b(window)\s*\.\s*)([\w$]{1,40})\s*=\s*(?=\{)")
_SUMMED = re.compile(r"\b(?:var|let|const)\s+([\w$]{1,40})\s*=\s*([^;\n{}]{1,300})[;\n]")
_APPENDED = re.compile(r"(?<![\w$.])([\w$]{1,40})\s*\+=\s*(?=[\"'][?&][\w.]{1,40}=)")
_ELSE_BEFORE = re.compile(r"\belse\s*\{?\s*$")
_ELSE_BEHIND = re.compile(r"\s*;?\s*\}?\s*else\b")
_IF_BEFORE = re.compile(r"\bif\s*\([^{};]{1,80}\)\s*\{?\s*$")
_NEAR = 120  # characters
_LONGEST_SUM = 2_000
_MOST_SUMS = 200
_MOST_INSTANCE = 60  # names of members of one script
_DEEPEST = 5  # objects within objects
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_UNKNOWN = object()  # a value that cannot be told from the page


def of_instances(script: str) -> dict[str, Value]:
    """``this.channel`` and its like, where all that the script gives that name is one text or number: ``data: {channel: "7"}``."""
    told: dict[str, Value] = {}
    for name in islice(dict.fromkeys(_OF_INSTANCE.findall(script)), _MOST_INSTANCE):
        if ".$" in name:
            continue  # this.$route.query.cid is of the address
        key = re.escape(name.rpartition(".")[2])
        given = re.findall(rf"(?<![\w$.])[\"']?{key}[\"']?\s*:\s*({STRING}|\d{{1,12}})\s*[,}}\n]", script)
        if len(set(given)) == 1 and (value := evaluated(given[0], {})) is not None:
            told[name] = value
    return told


def names_in(scripts: Sequence[str], url: str) -> dict[str, Value]:
    """What names stand for in the scripts of a page: plain values, members of objects, sums of both, and what they read
    off the page's address: ``location.host``, ``base = location.origin + "/api"``.
    """
    names: dict[str, Value] = of_location(url)
    for script in scripts:
        names = of_instances(script) | literals(script) | names
    for script in scripts:
        names = _of_objects(script, names) | names
    for script in scripts:
        for name, expression in islice(_SUMMED.findall(script), _MOST_SUMS):
            if name not in names and (value := evaluated(expression, names)) is not None:
                names[name] = value
    for script in scripts:
        for name, more, surely in _appended(script):
            held, value = names.get(name), value_of(more, names)
            if isinstance(held, str) and value is not None and len(held) < _LONGEST_SUM:
                names[name] = f"{held}{value}"
            elif held is not None and surely:
                del names[name]
    for script in scripts:
        names = _filled_at_first(script, names)
    return names


def _filled_at_first(script: str, names: Mapping[str, Value]) -> dict[str, Value]:
    """The names with what those that hold an empty text are given as the page opens; without those of which that cannot be told."""
    empty = [name for name, value in names.items() if value == "" and "location" not in name]
    told = dict(names)
    for name in empty[:_MOST_NAMES]:
        owner = r"(?:[\w$]{1,20}\.)" if "." in name else r"(?<!var )(?<!let )(?<!const )"
        last = re.escape(name.rpartition(".")[2])
        found = [value_of(code, names) for _, code in given(rf"(?<![\w$.]){owner}({last})", at_first(script))]
        if found and found[-1] is None and not names_page(name):
            del told[name]
        elif found and found[-1]:
            told[name] = found[-1]
        elif (stated := where_empty(name, script)) is not None:
            told[name] = evaluated(stated, {}) or ""
    return told


def _appended(script: str) -> Iterator[tuple[str, str, bool]]:
    """What a script puts to the end of addresses, and whether it always does: ``url += "&channel=" + channel``.

    What stands in one of two branches, and names that are given several values, are left out.
    """
    for found in islice(_APPENDED.finditer(script), _MOST_SUMS):
        given = islice(re.finditer(rf"(?<![\w$.]){re.escape(found[1])}\s*=(?!=)", script), 2)
        if len(list(given)) > 1:
            continue
        end = found.end() + len(statement(script, found.end()))
        before = script[max(0, found.start() - _NEAR) : found.start()]
        if not _ELSE_BEFORE.search(before) and not _ELSE_BEHIND.match(script, end):
            yield found[1], script[found.end() : end], _IF_BEFORE.search(before) is None


def _of_objects(script: str, names: Mapping[str, Value]) -> dict[str, Value]:
    """``api.base`` for ``api = {base: root + "/portal"}``; ``CONFIG.list.id`` and ``window.CONFIG.list.id`` where it is a window's."""
    told: dict[str, Value] = {}
    for found in islice(_OBJECT.finditer(script), _MOST_NAMES):
        end = closing(script, found.end() + 1, found.end() + LONGEST_FUNCTION)
        for name, value in _plain_members(script[found.end() : end + 1], found[2], names):
            told.setdefault(name, value)
            if found[1]:
                told.setdefault(f"window.{name}", value)
    return told


def _plain_members(
    code: str, name: str, names: Mapping[str, Value], depth: int = 0
) -> Iterator[tuple[str, Value]]:
    """(name, value) of the members of an object, and of those within it, that are texts or numbers."""
    for key, expression in (members(code, lower=False) or {}).items():
        if expression.startswith("{") and depth < _DEEPEST:
            yield from _plain_members(expression, f"{name}.{key}", names, depth + 1)
        elif (value := evaluated(expression, names)) is not None:
            yield f"{name}.{key}", value


def values(code: str, names: Mapping[str, Value], depth: int = 0) -> dict[str, Any] | None:
    """What an object or a query string holds; None where one of its values cannot be told."""
    code = code.strip()
    if (stringified := STRINGIFIED.match(code)) is not None:
        code = code[stringified.start(1) :]
    if not code:
        return {}
    if not code.startswith("{"):
        text = value_of(code, names)
        if isinstance(text, str) and text.lstrip().startswith("{") and depth < _DEEPEST:
            return values(text, {}, depth + 1)  # data: "{'cid': '7', 'page': '" + n + "'}"
        if not isinstance(text, str) or "=" not in text:
            return None
        return {
            name: _number(unquote_plus(value))
            for name, _, value in (part.partition("=") for part in text.split("&"))
            if name
        }
    held: dict[str, Any] = {}
    named = members(code, lower=False)
    if named is None:
        return None
    for name, expression in named.items():
        if expression.strip() == "undefined":
            continue  # is not sent
        value = _any_value(expression.strip(), names, depth + 1)
        if value is _UNKNOWN and (stood := standing_for(name)) is not None:
            value = stood
        if value is _UNKNOWN and is_cursor(name):
            value = ""
        if value is _UNKNOWN:
            return None
        held[name] = value
    return held


def _any_value(expression: str, names: Mapping[str, Value], depth: int) -> Any:
    """The value of an expression, an object or a list of such; _UNKNOWN where a part of it cannot be told."""
    if expression in _WORDS:
        return _WORDS[expression]
    if expression[:1] in ("{", "[") and depth > _DEEPEST:
        return _UNKNOWN
    if expression.startswith("{"):
        inner = values(expression, names, depth)
        return _UNKNOWN if inner is None else inner
    if expression.startswith("["):
        items = [_any_value(item.strip(), names, depth + 1) for item in arguments(expression, 1)]
        return _UNKNOWN if any(item is _UNKNOWN for item in items) else items
    value = value_of(expression, names)
    return _UNKNOWN if value is None else value


def _number(text: str) -> Value:
    return int(text) if text.isdecimal() and len(text) < 9 else text


def value_of(expression: str, names: Mapping[str, Value], page: int = 1) -> Value | None:
    """An expression's value; what holds a page's number or size counts as that of ``page`` and a usual size."""
    known = dict(names)
    expression = _OR_NOTHING.sub(r"\1", expression)
    for parameter, name in _SENT_AS.findall(expression):
        if name not in known and (stood := standing_for(parameter)) is not None:
            known[name] = page if stood == 1 else stood
    for name in dict.fromkeys(_IDENTIFIER.findall(_STRINGS.sub('""', expression))):
        stood = standing_for(name)
        if stood is None:
            if name not in known and is_cursor(last_name(name)):
                known[name] = ""
            continue
        held = known.get(name)
        if held is None or (isinstance(held, str) and held.isdecimal()):
            known[name] = stood
        if page > 1 and stood == 1:
            known[name] = page
    return evaluated(expression, known)


def standing_for(name: str) -> int | None:
    """What a name of a page's number or size stands for."""
    last = last_name(name)
    if last == "offset" and "." in name:  # p.offset / p.limit + 1
        return 0
    if names_page(last) or last in _PLACES:
        return 1
    return USUAL_SIZE if last in _SIZES else None


def names_page(name: str) -> bool:
    """Whether a parameter is called like one that holds a page's number."""
    return _PAGE_NAME.fullmatch(last_name(name)) is not None


def last_name(name: str) -> str:
    """``this.query.page_no`` → ``pageno``."""
    return name.rpartition(".")[2].replace("_", "").lower()


def members(code: str, *, lower: bool = True) -> dict[str, str] | None:
    """Names and expressions of an object literal's members: {a: 1, "b": x + 2}; None where one cannot be read.

    ``lower``: names in lower case. Methods (``success(data) {…}``) are left out.
    """
    position, found = code.index("{") + 1, dict[str, str]()
    for _ in range(_MOST_MEMBERS):
        between = _BETWEEN.match(code, position)
        position = between.end() if between is not None else position
        if code[position : position + 1] == "}":
            return found
        named = _MEMBER.match(code, position)
        if named is None:
            return None  # ...more, [computed]: 1, an object without its end
        name = named[1] or named[2] or named[3]
        name = name.lower() if lower else name
        position = named.end()
        if named[5]:
            position = _behind_method(code, position)
        elif not named[4]:  # {page}: the variable of that name
            found[name] = name
        else:
            end = end_of_argument(code, position)
            found[name] = code[position:end].strip()
            position = end
    return None


def _behind_method(code: str, position: int) -> int:
    """The position behind ``(data) {…}`` of a method whose parenthesis opened before ``position``."""
    for opening in "({":
        start = position if opening == "(" else code.find("{", position) + 1
        if start <= 0:
            return len(code)
        position = closing(code, start) + 1
    return position


def speaks_of_pages(code: str) -> bool:
    """Whether an expression names a page's number."""
    words = _IDENTIFIER.findall(_STRINGS.sub(lambda quoted: quoted.group()[1:-1], code))
    return any(names_page(word) and len(last_name(word)) > _SHORT for word in words)


def page_names_in(sent: Iterable[str]) -> list[str]:
    """The names that may be those of a page's number, the likeliest first: ``page``, ``pageNo``, then ``toPage``, then ``p``."""
    usual = {name: place for place, name in enumerate(PAGE_NAMES)}
    called = [name for name in sent if names_page(name)]
    return sorted(called, key=lambda name: (len(name) <= _SHORT, usual.get(name, len(usual))))


def place_in(sent: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """(page or offset, name, value) of what holds a page's place; ``query.pageNo`` where an object within holds it.

    Beside a count of rows to skip (``begin=0&pagenum=20``) a number of more than one is that of the rows of a page.
    """
    skipped = next((name for name in OFFSET_NAMES if str(sent.get(name, "")) == "0"), None)
    # p=1&pg=10: a first page, and the rows of one
    for name in sorted(page_names_in(sent), key=lambda name: str(sent[name]) not in ("0", "1")):
        if (stated := str(sent[name])).isdecimal() and (skipped is None or int(stated) <= 1):
            return "page", name, int(stated)
    if skipped is not None:
        return "offset", skipped, 0
    held = ((key, opened_text(value)[0]) for key, value in sent.items())
    inner = [(key, place_in(value)) for key, value in held if isinstance(value, dict)]
    return next(
        ((found[0], f"{key}.{found[1]}", found[2]) for key, found in inner if found is not None), None
    )
