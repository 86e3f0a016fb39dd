"""gkmlpt (政府信息公开目录管理平台), the disclosure platform of Guangdong's governments.

``/gkmlpt/index`` holds ``window._CONFIG = {SID: '755041', TREE: […]}``; every node of TREE without ``jump_url``
is a catalogue, listed by ``/gkmlpt/api/all/{id}?page=N&sid={SID}`` in pages of mostly 100 rows, of which pages 0 and 1
are identical. A post has two addresses, ``url`` (/gkmlpt/content/…) and ``post_url``. An office that is a guest on the host of
its city has a directory before all of them, ``/zqhjj/gkmlpt/index``, and with it a tree of its own.

Options of a catalogue: ``id`` (one node with all below it; default: the whole tree).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from crawler.extract.characters.charset import decode
from crawler.extract.links import absolute
from crawler.platforms.base import ListError, ListPage, ListRow, Options, PageRequest, Recognition, row_hash
from crawler.sites import Catalogue, Site

_CONFIG = re.compile(r"window\s*\.\s*_CONFIG\s*=\s*")
# Keys that carry what a document is; the others are counters, caches and flags of the platform.
_STABLE = (
    "id", "title", "document_number", "identifier", "publisher", "keywords", "date", "display_publish_time",
    "abstract", "is_expired", "is_abolished", "classify_main_name", "classify_genre_name", "classify_theme_name",
    "source", "url", "post_url", "attachment",
)  # fmt: skip


_DEEPEST = 12  # levels of a tree
_HOME = re.compile(r"(?:/[\w.-]+)*?/gkmlpt(?=/|$)")


class GkmlptOptions(Options):
    """Which part of the tree is the catalogue."""

    id: int | str | None = Field(
        default=None,
        description="Number of one node of the catalogue tree, with all below it; without it, every node",
    )


class Gkmlpt:
    """See the module."""

    name = "gkmlpt"
    options = GkmlptOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """``window._CONFIG`` with a SID, or an address under /gkmlpt/."""
        try:
            config = read_config(text)
        except ListError:
            config = {}
        has_sid = config.get("SID") is not None
        if not has_sid and not _HOME.match(urlsplit(url).path):
            return None
        reason = "window._CONFIG has a SID" if has_sid else "the address lies under /gkmlpt/"
        index = urljoin(url, f"{_home(url)}index")
        named = _named(config.get("TREE"), urlsplit(url).fragment)
        return Recognition(
            confidence=0.98 if has_sid else 0.6,
            catalogues=tuple((f"id{node}", name, index, {"id": int(node)}) for node, name in named)
            or (("gkmlpt", "信息公开目录", index, {}),),
            reasons=(reason, *((f"its tree names {len(named)} catalogues",) if named else ())),
            to_check=("one catalogue without options takes the whole tree, and what is added to it later",)
            if named
            else (),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The index page, which holds the site's id."""
        return PageRequest(url=urljoin(catalogue.url, f"{_home(catalogue.url)}index"), chain="index")

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """The index gives one chain per catalogue node; an API page gives rows."""
        text = decode(body, content_type).text
        if request.chain == "index":
            return self._index(text, url, catalogue)
        answer = _answer(text, url)
        articles = answer["articles"]
        rows = tuple(row for article in articles if (row := _row(article, url)) is not None)
        # How many rows make a page is the site's setting: 100 on most, 20 on some. What counts is the total.
        seen = int(request.state.get("seen", 0)) + len(articles)
        size = int(request.state.get("size", 0)) or len(articles)
        total = _total(answer, len(articles))
        following = None
        if articles and (rows if total is None else seen < total):
            state = {"sid": str(request.state["sid"]), "seen": seen, "size": size}
            following = _api_page(url, request.chain, request.page + 1, state)
        return ListPage(
            rows=rows, next=following, last_page=-(-total // size) if total is not None and size else None,
            total=total, shown=len(articles), end_unmarked=total is None,
        )  # fmt: skip

    def _index(self, text: str, url: str, catalogue: Catalogue) -> ListPage:
        config = read_config(text)
        sid = config.get("SID")
        if sid is None:
            raise ListError(f"{url}: window._CONFIG has no SID; is the platform really gkmlpt?")
        wanted = GkmlptOptions.model_validate(catalogue.options).id
        tree = config.get("TREE") or []
        if wanted is not None:
            node = _node(tree, str(wanted))
            tree = [node] if node is not None else [{"id": wanted}]
        nodes = list(dict.fromkeys(_leaves(tree)))
        if not nodes:
            raise ListError(f"{url}: window._CONFIG.TREE names no catalogue; give `options: {{id: …}}`")
        return ListPage(branches=tuple(_api_page(url, node, 1, {"sid": str(sid)}) for node in nodes))


def _home(url: str) -> str:
    """The path under which the platform lies at an address, ``/gkmlpt/`` where the address does not say."""
    home = _HOME.match(urlsplit(url).path)
    return f"{home[0]}/" if home is not None else "/gkmlpt/"


def read_config(text: str) -> dict[str, Any]:
    """``window._CONFIG`` of a page: JSON, or the object literal with bare keys and single quotes that gkmlpt writes.

    Raises ListError when there is none.
    """
    start = _CONFIG.search(text)
    if start is None:
        raise ListError("the page has no window._CONFIG; is the platform really gkmlpt?")
    literal = text[start.end() :]
    for candidate in (literal, _as_json(literal)):
        try:
            value, _ = json.JSONDecoder().raw_decode(candidate.lstrip())
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
    raise ListError("window._CONFIG is no object that can be read")


_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<comma>,(?=(?:\s|//[^\n]*|/\*(?:(?!\*/).)*\*/)*[}\]]))"""
    r"""|(?P<key>[A-Za-z_$][\w$]*)(?=\s*:)|(?P<word>\bundefined\b)""",
    re.DOTALL,
)


def _as_json(literal: str) -> str:
    def token(match: re.Match[str]) -> str:
        if text := match["string"]:
            inner = text[1:-1]
            if text[0] == "'":
                inner = inner.replace("\\'", "'").replace('"', '\\"')
            return f'"{inner}"'
        if key := match["key"]:
            return f'"{key}"'
        return "null" if match["word"] else ""

    return _TOKEN.sub(token, literal)


def _leaves(nodes: object, depth: int = 0) -> Iterator[str]:
    if not isinstance(nodes, list) or depth > _DEEPEST:
        return
    for node in nodes:
        if not isinstance(node, Mapping) or node.get("jump_url"):
            continue
        children = node.get("children") or node.get("child")
        if children:
            yield from _leaves(children, depth + 1)
        elif node.get("id") is not None:
            yield str(node["id"])


def _named(tree: object, fragment: str) -> list[tuple[str, str | None]]:
    """(id, Chinese name) of the node that ``/gkmlpt/index#id`` shows, else of the tree's uppermost; none of a single one."""
    chosen = _node(tree, fragment) if fragment.isdecimal() else None
    nodes = [chosen] if chosen is not None else tree if isinstance(tree, list) else []
    found = [
        (str(node["id"]), str(node.get("name") or node.get("title") or "") or None)
        for node in nodes
        if isinstance(node, Mapping) and str(node.get("id")).isdecimal() and next(_leaves([node]), None)
    ]
    return found if len(found) > 1 or chosen is not None else []


def _node(nodes: object, wanted: str, depth: int = 0) -> Mapping[str, Any] | None:
    """The node of a tree with this id."""
    if not isinstance(nodes, list) or depth > _DEEPEST:
        return None
    for node in nodes:
        if isinstance(node, Mapping):
            if str(node.get("id")) == wanted:
                return node
            below = _node(node.get("children") or node.get("child"), wanted, depth + 1)
            if below is not None:
                return below
    return None


def _answer(text: str, url: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise ListError(f"{url}: expected JSON with `articles`, as gkmlpt answers") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("articles"), list):
        raise ListError(f"{url}: expected JSON with a list of `articles`, as gkmlpt answers")
    return answer


def _api_page(base: str, node: str, page: int, state: Mapping[str, Any]) -> PageRequest:
    """``state``: the site's id, the rows seen so far in this chain, and how many its first page had."""
    url = urljoin(base, f"{_home(base)}api/all/{node}?page={page}&sid={state['sid']}")
    return PageRequest(url=url, chain=node, page=page, state=state)


def _total(answer: Mapping[str, Any], shown: int) -> int | None:
    """Rows of the whole catalogue; None where the answer does not say, or says fewer than it shows."""
    classify = answer.get("classify")
    for value in (answer.get("total"), classify.get("post_count") if isinstance(classify, dict) else None):
        if str(value).isdecimal() and int(str(value)) >= shown:
            return int(str(value))
    return None


def _row(article: object, base: str) -> ListRow | None:
    if not isinstance(article, Mapping):
        return None
    own, post = (absolute(base, str(article.get(key) or "")) for key in ("url", "post_url"))
    address = own or post
    if address is None:
        return None
    record = {key: article[key] for key in _STABLE if article.get(key) not in (None, "")}
    aliases = (post,) if post and post != address else ()
    title = str(article.get("title") or "") or None
    return ListRow(url=address, title=title, record=record, aliases=aliases, row_hash=row_hash(record))


PLATFORM = Gkmlpt()
