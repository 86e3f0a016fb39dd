"""json_api: any catalogue that answers in JSON, described by the site file.

The site file states by paths (see crawler/json_paths.py) where rows, total and addresses are, and how pages are asked
for. Static JSON files, JSONP, JSON inside JSON and escaped HTML in values are understood. Where documents exist only
in the API, ``whole: true`` makes each row a document, and ``detail`` names the address that gives one as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self
from urllib.parse import urljoin

from pydantic import Field, model_validator

from crawler.extract.characters.charset import decode
from crawler.json_paths import JsonPath, first, opened, row_of
from crawler.lists.json_listing import Listing, first_page, list_page, says_no_more
from crawler.lists.records import Condition, FieldName, RowAddress, RowShape, read_json, row_address
from crawler.lists.row_keys import TOTAL_KEYS, address_path, address_read, columns, names_address, title_of
from crawler.lists.xml_values import is_feed
from crawler.paging import FormValue, Paging, Sender, query_of
from crawler.platforms.base import ListError, ListPage, Options, PageRequest, Recognition
from crawler.scripts.links import Link
from crawler.scripts.objects import OFFSET_NAMES, page_names_in, place_in
from crawler.sites import Catalogue, Site

_DEEPEST = 5
_DOUBTED = 0.35  # a confidence that nothing else makes up for
_OF_PROGRAM = re.compile(r"[A-Za-z_]\w*")  # keys that a program knows: list, rows, top


class JsonApiOptions(Options):
    """What the answers look like and how they are asked for."""

    rows: JsonPath = Field(description="Path of the rows")
    url: RowAddress = Field(
        description="Path of a document's address in its row, or an address with paths in braces: https://…/detail?id={id}"
    )
    url_otherwise: RowAddress | None = Field(
        default=None, description="What `url` is for rows to which it gives no address"
    )
    url_where: dict[Condition, RowAddress] = Field(
        default_factory=dict,
        description="What `url` is for rows in which a path has a value: `type=1: /file/{id}.html`",
    )
    detail: RowAddress | None = Field(
        default=None,
        description="Address of the JSON that gives the document, like `url`; `url` then is its address for people",
    )
    whole: bool = Field(
        default=False,
        description="The row is the whole document: nothing is fetched for it, its version cites the answer",
    )
    title: JsonPath | None = Field(default=None, description="Path of the title in a row")
    fields: dict[JsonPath, FieldName] = Field(
        default_factory=dict,
        description="Path in a row → field of the record, for keys that config/fields.yml does not know",
    )
    total: JsonPath | None = Field(default=None, description="Path of the number of all rows")
    last_page: JsonPath | None = Field(default=None, description="Path of the number of pages")
    method: Literal["GET", "POST"] = Field(
        default="GET", description="POST also where `form` or `body` is given"
    )
    form: dict[str, FormValue] | None = Field(default=None, description="What is sent as a form")
    body: dict[str, Any] | None = Field(default=None, description="What is sent as JSON")
    headers: dict[str, str] = Field(default_factory=dict, description="Headers that the API asks for")
    shown_on: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Page that shows the list; asked for first, for APIs that want a cookie of its",
    )
    paging: Paging = Field(default=Paging(by="none"), description="How further pages are asked for")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.whole and self.detail is not None:
            raise ValueError(
                "whole and detail exclude each other: is the row the document, or what `detail` gives?"
            )
        if self.url_where and self.detail is not None:
            raise ValueError("url_where and detail exclude each other")
        if self.form is not None and self.body is not None:
            raise ValueError("form and body exclude each other")
        if (
            self.paging.send != "query"
            and {"form": self.body, "json": self.form}[self.paging.send] is not None
        ):
            raise ValueError(f"paging.send: {self.paging.send} does not go with what else is sent")
        return self


class JsonApi:
    """See the module."""

    name = "json_api"
    options = JsonApiOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """An answer that holds a list of objects with addresses; where they are is read off it. Feeds hold only the newest."""
        return described(text, url, _asking(url)) if not is_feed(text) else None

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The first page, as the options say it is asked for; before it the page that shows the list, where they name one."""
        options = JsonApiOptions.model_validate(catalogue.options)
        first = first_page(_sender(catalogue, options))
        if options.shown_on is None:
            return first
        visit = {"visit": True}
        return PageRequest(
            url=options.shown_on, chain=first.chain, state=visit, optional=True, otherwise=first
        )

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """The rows that the options point to, and the next page."""
        options = JsonApiOptions.model_validate(catalogue.options)
        if request.state.get("visit"):
            return ListPage(next=first_page(_sender(catalogue, options)))
        listing = Listing(
            rows=(options.rows,), shape=_shape(options),
            total=(options.total,) if options.total else (),
            last_page=(options.last_page,) if options.last_page else (),
        )  # fmt: skip
        try:
            value = read_json(body, content_type, url)
        except ListError:
            value = decode(body, content_type).text.strip()
            if request.page == 1 or not says_no_more(value):
                raise
        return list_page(value, url, request, listing, _sender(catalogue, options))


def described(
    text: str, url: str, asking: Mapping[str, Any], links: Sequence[Link] = (), page: str | None = None
) -> Recognition | None:
    """A JSON answer that holds a list of objects with addresses, as a catalogue at ``url``.

    ``asking``: options that say how it is asked for. ``links``: addresses that a page's script makes of rows, each with
    the keys that it needs, for rows that state none. ``page``: that which shows the rows, to which addresses in them are
    relative. None where no such list is in the answer.
    """
    try:
        value = read_json(text.encode(), "application/json; charset=utf-8", url)
    except ListError:
        return None
    lists = list(_lists(value, "", 0, links))
    if not lists:
        return None
    path, rows, address = max(lists, key=lambda found: len(found[1]))
    options: dict[str, Any] = {"rows": path, "url": address, **asking}
    if (paging := options.get("paging", {})).get("by") == "offset":
        options["paging"] = {**paging, "size": len(rows)}
    to_check = ["is every row a document of this catalogue?"]
    addresses, unknown = _addresses(rows, address, links, url)
    options |= addresses | columns(rows)
    if page is not None and urljoin(page, ".") != urljoin(url, ".") and _is_relative(rows[0], options["url"]):
        options["url"] = f"{urljoin(page, '.')}{{{options['url']}}}"
    to_check += unknown
    beside = [at for at, others, _ in lists if at != path and _is_more_of(others, rows)]
    to_check += [
        f"the answer holds more such rows at {at!r} (pinned ones?), which are not taken" for at in beside
    ]
    # Fewer are no rows, but pages.
    counts = (path for path, number in _totals(value, "", 0) if number >= len(rows))
    if (total := next(counts, None)) is not None:
        options["total"] = total
    if is_feed(text):
        to_check.append(
            "a feed holds the newest documents of a list only: does the site show the whole list on a page?"
        )
    elif "paging" not in options:
        to_check.append(
            "no parameter of the address looks like a page's number: give `paging`, if there are more pages"
        )
    return Recognition(
        confidence=_DOUBTED if beside else 0.65 if "paging" in options and total else 0.5,
        catalogues=(("list", None, url, options),),
        reasons=(f"a JSON answer with {len(rows)} rows at {path or 'its root'!r}",),
        to_check=tuple(to_check),
    )


def _asking(url: str) -> dict[str, Any]:
    """How an address says that its pages are asked for: by number, or by a count of rows to skip."""
    held = query_of(url)
    place = place_in(held)
    if place is not None and place[0] == "offset":
        return {"paging": {"by": "offset", "name": place[1]}}
    counts = [key for key in OFFSET_NAMES if held.get(key, "").isdecimal()]
    if place is None and counts and int(held[counts[0]]) > 1:  # start=30: of a further page
        return {"paging": {"by": "offset", "name": counts[0]}}
    names = [place[1]] if place is not None else page_names_in(held) or counts  # offset=1: of a page, perhaps
    if not names:
        return {}
    further = place is not None and place[2] > 1
    return {"paging": {"name": names[0], **({"first": 1} if further else {})}}


def asked(url: str, options: Mapping[str, Any]) -> PageRequest:
    """The request for the first page of a catalogue of which only is known how it is asked for."""
    given = JsonApiOptions.model_validate({"rows": "", "url": "url", **options})
    return first_page(_sender(Catalogue(key="list", url=url), given))


def _sender(catalogue: Catalogue, options: JsonApiOptions) -> Sender:
    return Sender(
        catalogue.url, options.paging, method=options.method, form=options.form, body=options.body,
        headers=options.headers,
    )  # fmt: skip


def _shape(options: JsonApiOptions) -> RowShape:
    return RowShape(
        url=options.detail or options.url,
        url_otherwise=options.url_otherwise,
        url_where=options.url_where,
        aliases=(options.url,) if options.detail else (),
        title=options.title,
        fields=options.fields,
        whole=options.whole,
    )


def _lists(
    value: Any, at: str, depth: int, links: Sequence[Link]
) -> Iterator[tuple[str, list[dict[str, Any]], str]]:
    """(path, rows, address) of the lists of objects that state an address, or a key that a link needs."""
    value = opened(value)
    if isinstance(value, dict) and len(value) > 2 and all(isinstance(row, dict) for row in value.values()):
        rows = list(value.values())  # {"17": {"title": …}, "18": {…}}
        address = _address(rows, links)
        if address is not None and all(set(row) == set(rows[0]) for row in rows):
            yield at, rows, address
            return
    if isinstance(value, dict) and (rows := _of_groups(value)):
        address = _address(rows, links)
        if address is not None:
            yield f"{at}.*" if at else "*", rows, address
            return
    if isinstance(value, list):
        rows = [row for item in value if (row := row_of(item)) is not None]
        address = _address(rows, links) if rows else None
        if address is not None:
            yield at, rows, address
            return
        for key in rows[0] if rows and depth < _DEEPEST else ():  # [{"name": "2031年", "articles": […]}, …]
            held = [group for row in rows if isinstance(group := opened(row.get(key)), list)]
            of_cells = held and all(map(row_of, held))  # {"id": "7", "cell": ["7", "关于…"]} of jqGrid
            inner: list[Any] = held if of_cells else [row for group in held for row in group]
            inner = inner or _wrapped(rows, key, links)
            yield from _lists(inner, f"{at}.{key}" if at else key, depth + 1, links)
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, item in value.items():
            yield from _lists(item, f"{at}.{key}" if at else key, depth + 1, links)


def _of_groups(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of lists that stand under what they have in common, ``{"2031": […], "2030": […]}``, ``{"财政局": […]}``; else none.

    Lists under words of the program (``top`` beside ``list``) are different things.
    """
    if not value or any(_OF_PROGRAM.fullmatch(key) for key in value):
        return []
    groups = [opened(held) for held in value.values()]
    rows = [row for group in groups if isinstance(group, list) for row in group]
    alike = all(isinstance(group, list) for group in groups) and all(isinstance(row, dict) for row in rows)
    return rows if alike and len({frozenset(row) for row in rows}) == 1 else []


def _is_more_of(others: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a second list of an answer has rows like those of the first that are not among them: {"top": […], "list": […]}."""
    return bool(others) and set(others[0]) == set(rows[0]) and any(row not in rows for row in others)


def _wrapped(rows: Sequence[Mapping[str, Any]], key: str, links: Sequence[Link]) -> list[dict[str, Any]]:
    """Rows of which each is held in an object: [{"data": {"title": …, "url": …}}, …]; none where what is held is of no row alone."""
    held = [value for row in rows if isinstance(value := opened(row.get(key)), dict)]
    if not held or len(held) < len(rows) or any(title_of(value) is None for value in held):
        return []
    paths = {address_path(value) for value in held}
    path = paths.pop() if len(paths) == 1 else None
    if path is None:
        return held if any(_tells_apart(link, held) for link in links) else []
    return held if len({str(first(value, path)) for value in held}) == len(held) else []


def _address(rows: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> str | None:
    """The path of a row's address, or what a page's script makes of its keys; the path also where it leads to nothing here.

    An address that is the same in all rows is that of something else, where the script makes one for each.
    """
    row = rows[0]
    path = address_path(dict(row))
    if path not in {link.address for link in links}:  # url of the interface, htmlUrl of the page
        path = address_read(rows, [link.address for link in links if link.keys == (link.address,)]) or path
    made = [link for link in links if link.keys and link.address != path and _is_of(row, link)]
    apart = next((link.address for link in made if _tells_apart(link, rows)), None)
    if path is not None and first(row, path) is not None:
        if apart is not None and len(rows) > 1 and len({str(first(one, path)) for one in rows}) == 1:
            return apart
        return next((link.address for link in links if _completes(link, path, row)), path)
    whole = next((link.address for link in links if not link.keys and _is_of(row, link)), path)
    return apart or next((link.address for link in made), whole)


def _tells_apart(link: Link, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a link gives each of some rows an address of its own: ``/info/{channel}.html`` is that of the channel."""
    held = [tuple(str(first(row, key)) for key in link.keys) for row in rows]
    return _is_of(rows[0], link) and len(set(held)) == len(held)


def _completes(link: Link, path: str, row: Mapping[str, Any]) -> bool:
    """Whether a page's script puts the address that a row states behind something: ``'/zwgk' + row.url``."""
    stated = first(row, path)
    if path not in link.keys or link.address == path or "?" in link.address or not isinstance(stated, str):
        return False
    before = link.address.partition(f"{{{path}}}")[0]
    if re.match(r"https?:|//", stated) or not before or (before.endswith("/") and stated.startswith("/")):
        return False
    return _is_of(row, link)


def _addresses(
    rows: Sequence[Mapping[str, Any]], address: str, links: Sequence[Link], url: str
) -> tuple[dict[str, str], list[str]]:
    """Options for rows of which some state an address and a script makes that of the others, and what to look at.

    o.linkUrl ? o.linkUrl : "/detail/" + o.id + ".html"
    """
    made = address
    stated = next((path for row in rows if (path := address_path(dict(row)))), "")  # "" in the first row
    stated = stated or _read_and_empty(rows, links)
    is_read = (
        f"{{{stated}}}" not in address and stated != address and any(link.address == stated for link in links)
    )
    if is_read:
        address = stated
    lacking = [row for row in rows if row_address(row, address, url) is None]
    likeliest = sorted(links, key=lambda link: link.address != made)
    fitting = (link.address for link in likeliest if lacking and _gives_all(lacking, link, address, url))
    if (other := next(fitting, None)) is not None:
        return {"url": address, "url_otherwise": other}, []
    if len(lacking) == len(rows):
        return {"url": made}, []
    if 0 < len(lacking) < len(rows):
        return {"url": address}, [
            f"{len(lacking)} of {len(rows)} rows have no address at {address!r}: give `url_otherwise`"
        ]
    return {"url": address}, []


def _read_and_empty(rows: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> str:
    """The key of an address that a script reads and that is empty in all of some rows: rows of further pages may lead elsewhere.

    "" where there is none, or several.
    """
    read = dict.fromkeys(link.address for link in links if link.keys in ((), (link.address,)))
    empty = [key for key in read if names_address(key) and all(row.get(key, 0) in ("", None) for row in rows)]
    return empty[0] if len(empty) == 1 else ""


def _gives_all(rows: Sequence[Mapping[str, Any]], link: Link, address: str, url: str) -> bool:
    """Whether a link gives an address of its own to each of some rows."""
    made = {row_address(row, link.address, url) for row in rows if _is_of(row, link)}
    return link.address != address and len(made - {None}) == len(rows)


def _is_of(row: Mapping[str, Any], link: Link) -> bool:
    """Whether a row has what a link is made of; one that begins with a value is an address of the site by that."""
    if not link.address.startswith("{"):
        return bool(link.keys) and all(first(row, key) is not None for key in link.keys)
    address = row_address(row, link.address, "http://site.example/")
    held = [first(row, key) for key in link.keys]
    begun = next((str(value) for value in held if value is not None), "")
    return address is not None and held[-1] is not None and re.match(r"(?:https?:/)?/", begun) is not None


def _is_relative(row: Mapping[str, Any], address: str) -> bool:
    """Whether the address that a row states is a path from where it is shown: ``./202603/t1.html``."""
    stated = first(row, address) if "{" not in address else None
    return isinstance(stated, str) and re.match(r"(?:\.{1,2}/)*[\w-][\w./-]*$", stated.strip()) is not None


def _totals(value: Any, at: str, depth: int) -> Iterator[tuple[str, int]]:
    """(path, number) of what may be the number of all rows."""
    value = opened(value)
    if not isinstance(value, dict) or depth >= _DEEPEST:
        return
    for key, item in value.items():
        path = f"{at}.{key}" if at else key
        if key.lower() in TOTAL_KEYS and str(item).isdecimal() and not isinstance(item, bool):
            yield path, int(item)
        yield from _totals(item, path, depth + 1)


PLATFORM = JsonApi()
