"""Trees of offices and columns: the nodes that the scripts of a page hold, and what a click on one hands over. Never run. Pure.

var zNodes = [{id: "0701", pId: "07", name: "财政局"}, …];
onClick: function (e, tree, node) { dept = node.id; load(1); }  ·  $("#main").attr("src", "/list.do?id=" + node.id)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from crawler.json_paths import opened
from crawler.scripts.data import values_in
from crawler.scripts.values import STRING
from crawler.scripts.written import unquoted

NODE_NAMES = ("name", "text", "title", "label")
_BELOW = ("children", "nodes", "childs", "list")
# node.id, obj.data.id, data.node.original.code
READ_OF_NODE = re.compile(
    r"(?<![\w$.])(?P<node>[A-Za-z_$][\w$]{0,20})(?:\.(?:data|node|original)){0,2}\.(?P<key>[A-Za-z_]\w{0,20})(?![\w$(])"
)
_DRAWN = re.compile(r"ztree|jstree|treeview|\bel-tree\b|\btree\s*\.\s*render\b|\.\s*tree\s*\(", re.IGNORECASE)
# async: {enable: true, url: "/tree"} of zTree · core: {data: {url: "/tree"}} of jsTree · $("#tree").tree({url: "/tree"})
_NODES_ASKED = re.compile(
    rf"(?:\b(?:async|data)\s*:|\.\s*tree\s*\()\s*\{{[^{{}}]{{0,300}}?\burl[\"']?\s*:\s*({STRING})"
)
_MOST_ASKED = 3  # addresses of nodes in one page
_FUNCTION_BEFORE = 300  # characters in which the function begins that is handed a node
_DEEPEST = 6
_MOST = 40  # lists of one tree


class Tree(NamedTuple):
    """The nodes of one tree: value of a key → name, in their order."""

    key: str
    names: Mapping[str, str]


def nodes_in(text: str) -> Iterator[list[dict[str, Any]]]:
    """The nodes of each tree that the scripts in a page hold, those beneath others included."""
    for value in values_in(text):
        if isinstance(value, list) and (found := list(_flat(value, 0))):
            yield found


def keys_of_nodes(text: str) -> set[str]:
    """What the nodes of trees in a page have values under."""
    return {key for nodes in nodes_in(text) for node in nodes for key in node}


def name_of(node: Mapping[str, Any]) -> str:
    """What a node is called; nothing where it is called nothing."""
    return next((" ".join(node[key].split()) for key in NODE_NAMES if isinstance(node.get(key), str)), "")


def trees(text: str, key: str) -> Iterator[Tree]:
    """The trees of which each node has a name and a value of its own under a key."""
    for nodes in nodes_in(text):
        told = {str(node[key]): name_of(node) for node in nodes if isinstance(node.get(key), str | int)}
        if 1 < len(told) == len(nodes) <= _MOST and all(told.values()):
            yield Tree(key, told)


def draws_tree(text: str) -> bool:
    """Whether scripts in a page draw a tree."""
    return _DRAWN.search(text) is not None


def nodes_asked(text: str) -> list[str]:
    """The addresses that trees in a page are given to ask for their nodes."""
    found = (unquoted(one[1]) for one in islice(_NODES_ASKED.finditer(text), _MOST_ASKED))
    return list(dict.fromkeys(found))


def nodes_answered(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The nodes of the first tree in an answer; none where each node does not have a name."""
    value = opened(value)
    if isinstance(value, list):
        rows = [node for node in value if isinstance(node, dict) and name_of(node)]
        return rows if rows and len(rows) == len(value) else []
    inner = value.values() if isinstance(value, dict) and depth < _DEEPEST else ()
    return next((found for one in inner if (found := nodes_answered(one, depth + 1))), [])


def is_handed(text: str, position: int, name: str) -> bool:
    """Whether a name is a parameter of the function in which a position of a script stands."""
    before = text[max(0, position - _FUNCTION_BEFORE) : position]
    handed = rf"\([^()]{{0,80}}(?<![\w$.]){re.escape(name)}(?![\w$.])[^()]{{0,80}}\)\s*(?:=>\s*)?\{{"
    return re.search(handed, before) is not None


def _flat(values: list[Any], depth: int) -> Iterator[dict[str, Any]]:
    for node in values:
        if isinstance(node, dict) and name_of(node):
            yield node
            for key in _BELOW if depth < _DEEPEST else ():
                if isinstance(inner := node.get(key), list):
                    yield from _flat(inner, depth + 1)
