"""Data in the scripts of a page: literals of JavaScript as values. Read off the script, never run. Pure.

var list = [{title: '关于…', url: "./t1.html"}]  ·  window.__INITIAL_STATE__ = {"list": […]}  ·  JSON.parse('[…]')
window.__NUXT__ = (function(a,b){b.url="\\u002Fa.html";return {list:[b,{title:a}]}}("关于…",{}))
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from crawler.scripts.scan import end_of_argument
from crawler.scripts.written import places_of_scripts, unquoted

_SPACE = re.compile(r"(?:\s+|//[^\n]{0,2000}|/\*.{0,2000}?\*/){0,50}", re.DOTALL)
_STRING = re.compile(
    r"\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+){0,20000}\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+){0,20000}'"
    r"|`[^`\\$]*+(?:(?:\\.|\$(?!\{))[^`\\$]*+){0,20000}`",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?(?![\w$.])")
_KEY = re.compile(r"[\w$]{1,80}")
_NAME = re.compile(r"[A-Za-z_$][\w$]{0,80}(?![\w$])")
_WORD = re.compile(r"(?:true|false|null|undefined|NaN|void\s+0|!0|!1)(?![\w$.])")
_WORDS: Mapping[str, Any] = {"true": True, "!0": True, "false": False, "!1": False}
_ENDS = re.compile(r"\s*[,;\]})]")
_BEGINS = re.compile(r"(?:\A|[=:(,?|&]|\breturn\b)\s*(?=[\[{])|\bJSON\s*\.\s*parse\s*\(\s*(?=[\"'`])")
_PUSHED = re.compile(r"(?<![\w$.])([\w$.]{1,40})(?:\s*\.\s*push\s*\(|\s*\[[\w$+ ]{1,20}\]\s*=)\s*(?=\{)")
_BEFORE_PUSHED = re.compile(r"(?:\.\s*push\s*\(|\]\s*=)\s*\Z")
# urls[i]='./t1.html'; titles[3] = "关于…";
_SET = re.compile(
    r"(?<![\w$.])([\w$]{1,40})\s*\[[\w$+ ]{1,20}\]\s*=\s*(\"(?:[^\"\\\n]|\\.){0,2000}\"|'(?:[^'\\\n]|\\.){0,2000}')"
)
_CALLED = re.compile(r"=\s*\(\s*function\s*\(([\w$,\s]{1,20000})\)\s*\{")
_MEMBER_SET = re.compile(r"\s*([\w$]{1,20})(?:\.([\w$]{1,80})|\[(\d{1,5})\])\s*=(?!=)\s*")
_DEEPEST = 40  # values within values
_MOST_TRIES = 300  # beginnings of one page
_MOST_PUSHED = 20_000
_MOST_READ = 4_000_000  # characters of one page, those that are read again included
_DECODER = json.JSONDecoder(strict=False)


def values_in(text: str) -> Iterator[Any]:
    """Objects and lists that the scripts in a page hold: each as a whole, and what stands in one that could not be read.

    Rows that are put into a list one by one come as one list, arrays that are filled side by side as one list of lists.
    """
    budget = _Budget()
    for begin, end, _ in places_of_scripts(text):
        if not budget.spend(end - begin):
            return
        reader = _Reader(text[begin:end], budget)
        yield from reader.pushed()
        yield from _side_by_side(text[begin:end])
        yield from reader.values()


def literal(code: str) -> Any:
    """The object or list that a text is as JavaScript: ``{total: 43, rows: [{id: '7'}]}``.

    Raises ValueError where it is none, or a part of it cannot be told.
    """
    value, _ = _Reader(code, _Budget(), whole=True).literal(0, 0)
    if not isinstance(value, dict | list):
        raise ValueError("no object and no list")
    return value


class _Budget:
    """What reading one page may cost, in characters: those that are read again count again."""

    def __init__(self) -> None:
        self.left, self.tries = _MOST_READ, _MOST_TRIES

    def spend(self, count: int) -> bool:
        """Whether there was as much left."""
        self.left -= count
        return self.left >= 0


class _Reader:
    """One script. Its methods take a position and give a value and the position behind it; ValueError where none stands."""

    def __init__(self, code: str, budget: _Budget, *, whole: bool = False) -> None:
        """``whole``: what cannot be told is no value either."""
        self._code, self._budget, self._whole = code, budget, whole
        self._names: dict[str, Any] = {}
        self._names = self._arguments()

    def values(self) -> Iterator[Any]:
        """The objects and lists of the script, the outer ones before those in them."""
        position = 0
        while (begun := _BEGINS.search(self._code, position)) is not None:
            position = begun.end()
            if _BEFORE_PUSHED.search(self._code, max(0, position - 20), position):
                continue
            self._budget.tries -= 1
            if self._budget.tries < 0 or self._budget.left < 0:
                return
            value = self._value(position)
            if isinstance(value, dict | list) and value:
                yield value

    def pushed(self) -> Iterator[list[Any]]:
        """Rows that are put into lists one by one: ``list.push({…})``, ``list[3] = {…}``."""
        lists: dict[str, list[Any]] = {}
        for found in islice(_PUSHED.finditer(self._code), _MOST_PUSHED):
            if self._budget.left < 0:
                break
            value = self._value(found.end())
            if value is not None:
                lists.setdefault(found[1], []).append(value)
        yield from (rows for rows in lists.values() if len(rows) > 1)

    def _value(self, position: int) -> Any:
        """A literal as JSON where it is such, else as JavaScript; None where there is none."""
        try:
            value, end = _DECODER.raw_decode(self._code, position)
            self._budget.spend(end - position)
        except (ValueError, RecursionError) as error:
            self._budget.spend(getattr(error, "pos", position) - position)
            try:
                value, _ = self.literal(position, 0)
            except (ValueError, RecursionError):
                return None
        try:
            return json.loads(value, strict=False) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            return None

    def literal(self, position: int, depth: int) -> tuple[Any, int]:
        """What cannot be told is None."""
        if depth > _DEEPEST:
            raise ValueError("too deep")
        value, position = self._term(self._behind_space(position), depth)
        position = self._behind_space(position)
        while self._code[position : position + 1] == "+":
            other, position = self._term(self._behind_space(position + 1), depth)
            both = isinstance(value, str | int) and isinstance(other, str | int)
            value = f"{value}{other}" if both else None
            position = self._behind_space(position)
        if depth and position < len(self._code) and not _ENDS.match(self._code, position):
            value, position = None, self._unknown(position)  # a ? b : c, a.map(…)
        return value, position

    def _term(self, position: int, depth: int) -> tuple[Any, int]:
        char = self._code[position : position + 1]
        if char == "{":
            return self._object(position + 1, depth)
        if char == "[":
            return self._list(position + 1, depth)
        if (string := _STRING.match(self._code, position)) is not None:
            return unquoted(string[0]), string.end()
        if (number := _NUMBER.match(self._code, position)) is not None:
            return float(number[0]) if "." in number[0] else int(number[0]), number.end()
        if (word := _WORD.match(self._code, position)) is not None:
            return _WORDS.get(word[0]), word.end()
        name = _NAME.match(self._code, position)
        if name is not None and name[0] in self._names and _ENDS.match(self._code, name.end()):
            return self._names[name[0]], name.end()
        end = self._unknown(position)
        if end == position or not depth:
            raise ValueError(f"no value at {position}")
        return None, end

    def _object(self, position: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while True:
            position = self._behind_space(position)
            if self._code[position : position + 1] == "}":
                return found, position + 1
            named = _STRING.match(self._code, position) or _KEY.match(self._code, position)
            if named is None:
                raise ValueError(f"no key at {position}")
            key = unquoted(named[0]) if named[0][0] in "'\"`" else named[0]
            position = self._behind_space(named.end())
            if self._code[position : position + 1] == ":":
                found[key], position = self.literal(position + 1, depth + 1)
            elif self._code[position : position + 1] in (",", "}") and not self._whole:
                found[key] = self._names.get(key)  # {list}: the variable of that name
            else:
                raise ValueError(f"no value at {position}")
            position = self._behind_comma(position, "}")

    def _list(self, position: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        while True:
            position = self._behind_space(position)
            if self._code[position : position + 1] == "]":
                return found, position + 1
            value, position = self.literal(position, depth + 1)
            found.append(value)
            position = self._behind_comma(position, "]")

    def _behind_comma(self, position: int, end: str) -> int:
        position = self._behind_space(position)
        if self._code[position : position + 1] == ",":
            return position + 1
        if self._code[position : position + 1] != end:
            raise ValueError(f"neither a comma nor an end at {position}")
        return position

    def _behind_space(self, position: int) -> int:
        found = _SPACE.match(self._code, position)
        end = found.end() if found is not None else position
        if not self._budget.spend(end - position + 4):
            raise ValueError("too much to read")
        return end

    def _unknown(self, position: int) -> int:
        if self._whole:
            raise ValueError(f"no plain value at {position}")
        return self._end_of(position)

    def _end_of(self, position: int) -> int:
        """Where the expression ends that begins at ``position``."""
        end = end_of_argument(self._code, position, max(self._budget.left, 0))
        self._budget.spend(end - position)
        return end

    def _arguments(self) -> dict[str, Any]:
        """The values of the names in ``window.__NUXT__ = (function(a,b){b.id=7;return {…}}("…",{}))``."""
        called, given = _CALLED.search(self._code), self._code.rfind("}(")
        if called is None or given < called.end():
            return {}
        try:
            values, _ = _Reader(f"[{self._code[given + 2 :].rstrip('; )')}]", self._budget).literal(0, 0)
        except (ValueError, RecursionError):
            return {}
        names = dict(zip((name.strip() for name in called[1].split(",")), values, strict=False))
        self._names = names
        position = called.end()
        while (found := _MEMBER_SET.match(self._code, position)) is not None:
            try:
                value, position = self.literal(found.end(), 1)
            except (ValueError, RecursionError):
                break
            held = names.get(found[1])
            if isinstance(held, dict) and found[2]:
                held[found[2]] = value
            elif isinstance(held, list) and found[3] and int(found[3]) <= len(held):
                held[int(found[3]) : int(found[3]) + 1] = [value]
            position = self._behind_space(position)
            position += self._code[position : position + 1] == ";"
        return names


def _side_by_side(script: str) -> Iterator[list[list[str]]]:
    """Texts that are put into several arrays side by side: ``urls[i]='…'; titles[i]='…';``."""
    arrays: dict[str, list[str]] = {}
    for found in islice(_SET.finditer(script), _MOST_PUSHED):
        arrays.setdefault(found[1], []).append(unquoted(found[2]))
    for length in sorted({len(array) for array in arrays.values()}):
        beside = [array for array in arrays.values() if len(array) == length]
        if length > 1 and len(beside) > 1:
            yield [list(row) for row in zip(*beside, strict=True)]
