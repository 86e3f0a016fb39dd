"""Addresses that scripts give the frames of a page: ``document.getElementById("list").src = "/was5/web/search?fl=" + fl``. Pure.

Also those of pieces of pages that they load into an element: ``$("#list").load("/opennessTarget/?column_code=190130")``.

No script is run: a frame whose address cannot be told from the page has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.extract.links import absolute
from crawler.outcomes import same_host
from crawler.paging import query_of
from crawler.scripts.objects import names_in, place_in, value_of
from crawler.scripts.plain import plain_scripts
from crawler.scripts.scan import arguments, statement
from crawler.scripts.trees import READ_OF_NODE, is_handed, trees

_NAME = r"[\"']#?(?P<{0}>[\w-]{{1,60}})[\"']"
# getElementById("list").src = … · $("#list").attr("src", … · frames["list"].location.href = … · document.list.location = …
_GIVEN = re.compile(
    rf"(?:getElementById\(\s*{_NAME.format('by_id')}\s*\)|\$\(\s*{_NAME.format('by_selector')}\s*\)"
    rf"|\bframes\s*\[\s*{_NAME.format('by_name')}\s*\]|\bdocument\s*\.\s*(?P<member>\w{{1,60}}))\s*\.\s*"
    r"(?:src\s*=(?!=)|(?:attr|prop)\(\s*[\"']src[\"']\s*,|location(?:\s*\.\s*href)?\s*=(?!=))"
)
# $("#list").load("/opennessTarget/?branch_id=57&column_code=190130")
_LOADED = re.compile(r"\$\(\s*[\"'][#.][\w-]{1,60}[\"']\s*\)\s*\.\s*load\(\s*(?=[\"'`\w])")
_FURNITURE = re.compile(
    r"(?:head(?:er)?|foot(?:er)?|top|bottom|nav|menu|left|banner|search|share|common|public)\w{0,10}\.\w{2,5}(?:$|\?)",
    re.I,
)
_ROOT = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]{0,40}")
_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_MOST = 20  # of one script


def frames_given(text: str, root: etree._Element, url: str) -> list[str]:
    """The addresses on the page's host that its scripts give its frames."""
    given = list(_given(text, root, url))
    names = names_in(plain_scripts(text, url), url) if given else {}
    values = (value_of(expression, names) for _, _, expression in given)
    addresses = (absolute(url, value) for value in values if isinstance(value, str))
    return list(dict.fromkeys(a for a in addresses if a is not None and same_host(url, a)))


def opened_by_nodes(text: str, root: etree._Element, url: str) -> list[tuple[str, str]]:
    """(name, address) of what a click on each node of a tree puts into a frame of a page: ``"/list.do?id=" + node.id``."""
    found = dict[str, str]()
    for script, position, expression in _given(text, root, url):
        handed = (r for r in READ_OF_NODE.finditer(expression) if is_handed(script, position, r["node"]))
        if (read := next(handed, None)) is None:
            continue
        names = names_in(plain_scripts(text, url), url)
        for tree in trees(text, read["key"]):
            for node, name in tree.names.items():
                value = value_of(expression, {**names, read.group(): node})
                address = absolute(url, value) if isinstance(value, str) else None
                if address is not None and same_host(url, address):
                    found.setdefault(address, name)
    return [(name, address) for address, name in found.items()]


def are_chosen(text: str, root: etree._Element, url: str) -> bool:
    """Whether a click chooses what a frame of a page shows, by a value that its function is handed: one list of several."""
    return any(
        is_handed(script, position, read.group())
        for script, position, expression in _given(text, root, url)
        for read in _ROOT.finditer(_STRINGS.sub('""', expression))
    )


def _given(text: str, root: etree._Element, url: str) -> Iterator[tuple[str, int, str]]:
    """(script, position, expression) of each address that scripts give a frame of a page."""
    named = {frame.get(key) for frame in root.iter("iframe", "frame") for key in ("id", "name")} - {None}
    for script in plain_scripts(text, url) if named else ():
        for given in islice(_GIVEN.finditer(script), _MOST):
            name = given["by_id"] or given["by_selector"] or given["by_name"] or given["member"]
            if name in named:
                yield script, given.start(), statement(script, given.end())


def pieces_loaded(text: str, url: str) -> list[str]:
    """The pieces of pages on the page's host that its scripts put into it, without those that stand around every page.

    What is asked for by a page's number is a list request, see :mod:`crawler.scripts.requests`.
    """
    if _LOADED.search(text) is None:
        return []
    scripts = plain_scripts(text, url)
    names = names_in(scripts, url)
    found = list[str]()
    for script in scripts:
        for loaded in islice(_LOADED.finditer(script), _MOST):
            given = next(arguments(script, loaded.end()), "")
            value, second = value_of(given, names), value_of(given, names, 2)
            if not isinstance(value, str) or value != second or place_in(query_of(value)) is not None:
                continue
            address = absolute(url, value.partition(" ")[0])
            if address is not None and same_host(url, address) and not _FURNITURE.search(address):
                found.append(address)
    return list(dict.fromkeys(found))
