"""Lists that a page's own script asks for, and what the answers look like: for ``sites add``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crawler.extract.links import absolute, base_of
from crawler.json_paths import rows_at
from crawler.lists.records import read_json
from crawler.lists.row_dates import DATE
from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.lists.shown_in_parts import cuts_into_pages
from crawler.lists.wrapped import unwrapped
from crawler.outcomes import same_host
from crawler.paging import with_query
from crawler.platforms import json_api
from crawler.platforms.base import BY_SCRIPT, ListError, ListRow, PageRequest, Recognition
from crawler.scripts.cursors import Cursor, path_in
from crawler.scripts.list_request import ListRequest
from crawler.scripts.requests import data_files, list_requests, other_requests
from crawler.scripts.set_later import set_later
from crawler.scripts.tabs import tabs
from crawler.scripts.trees import draws_tree, nodes_answered, nodes_asked, nodes_in
from crawler.survey.asking import Asker
from crawler.survey.findings import DOUBTED, SURE, Page
from crawler.survey.row_links import RowLinks
from crawler.survey.script_files import imports_of, script_files

_MOST_ASKED = 3  # requests of a page that are tried
_MOST_TREES = 2  # addresses that may give the nodes of a tree
_DATA_SOURCE = re.compile(r"datasource:([0-9a-f]{32})")
_SOURCE_NAMED = 0.65
_FIRST_OF_FILES = re.compile(r"(?<!\d)([01])\.\w{2,5}(?:\?[^/]*)?$")
_WHOLE_FILE = ("is the whole catalogue in the one file, or only the newest of it?",)
_SET_LATER = "what it sends as {!r} is set anew by the page's script when something is clicked or chosen: are there other lists?"
_OF_A_SPAN = "what it sends as {!r} bounds the list to {!r}: are there documents beyond?"
_YEAR_NAME = re.compile(r"year|^nd$|niandu|^nf$", re.IGNORECASE)
_FEWEST_ROWS = 3  # dated ones, to take a piece of HTML for a list
_MOST_SCRIPTS = 2  # files of scripts that are looked at
_MOST_IMPORTS = 3  # modules that they import


def loaded_lists(page: Page, asker: Asker) -> Iterator[tuple[str, Recognition]]:
    """The lists of a page that shows none itself, each asked for as its script does; the first is the likeliest.

    With the platform that reads the answers: json_api, or label_table where they are rows of HTML. Scripts in files of
    their own are looked at where the page's code asks for nothing that is answered, the last ones first: what is a page's own
    stands behind the libraries.
    """
    yield from _of_sources(page, asker)
    base = base_of(page.root, page.url) if page.root is not None else page.url
    shown = list(rows_in(page.root, page.url, RowOptions())) if page.root is not None else []
    text, loaded = _with_nodes(page, base, asker), list[Page]()
    opened, requests, links, found = _asked_by(text, page, base, shown, asker)
    wanted = not found and (requests or not data_files(text, base))
    for file in _script_files(page, asker, shared=bool(requests)) if wanted else ():
        loaded.append(file)
        text += f"<script>{file.text}</script>"
        opened, requests, links, found = _asked_by(text, page, base, shown, asker)
        if found:
            break
    for request, more, platform, seen in found:
        beside = _of_tabs(opened, requests.index(request), more, seen, asker, links, base)
        named = replace(seen, catalogues=beside or seen.catalogues)
        asked_anew = [_SET_LATER.format(name) for name in set_later(request.sent, text)]
        spans = [
            _OF_A_SPAN.format(name, value) for name, value in request.sent.items() if _is_span(name, value)
        ]
        looks = [] if beside else [*asked_anew, *spans]
        yield platform, _doubted(named, looks[0]) if looks else named
    files = [file for file in data_files(text, base) if same_host(page.url, file)][:_MOST_ASKED]
    for file in (*loaded, *filter(None, (asker.page(PageRequest(url=address)) for address in files))):
        held = links.described(file.text, file.url, {})
        if held is not None and _is_dated(file, held):
            whole = not requests and cuts_into_pages(text)
            yield "json_api", _numbered(file, held, asker) or _as_file(held, whole=whole)


def _with_nodes(page: Page, base: str, asker: Asker) -> str:
    """The text of a page with the nodes of the tree for which its scripts ask, as if they held them: each may open a list."""
    if not draws_tree(page.text) or any(nodes_in(page.text)):
        return page.text
    asked = [a for one in nodes_asked(page.text) if (a := absolute(base, one)) is not None]
    asked += [address for address in other_requests(page.text, base) if address not in asked]
    for address in [one for one in asked if same_host(page.url, one)][:_MOST_TREES]:
        answer = asker.page(PageRequest(url=address))
        try:
            value = read_json(answer.body, answer.content_type, answer.url) if answer is not None else None
        except ListError:
            continue
        if nodes := nodes_answered(value):
            return f"{page.text}<script>var nodesAnswered = {json.dumps(nodes)};</script>"
    return page.text


def _asked_by(
    text: str, page: Page, base: str, shown: list[ListRow], asker: Asker
) -> tuple[
    list[tuple[str, str]],
    list[ListRequest],
    RowLinks,
    list[tuple[ListRequest, dict[str, Any], str, Recognition]],
]:
    """What a page with ``text``, its files of scripts included, asks for: its tabs, its requests, what makes the addresses of
    rows, and the requests that are answered with a list."""
    opened = tabs(text, page.root)
    first = opened[0][1] if opened else text
    requests, links = list_requests(first, base), RowLinks(first, base, shown)
    asked = [r for r in requests if same_host(page.url, r.url)][:_MOST_ASKED]
    return opened, requests, links, list(_of_requests(asked, page, asker, links))


def _script_files(page: Page, asker: Asker, *, shared: bool) -> Iterator[Page]:
    """The files of scripts that may be a page's own, each before the modules that it imports.

    ``shared``: also those that all pages of the site have.
    """
    waiting = script_files(page, of_the_site=shared)[:_MOST_SCRIPTS]
    imported, seen = 0, set[str]()
    while waiting:
        address = waiting.pop(0)
        file = asker.page(PageRequest(url=address)) if address not in seen else None
        seen.add(address)
        if file is not None:
            yield file
            modules = imports_of(file)[: _MOST_IMPORTS - imported]
            imported += len(modules)
            waiting = [*modules, *waiting]


def _doubted(seen: Recognition, look: str) -> Recognition:
    """A list that may be one of several, or a part of one."""
    return replace(seen, confidence=min(seen.confidence, DOUBTED), to_check=(*seen.to_check, look))


def _is_span(name: str, value: object) -> bool:
    """Whether what is sent bounds a list by days, or to a year: ``begin=2031-06-01``, ``year=2031``."""
    return isinstance(value, str | int) and (
        DATE.fullmatch(str(value)) is not None
        or (_YEAR_NAME.search(name) is not None and re.fullmatch(r"(?:19|20)\d{2}", str(value)) is not None)
    )


def _of_requests(
    asked: list[ListRequest], page: Page, asker: Asker, links: RowLinks
) -> Iterator[tuple[ListRequest, dict[str, Any], str, Recognition]]:
    """Each request whose answer holds a list, with further options, the platform that reads it and what that sees."""
    for place, request in enumerate(asked):
        for way, more in _ways(request, page, likeliest=not place):
            found = _answered(way, more, asker, links)
            if found is not None:
                yield request, more, *found
                break


def _of_tabs(
    opened: list[tuple[str, str]],
    place: int,
    more: dict[str, Any],
    shown: Recognition,
    asker: Asker,
    links: RowLinks,
    base: str,
) -> tuple[tuple[str, str | None, str, Mapping[str, Any]], ...]:
    """The lists that a page opens by clicks on tabs, as the requests at the same place among those of each tell.

    One whose answer holds no rows today is read as that is which the page shows.
    """
    found, sent = [], list[ListRequest]()
    for words, variant in opened:
        asked = list_requests(variant, base)
        if place >= len(asked):
            continue
        if asked[place] in sent:
            return ()  # what is chosen there is nothing of this list
        sent.append(asked[place])
        answer = _answered(asked[place], more, asker, links)
        key, _, url, options = (answer[1] if answer is not None else shown).catalogues[0]
        if answer is None:
            url, options = asked[place].url, {**options, **asked[place].options, **more}
        found.append((key, words, url, options))
    return tuple(found)


def foreign_requests(page: Page) -> list[str]:
    """What a page's script asks another site for, which is asked for nothing."""
    base = base_of(page.root, page.url) if page.root is not None else page.url
    return [one.url for one in list_requests(page.text, base) if not same_host(page.url, one.url)]


def _ways(
    request: ListRequest, page: Page, *, likeliest: bool
) -> Iterator[tuple[ListRequest, dict[str, Any]]]:
    """The request as it is, then as sites want it that answer nothing else: with further options.

    A number that a script gives as 0 may be counted up before it is sent; an answer in the call of a function, one to
    scripts of the site only.
    """
    visited = {"shown_on": page.url} if sets_cookies(page) else {}
    yield request, visited
    if request.first == 0:
        yield replace(request, first=1), visited
    if request.callback is not None:
        yield replace(request, url=with_query(request.url, request.callback, "callback")), visited
    if likeliest:
        yield request, {**visited, "headers": dict(BY_SCRIPT)}
        yield request, {**visited, "headers": {**BY_SCRIPT, "Referer": page.url}}


def sets_cookies(page: Page) -> bool:
    """Whether a page gives its visitors a cookie, which what its script asks for may want."""
    headers = page.fetch.capture.headers if page.fetch.capture is not None else ()
    return any(name.lower() == "set-cookie" for name, _ in headers)


def _answered(
    request: ListRequest, more: dict[str, Any], asker: Asker, links: RowLinks
) -> tuple[str, Recognition] | None:
    """What the answer to a request is: JSON, or JSON in the call of a function, or rows of HTML."""
    options = {**request.options, **more}
    answer = asker.page(json_api.asked(request.url, options))
    if answer is None:
        return None
    seen = links.described(answer.text, request.url, options)
    if seen is not None and request.cursor is not None:
        seen = _leading_on(answer, request.cursor, seen)
    if seen is not None:
        return "json_api", seen
    return _rows_of_html(answer, request) if "headers" not in more and request.cursor is None else None


def _leading_on(answer: Page, cursor: Cursor, seen: Recognition) -> Recognition | None:
    """The list with the path of what its answer tells for the next one; None where it tells nothing."""
    key, name, url, options = seen.catalogues[0]
    value = read_json(answer.body, answer.content_type, answer.url)
    path = path_in(value, cursor, options["rows"])
    if path is None:
        return None
    options = {**options, "paging": {**options["paging"], "cursor": path}}
    return replace(seen, catalogues=((key, name, url, options),))


def _of_sources(page: Page, asker: Asker) -> Iterator[tuple[str, Recognition]]:
    """The lists in the files that elements of the page name."""
    for address in _data_sources(page):
        held = asker.page(PageRequest(url=address))
        seen = json_api.described(held.text, address, {}) if held is not None and held.root is None else None
        if seen is not None:
            yield "json_api", replace(seen, confidence=_SOURCE_NAMED, to_check=_WHOLE_FILE)


def _is_dated(file: Page, seen: Recognition) -> bool:
    """Whether most rows of a file show a day: those of menus, links and pictures, which scripts load as well, show none."""
    path = seen.catalogues[0][3]["rows"]
    rows = [row for _, row in rows_at(read_json(file.body, file.content_type, file.url), path)]
    dated = sum(any(DATE.search(str(value)) for value in row.values()) for row in rows)
    return dated >= _FEWEST_ROWS and dated * 2 > len(rows)


def _as_file(seen: Recognition, *, whole: bool) -> Recognition:
    """The list that a file holds. ``whole``: the page's script cuts it into pages, and asks for nothing else."""
    if not whole:
        return replace(seen, to_check=_WHOLE_FILE)
    return replace(seen, confidence=SURE, reasons=(*seen.reasons, "its script shows the file page by page"))


def _numbered(file: Page, seen: Recognition, asker: Asker) -> Recognition | None:
    """The list of which a file is the first of several: list0.json, list1.json … Its script counts them in a variable of any name."""
    number = _FIRST_OF_FILES.search(file.url)
    if number is None:
        return None
    before, first, behind = file.url[: number.start(1)], int(number[1]), file.url[number.end(1) :]
    key, name, url, options = seen.catalogues[0]
    beside = asker.page(PageRequest(url=f"{before}{first + 1}{behind}"))
    if beside is None or beside.root is not None or not _is_dated(beside, seen):
        return None
    pattern = f"{before.rpartition('/')[2]}{{n}}{behind}"
    options = {**options, "paging": {"pattern": pattern, "first": first}}
    return replace(seen, catalogues=((key, name, url, options),))


def _data_sources(page: Page) -> list[str]:
    """Files of rows that elements of the page name: ``<ul data="datasource:40d3…" preview="ds_">`` for ds_40d3….json."""
    named = page.root.iterfind(".//*[@data]") if page.root is not None else ()
    found = [(element, _DATA_SOURCE.fullmatch(element.get("data") or "")) for element in named]
    files = [f"{element.get('preview') or 'ds_'}{source[1]}.json" for element, source in found if source]
    return list(dict.fromkeys(a for file in files if (a := absolute(page.url, file))))[:_MOST_ASKED]


def _rows_of_html(answer: Page, request: ListRequest) -> tuple[str, Recognition] | None:
    """An answer that is the rows of a list as a piece of HTML, and the platform that reads pieces that are asked for so.

    None for whole pages, and for what has no dated rows.
    """
    root = answer.root if answer.root is not None else parse_html(unwrapped(answer.text))
    by_path = request.pattern is not None
    unread = request.send == "json" or (by_path and (request.send == "form" or answer.root is None))
    if root is None or unread or root.find(".//title") is not None:
        return None
    rows = list(rows_in(root, answer.url, RowOptions()))
    dated = sum(row.day is not None for row in rows)
    if dated < _FEWEST_ROWS or dated * 2 < len(rows):
        return None
    paging: dict[str, Any] = {"name": request.page_name, "send": request.send, "first": request.first}
    if request.by == "offset":
        paging = {"by": "offset", "name": request.page_name, "send": request.send, "size": len(rows)}
    options = {"paging": paging, **({"form": dict(request.form)} if request.form is not None else {})}
    if by_path:
        options = {"pages": {"pattern": request.pattern, "first": request.first + 1}}
    return "static_list" if by_path else "label_table", Recognition(
        confidence=0.65,
        catalogues=(("list", None, request.url, options),),
        reasons=(f"the page's script loads {len(rows)} rows of links as HTML, {dated} of them dated",),
        to_check=("is every row a document of this catalogue?",),
    )
