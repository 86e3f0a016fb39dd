"""What a page's scripts make of the rows of an answer: their addresses, also where those of some kinds are made in another way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from crawler.extract.text import compare_key
from crawler.json_paths import first, opened, rows_at
from crawler.lists.records import read_json
from crawler.lists.row_keys import title_of
from crawler.platforms import json_api
from crawler.platforms.base import ListError, ListRow, Recognition
from crawler.scripts.links import Link, links_of
from crawler.scripts.row_kinds import kinds, of_kind
from crawler.survey.findings import DOUBTED

_MOST_KEYS = 6  # on which the addresses of rows may depend
_FEWEST_SHOWN = 3  # rows that a page shows and its answer holds, to see how their addresses are made
_MOST_SHOWN = 200  # rows of an answer that are compared with those of the page
_SHORTEST_ID = 2  # characters of a value within an address
_DEEPEST = 6


class RowLinks:
    """The links that a page with ``text``, to which they are relative, makes of rows."""

    def __init__(self, text: str, base: str, shown: Sequence[ListRow] = ()) -> None:
        """``shown``: rows that stand in the page itself."""
        self._text, self._base, self._shown = text, base, shown
        self._links: list[Link] | None = None

    def described(self, answer: str, url: str, asking: Mapping[str, Any]) -> Recognition | None:
        """A JSON answer with a list, as json_api reads it; see there."""
        if self._links is None:
            self._links = links_of(self._text, self._base)
        seen = json_api.described(answer, url, asking, self._links, self._base)
        if seen is None and self._shown:
            links = list(_as_shown(answer, url, self._shown))
            seen = json_api.described(answer, url, asking, links, self._base) if links else None
        rows = _objects(answer, url, seen)
        if seen is not None and (key := _holding_others(rows)) is not None:
            look = f"rows hold others like themselves under {key!r}: are these documents, too?"
            return replace(seen, confidence=DOUBTED, to_check=(*seen.to_check, look))
        of_rows = (
            (key, values)
            for key, values in kinds(self._text).items()
            if all(first(row, key) is not None for row in rows)
        )
        for key, values in islice(of_rows, _MOST_KEYS):
            made = self._made(answer, url, asking, key, values)
            held = {value if value in values else None for value in (str(first(row, key)) for row in rows)}
            if seen is not None and made and held - set(made):
                look = f"its script shows no rows of some kinds, by their {key!r}: name those that it shows in `rows`"
                return replace(seen, confidence=DOUBTED, to_check=(*seen.to_check, look))
            found = self._by_kind(answer, url, made, key)
            if found is not None:
                return found
        return seen

    def _made(
        self, answer: str, url: str, asking: Mapping[str, Any], key: str, values: tuple[str, ...]
    ) -> dict[str | None, Recognition]:
        """Kind of row → the answer as it is with what the scripts make of rows of that kind; None stands for all other kinds.

        Those of which they make nothing are left out.
        """
        made: dict[str | None, Recognition] = {}
        for value in (*values, None):
            links = links_of(of_kind(self._text, key, value), self._base)
            seen = json_api.described(answer, url, asking, links, self._base)
            if seen is not None and (links or not self._links):
                made[value] = seen
        return made

    def _by_kind(
        self, answer: str, url: str, made: Mapping[str | None, Recognition], key: str
    ) -> Recognition | None:
        """The answer with an address for each kind of its rows; None where the key tells none apart."""
        addresses = {value: seen.catalogues[0][3]["url"] for value, seen in made.items()}
        if len(set(addresses.values())) < 2:
            return None
        seen = made.get(None) or next(iter(made.values()))
        name, title, address, options = seen.catalogues[0]
        rows = _objects(answer, url, seen)
        if not rows or any(first(row, key) is None for row in rows):
            return None
        other = options["url"]
        where = {
            f"{key}={value}": made_of
            for value, made_of in addresses.items()
            if value is not None and made_of != other
        }
        options = {**options, "url_where": where}
        look = f"its script makes addresses of its rows by their {key!r}: are they right for every kind?"
        return replace(seen, catalogues=((name, title, address, options),), to_check=(*seen.to_check, look))


def _as_shown(answer: str, url: str, shown: Sequence[ListRow]) -> Iterator[Link]:
    """What makes the addresses of an answer's rows that the page itself shows: ``/zw/{id}.html`` of a row with the same title."""
    try:
        value = read_json(answer.encode(), "application/json; charset=utf-8", url)
    except ListError:
        return
    addresses = {compare_key(row.title): row.url for row in shown if row.title}
    made: Counter[Link] = Counter()
    for row in islice(_rows_with_titles(value, 0), _MOST_SHOWN):
        address = addresses.get(compare_key(title_of(row) or ""))
        for key, held in row.items() if address is not None else ():
            text = str(held)
            if (
                address
                and isinstance(held, str | int)
                and len(text) >= _SHORTEST_ID
                and address.count(text) == 1
            ):
                made[Link(address.replace(text, f"{{{key}}}"), (key,))] += 1
    yield from (link for link, times in made.most_common() if times >= _FEWEST_SHOWN)


def _holding_others(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The key under which rows hold lists of objects with most of their own keys: ``children: [{"id": …, "title": …}]``."""
    for row in rows:
        for key, held in row.items():
            one = held[0] if isinstance(held, list) and held else None
            if (
                isinstance(one, Mapping)
                and title_of(one) is not None
                and len(row.keys() & one) * 2 > len(row)
            ):
                return key
    return None


def _rows_with_titles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    value = opened(value)
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    for held in inner if depth < _DEEPEST else ():
        if isinstance(held, dict) and title_of(held) is not None:
            yield held
        else:
            yield from _rows_with_titles(held, depth + 1)


def _objects(answer: str, url: str, seen: Recognition | None) -> list[Mapping[str, Any]]:
    """The rows of an answer; of one in which none were seen, none."""
    if seen is None:
        return []
    try:
        value = read_json(answer.encode(), "application/json; charset=utf-8", url)
    except ListError:
        return []
    return [row for _, row in rows_at(value, seen.catalogues[0][3]["rows"]) if isinstance(row, Mapping)]
