"""The Datasette plugin: pages for people on top of the archive. Imports only :mod:`archive`."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from archive import search
from archive.browse import listing, pages
from archive.browse.headers import with_security_headers
from archive.browse.spreadsheets import fit_for_spreadsheets
from archive.browse.visible import visible
from archive.storage import texts
from archive.words import STATUS_WORDS

DATABASE = "archive"
DESCRIPTION = (
    "存档的全部数据表；各表的说明见其页面，时间为 UTC。"
    " All tables of the archive; the page of each says what it holds. Times in them are UTC."
)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Filters of the templates, and what becomes of every value that they put out, on Datasette's own pages too."""
    env.filters.update(pages.FILTERS)
    env.finalize = visible


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """The function behind the search index, and a search box that finds Chinese words.

    Datasette registers its own escape_fts first; this one replaces it, so that a word becomes a phrase of
    characters. Only archives served with this plugin get it.
    """
    search.register(conn)
    conn.create_function("escape_fts", 1, search.escape_fts)


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Any
) -> Markup | Awaitable[str | None] | None:
    """In Datasette's tables a title leads to the page of its document, in versions to that version.

    Texts of superseded versions are stored as deltas, and shown as what they are.
    """
    if database == DATABASE and table == "bodies" and column == "text" and value is None:
        return _packed_text(datasette, row)
    if database != DATABASE or column != "title" or table not in ("documents", "versions") or not value:
        return None
    try:
        address = (
            f"/-/gongkai/documents/{row['id']}"
            if table == "documents"
            else f"/-/gongkai/documents/{_key(row['document'])}?version={row['number']}"
        )
    except (KeyError, IndexError):  # a query or a facet that does not show these columns
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(address), value)


def _key(cell: Any) -> object:
    """The key in a cell of a foreign key, to which table pages add the label of the row that it names."""
    return cell["value"] if isinstance(cell, dict) else cell


async def _packed_text(datasette: Any, row: sqlite3.Row) -> str | None:
    try:
        sha256 = str(row["sha256"])
    except (KeyError, IndexError):
        return None
    found = await _run(datasette, lambda conn: texts.read(conn, sha256))
    return str(found)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Pages of the plugin."""
    return [
        (r"^/$", _front),
        (r"^/-/gongkai/changes$", _changes),
        (r"^/-/gongkai/changes\.atom$", _atom),
        (r"^/-/gongkai/search$", _search),
        (r"^/-/gongkai/documents$", _documents),
        (r"^/-/gongkai/documents/(?P<document>\d{1,15})$", _document),
        (r"^/-/gongkai/documents/(?P<document>\d{1,15})/diff$", _diff),
    ]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Security headers on every answer, and tables that a spreadsheet reads."""
    prefix = datasette.setting("base_url")
    return lambda app: with_security_headers(fit_for_spreadsheets(app), prefix=prefix)


@hookimpl
def extra_css_urls() -> list[str]:
    """The style sheet, also on Datasette's own pages."""
    return ["/-/static-plugins/gongkai/gongkai.css"]


async def _run(datasette: Any, work: Callable[[sqlite3.Connection], Any]) -> Any:
    return await datasette.get_database(DATABASE).execute_fn(lambda conn: work(_rows(conn)))


def _rows(conn: sqlite3.Connection) -> sqlite3.Connection:
    conn.row_factory = sqlite3.Row
    return conn


def _args(request: Request) -> dict[str, str]:
    return {key: request.args.get(key) or "" for key in request.args.keys()}  # noqa: SIM118 — no mapping


def _base(datasette: Any, request: Request) -> str:
    """The address of the archive's pages, as whoever asks has it, without a slash at its end."""
    return str(datasette.absolute_url(request, datasette.urls.instance())).rstrip("/")


async def _page(datasette: Any, request: Request, template: str, values: dict[str, Any]) -> Response:
    return Response.html(await datasette.render_template(template, values, request=request))


async def _front(datasette: Any, request: Request) -> Response:
    values = await _run(datasette, lambda conn: pages.front(conn, _args(request)))
    return await _page(datasette, request, "gongkai_front.html", values)


async def _changes(datasette: Any, request: Request) -> Response:
    query = f"?{request.query_string}" if request.query_string else ""
    return Response.redirect(datasette.urls.instance() + query)


async def _atom(datasette: Any, request: Request) -> Response:
    base = _base(datasette, request)
    values = await _run(datasette, lambda conn: pages.atom(conn, _args(request), base))
    values["own_query"] = f"?{request.query_string}" if request.query_string else ""
    text = await datasette.render_template("gongkai_changes.atom.html", values, request=request)
    return Response(text, content_type="application/atom+xml; charset=utf-8")


async def _search(datasette: Any, request: Request) -> Response:
    values = await _run(datasette, lambda conn: pages.search_page(conn, _args(request)))
    return await _page(datasette, request, "gongkai_search.html", values)


async def _documents(datasette: Any, request: Request) -> Response:
    values = await _run(datasette, lambda conn: listing.documents(conn, _args(request), STATUS_WORDS))
    return await _page(datasette, request, "gongkai_documents.html", values)


async def _document(datasette: Any, request: Request) -> Response:
    document = int(request.url_vars["document"])
    version, base = request.args.get("version"), _base(datasette, request)
    values = await _run(datasette, lambda conn: pages.document(conn, document, version, base))
    if values is None:
        return await _missing(datasette, request, f"#{document}")
    if "moved_to" in values:
        return Response.redirect(datasette.urls.path(f"/-/gongkai/documents/{values['moved_to']}"))
    return await _page(datasette, request, "gongkai_document.html", values)


async def _diff(datasette: Any, request: Request) -> Response:
    document = int(request.url_vars["document"])
    values = await _run(
        datasette, lambda conn: pages.diff(conn, document, request.args.get("from"), request.args.get("to"))
    )
    if values is None:
        return await _missing(datasette, request, f"#{document}")
    return await _page(datasette, request, "gongkai_diff.html", values)


async def _missing(datasette: Any, request: Request, what: str) -> Response:
    html = await datasette.render_template("gongkai_missing.html", {"what": what}, request=request)
    return Response.html(html, status=404)


def metadata() -> dict[str, Any]:
    """Datasette's metadata for the archive: labels of tables and columns, and where the search index is."""
    from archive.browse.labels import table_labels  # noqa: PLC0415

    return {
        "title": "公开 gongkai",
        "description": "政府信息公开目录的版本存档 A versioned archive of Chinese government disclosure catalogues",
        "databases": {DATABASE: {"description": DESCRIPTION, "tables": table_labels()}},
    }
