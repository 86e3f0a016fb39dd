"""Lists whose next part a script asks for by something that the part before told: a token, or the last row's id. Read, never run. Pure.

$.get("/api/list", {cid: 5, lastId: lastId}, function (r) { … lastId = r.data[r.data.length - 1].id; })  ·  token = r.data.nextToken;
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from crawler.json_paths import first, opened

_NAME = re.compile(
    r"(?:next|page|continuation)token|cursor(?:mark|id)?|nextcursor|scrollid|marker|nextkey|nextid|searchafter"
    r"|(?:last|max|min|since|after|before)(?:id|key|time|date|sort|row|rowid|docid|infoid|newsid|articleid|seq|no)?"
)
_OF_LAST_ROW = re.compile(r"length\s*-\s*1|\.\s*pop\s*\(|\b(?:slice|at)\s*\(\s*-\s*1|\blast\b")
_LAST_KEY = re.compile(r"\.\s*([A-Za-z_]\w{0,40})\s*(?:\|\|.{0,20}|\?\?.{0,20})?$")
_DEEPEST = 4


class Cursor(NamedTuple):
    """What a parameter is given for the next part: ``key`` of the answer, or of its last row."""

    name: str
    key: str
    of_row: bool


def is_cursor(name: str) -> bool:
    """Whether a parameter is called like one that holds the place in a list: ``lastId``, ``nextToken``, ``scroll_id``."""
    return _NAME.fullmatch(name.replace("_", "").lower()) is not None


def cursor_in(sent: Mapping[str, Any], scripts: Iterable[str]) -> Cursor | None:
    """The parameter that leads on, where one is called so, is empty at first, and a script says what it is given later."""
    for name, value in sent.items():
        if not is_cursor(name) or value not in ("", None, 0, "0"):
            continue
        for script in scripts:
            for given in _given(name, script):
                key = _LAST_KEY.search(given)
                if key is not None and key[1] != "length":
                    return Cursor(name, key[1], _OF_LAST_ROW.search(given) is not None)
    return None


def _given(name: str, script: str) -> Iterator[str]:
    """What a script gives the variable that it sends under a name."""
    sent = re.findall(rf"(?<![\w$.])[\"']?{re.escape(name)}[\"']?\s*:\s*([\w$.]{{1,60}})\s*[,}}\n]", script)
    sent += re.findall(rf"[?&]{re.escape(name)}=[\"']\s*\+\s*([\w$.]{{1,60}})", script)
    for variable in dict.fromkeys((*sent, name)):
        last = re.escape(variable.rpartition(".")[2])
        for found in re.finditer(
            rf"(?<![\w$])(?:[\w$]{{1,20}}\.){{0,3}}{last}\s*=(?!=)\s*([^;\n}}]{{1,160}})", script
        ):
            yield found[1].strip()


def path_in(answer: Any, cursor: Cursor, rows: str) -> str | None:
    """The path of what leads on in an answer whose rows stand at ``rows``; None where it is not there."""
    if cursor.of_row and "*" in rows:
        return None  # the last of which list?
    if cursor.of_row:
        return f"{rows}[-1].{cursor.key}"
    # Given row by row: each(rows, function (i, row) { lastTime = row.time })
    of_last = f"{rows}[-1].{cursor.key}"
    told = first(answer, of_last) if rows and "*" not in rows else None
    return next(_paths(answer, cursor.key, "", 0), None) or (of_last if told is not None else None)


def _paths(value: Any, key: str, at: str, depth: int) -> Iterator[str]:
    value = opened(value)
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, held in value.items():
        path = f"{at}.{name}" if at else name
        if name == key and isinstance(held, str | int) and not isinstance(held, bool):
            yield path
        yield from _paths(held, key, path, depth + 1)
