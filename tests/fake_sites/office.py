"""A disclosure office on loopback: what every fake site has in common, whatever platform it imitates.

A fake site subclasses :class:`FakeSite`, says in ``site_file`` how a user would describe it, and answers requests in
``respond`` from ``self.notices``. Tests change ``notices`` (also from ``before``, between two requests) to pin, repeat,
delete and insert rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Self

from tests.fake_sites.server import Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Notice:
    """An invented notice. ``number`` is unique within its site."""

    number: int
    title: str
    document_number: str
    index_number: str
    published: date
    body: str
    pinned: bool = False


def notices(count: int) -> list[Notice]:
    """``count`` notices, the newest first, as a catalogue lists them."""
    newest = date(2026, 3, 31)
    return [
        Notice(
            number=n,
            title=f"临江市人民政府关于第{n}号事项的通知",
            document_number=f"临政发〔2026〕{n}号",
            index_number=f"330999000/2026-{n:05d}",
            published=newest - timedelta(days=(count - n) // 3),
            body=f"现将第{n}号事项通知如下。{'各单位应当认真贯彻执行，不得延误。' * 12}",
        )
        for n in range(count, 0, -1)
    ]


@dataclass
class FakeSite:
    """A site on loopback. Use as a context manager; ``base`` is its address, ``asked`` counts its requests."""

    notices: list[Notice]
    per_page: int = 20
    before: Callable[[FakeSite, str, str], None] | None = (
        None  # called with method and target before each answer
    )
    asked: Counter[str] = field(default_factory=Counter)
    base: str = ""

    platform = ""
    drafted = True  # the catalogue's address alone is enough to draft a site file; else a person describes it
    leads_on = False  # the catalogue's address holds no list, it only leads to one
    main = True  # walked by the default tests; variants of a platform only by the slow ones

    def __post_init__(self) -> None:
        """What a site changes about its notices before it opens."""

    def site_file(self) -> str:
        """The YAML that describes this site."""
        raise NotImplementedError

    def catalogue_url(self) -> str:
        """Where a person would find the catalogue in a browser: what `gongkai sites add` is given."""
        raise NotImplementedError

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        """The answer to a request; ``target`` is the path with its query."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                sent = self.rfile.read(length)
                site.asked[self.path] += 1
                if site.before is not None:
                    site.before(site, self.command, self.path)
                if self.path == "/robots.txt":
                    answer: Answer = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")
                else:
                    answer = site.respond(self.command, self.path, sent)
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = Server(Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rows(self) -> list[Notice]:
        """The catalogue in its order: pinned notices on top."""
        return [n for n in self.notices if n.pinned] + [n for n in self.notices if not n.pinned]

    def pages(self) -> int:
        """The number of pages of the catalogue."""
        return max(1, -(-len(self.notices) // self.per_page))

    def page(self, index: int) -> list[Notice]:
        """The rows of the 0-based page ``index``."""
        return self.rows()[index * self.per_page : (index + 1) * self.per_page]

    def notice(self, number: int) -> Notice | None:
        """The notice with this number, None when it was taken down."""
        return next((n for n in self.notices if n.number == number), None)


NOT_FOUND: Answer = (404, HTML, "<html><body><h1>404</h1><p>您访问的页面不存在</p></body></html>".encode())
