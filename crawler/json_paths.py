"""Paths into JSON answers, as site files state them.

``data.list`` goes by keys, ``rows[0]`` by position, ``*`` (or ``[*]``) through everything of a list or object, and
``resultList[name=文号].value`` to the items of which one value is given. A key applied to a list is applied to each of
its items, and a string that holds JSON is read as such. The empty path is the whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator

_STEP = re.compile(
    r"(?P<all>\*|\[\*\])|\[(?P<index>-?\d+)\]|\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\]|(?P<name>[^.\[\]*]+)"
)


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[tuple[str, ...], ...]:
    """The steps of a path. Raises ValueError where it is none."""
    steps: list[tuple[str, ...]] = []
    position = 0
    while position < len(path):
        if path[position] == "." and steps and position + 1 < len(path):
            position += 1
        found = _STEP.match(path, position)
        if found is None or (steps and found["name"] and path[position - 1] != "."):
            raise ValueError(
                f"{path!r} is no path at {path[position:]!r}; examples: data.list, rows[0].name, list[name=文号].value"
            )
        if found["all"]:
            steps.append(("all",))
        elif found["index"]:
            steps.append(("index", found["index"]))
        elif found["key"]:
            steps.append(("where", found["key"], found["value"]))
        else:
            steps.append(("name", found["name"]))
        position = found.end()
    return tuple(steps)


def check_path(path: str) -> str:
    """The path. Raises ValueError, saying where, when it is none."""
    _steps(path)
    return path


JsonPath = Annotated[str, AfterValidator(check_path)]


def walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """(locator, value) of everything that a path leads to; a locator is a path without choice."""
    yield from _walk(value, _steps(path), "")


def first(value: Any, path: str) -> Any:
    """The first thing that a path leads to that says something; None where there is none."""
    return next((found for _, found in walk(value, path) if found not in (None, "", [], {})), None)


def _walk(value: Any, steps: tuple[tuple[str, ...], ...], at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield at, value
        return
    value = opened(value)
    for where, found in _one_step(value, steps[0], at):
        rest = steps if steps[0][0] == "name" and isinstance(value, list) else steps[1:]
        yield from _walk(found, rest, where)


def opened(value: Any) -> Any:
    """A string that holds a JSON object or list as what it holds; everything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return value
    return value


def _one_step(value: Any, step: tuple[str, ...], at: str) -> Iterator[tuple[str, Any]]:
    dot = "." if at else ""
    if isinstance(value, dict):
        if step[0] == "name" and step[1] in value:
            yield f"{at}{dot}{step[1]}", value[step[1]]
        elif step[0] == "all":
            yield from ((f"{at}{dot}{key}", item) for key, item in value.items())
    elif isinstance(value, list):
        if step[0] == "index":
            index = int(step[1])
            if -len(value) <= index < len(value):
                yield f"{at}[{index % len(value)}]", value[index]
            return
        for index, item in enumerate(value):
            if step[0] != "where" or (isinstance(item, dict) and str(item.get(step[1])) == step[2]):
                yield f"{at}[{index}]", item


def row_of(value: Any) -> dict[str, Any] | None:
    """A row as an object, a list of cells by their places: ``["7", "关于…"]`` is ``{"0": "7", "1": "关于…"}``; None for what is no row."""
    if (
        isinstance(value, list)
        and len(value) > 1
        and not any(isinstance(cell, dict | list) for cell in value)
    ):
        return {str(place): cell for place, cell in enumerate(value)}
    return value if isinstance(value, dict) and value else None


def rows_at(value: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    """(locator, row) of the rows that a path leads to: the items of lists, the values of an object of objects.

    An empty object is none: {"docs": [{…}, {}]}. Rows that are lists of cells are objects by :func:`row_of`.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    for at, shown in walk(value, path):
        node = opened(shown)
        if isinstance(node, list) and (cells := row_of(node)) is not None:
            found.append((at, cells))
        elif isinstance(node, list):
            rows = ((f"{at}[{i}]", row_of(item)) for i, item in enumerate(node))
            found.extend((where, row) for where, row in rows if row is not None)
        elif isinstance(node, dict) and node:
            if all(isinstance(item, dict) for item in node.values()):
                found.extend((f"{at}.{key}" if at else key, row) for key, row in node.items())
            else:
                found.append((at, node))
    return found
