"""A JSON object as one flat record: nested keys with dots, lists of name and value as keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_PAIR_NAMES = ("name", "label", "fieldName", "displayName", "key")
_PAIR_VALUES = ("value", "val", "fieldValue")
# Of files, compared without case
_FILE_ADDRESSES = ("url", "urlothername", "fileurl", "attachmenturl", "downloadurl")
_DEEPEST = 6  # objects inside objects


def flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """(key, value) of everything an object holds that says something: texts, numbers, lists of them, lists of files.

    ``{"a": {"b": 1}}`` gives ("a.b", 1); ``[{"name": "文号", "value": "…"}]`` anywhere inside gives ("文号", "…").
    """
    for key, item in value.items():
        name = f"{prefix}{key}"
        if (moment := _moment(item)) is not None:
            yield name, moment
        elif isinstance(item, Mapping):
            if depth < _DEEPEST:
                yield from flat(item, f"{name}.", depth + 1)
        elif isinstance(item, list):
            yield from _of_list(name, item, depth)
        elif item not in (None, ""):
            yield name, item


def _moment(item: Any) -> Any:
    """The time that an object is: {"time": 1932480000000, "timezoneOffset": -480, …} of Java's Date, {"$date": …}."""
    if not isinstance(item, Mapping):
        return None
    if "$date" in item and not isinstance(item["$date"], Mapping | list):
        return item["$date"]
    of_java = "timezoneOffset" in item or {"year", "month", "date"} <= item.keys()
    return item["time"] if of_java and isinstance(item.get("time"), int) else None


def _of_list(name: str, items: list[Any], depth: int) -> Iterator[tuple[str, Any]]:
    if items and all(isinstance(item, str | int | float) for item in items):
        yield name, items
        return
    objects = [item for item in items if isinstance(item, Mapping)]
    for item in objects:
        if (pair := _pair(item)) is not None:
            yield pair
        elif depth < _DEEPEST:  # [{"resultList": [{"name": …, "value": …}]}]
            for key, inner in item.items():
                if isinstance(inner, list):
                    yield from _of_list(f"{name}.{key}", inner, depth + 1)
    files = [item for item in objects if file_address(item) is not None]
    if files:
        yield name, [{k: v for k, v in item.items() if isinstance(v, str | int)} for item in files]


def file_address(item: Mapping[str, Any]) -> str | None:
    """The address that an object of a list of files gives: {"title": "统计表", "urlOtherName": "/docfile/7.xls"}."""
    named = {key.lower(): value for key, value in item.items()}
    return next((said for key in _FILE_ADDRESSES if isinstance(said := named.get(key), str) and said), None)


def _pair(item: Mapping[str, Any]) -> tuple[str, Any] | None:
    """(name, value) of an object like {"name": "索引号", "value": "…"}; None for another one or an empty value."""
    name = next((item[k] for k in _PAIR_NAMES if isinstance(item.get(k), str)), None)
    key = next((k for k in _PAIR_VALUES if k in item), None)
    if not name or key is None or isinstance(item[key], Mapping | list):
        return None
    return (name, item[key]) if item[key] not in (None, "") else None
