"""A static list of notices on loopback that can be edited, removed, blocked and broken at will, and how to collect it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests import here
from tests.fake_sites.server import Server

FIELDS = Path(__file__).parents[2] / "config" / "fields.yml"


class LoopbackSite:
    """A static list of notices whose pages can be edited, removed, blocked and broken."""

    def __init__(self, count: int, *, per_page: int = 20) -> None:
        self.pages = {f"/zw/t202601{n % 28 + 1:02d}_{n}.html": f"罚款{n}万元。" for n in range(count)}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.hits: Counter[str] = Counter()
        self.moments: list[float] = []  # of requests, by a clock that never goes back
        self.no_hotlinks: set[str] = set()  # paths that are refused to who comes from no page of the site
        self.not_modified = 0
        self.validators = False
        self.robots = b"User-agent: *\nAllow: /\n"
        self.last_page_repeats = False
        self.per_page = per_page
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.hits[self.path] += 1
                site.moments.append(time.monotonic())
                status, headers, body = site.answer(self.path, per_page)
                if self.path in site.no_hotlinks and not self.headers.get("Referer", "").startswith(
                    site.base
                ):
                    status, headers, body = 403, {}, b""
                etag = headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    site.not_modified += 1
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.close_connection = "Content-Length" in headers  # a short body must not wait for more
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = Server(Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        kind = {"Content-Type": "text/html; charset=utf-8"}
        if path in self.answers:
            return self.answers[path]
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, self.robots
        if path.startswith("/zw/index"):
            number = path.removeprefix("/zw/index").removesuffix(".html").removeprefix("_")
            page = int(number) if number else 0
            urls = sorted(self.pages)
            pages = -(-len(urls) // per_page)
            shown = urls[page * per_page : (page + 1) * per_page]
            rows = "".join(
                f'<li><a href="{u}">关于{u[-9:-5]}事项的通知公告</a><span>2026-01-05</span></li>'
                for u in shown
            )
            text = f'<html><body><ul>{rows}</ul><script>createPageHTML({pages},{page},"index","html")</script></body></html>'
            return 200, kind, text.encode()
        if path in self.pages:
            number = path.rpartition("_")[2].removesuffix(".html")
            text = (
                f"<html><head><title>通知-临江市</title></head><body><table><tr><th>索引号：</th><td>LJ/2026-{number}</td>"
                f"<th>发布机构：</th><td>临江市人民政府</td></tr><tr><th>名称：</th><td>关于第{number}号事项的通知</td>"
                f"<th>发布日期：</th><td>2026-01-05</td></tr></table><div id='zoom'><p>{self.pages[path]}</p>"
                f"<p>{'各单位应当认真贯彻执行。' * 20}</p></div><p>浏览次数：{self.hits[path]}</p></body></html>"
            )
            if self.validators:
                kind["ETag"] = f'"{hash(self.pages[path]) & 0xFFFFFF:x}"'
                text = text.replace(f"浏览次数：{self.hits[path]}", "")
            return 200, kind, text.encode()
        return 404, kind, "<h1>页面不存在</h1>".encode()


def configure(home: Path, site: LoopbackSite, extra: str = "", allow: str | None = None) -> list[str]:
    config = home / "config"
    (config / "sites").mkdir(parents=True, exist_ok=True)
    shutil.copy(FIELDS, config / "fields.yml")
    allowed = allow or site.base.removeprefix("http://")
    (config / "settings.yml").write_text(f'allow_private: ["{allowed}"]\n')
    (config / "sites" / "linjiang.yml").write_text(
        f"site: linjiang\nname: 临江市人民政府\nurl: {site.base}/\nplatform: static_list\n"
        f"catalogues:\n  - key: zw\n    url: {site.base}/zw/index.html\npace: {{delay: 0, concurrency: 8}}\n"
        f"confirm: {{checks: 1, days: 0}}\n{extra}"
    )
    return [sys.executable, "-m", "scheduler", "--config", str(config), "--data", str(home / "data")]


def collect(command: list[str], *options: str) -> tuple[int, dict]:
    done = here.gongkai(*here.of(command), "collect", "--json", *options)
    assert "Traceback" not in done.stderr, done.stderr
    report = json.loads(done.stdout)
    for one in report["sites"]:
        assert one["scheduled"] == one["fetched"] + one["blocked"] + one["failed"] + one["skipped"]
    return done.returncode, report["sites"][0]


def content(home: Path) -> list[tuple]:
    """What an archive holds, whatever the ids and times."""
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        return db.execute(
            "SELECT d.url, d.title, d.index_number, d.status, v.number, v.fingerprint, c.kind FROM documents d"
            " JOIN versions v ON v.document = d.id LEFT JOIN changes c ON c.document = d.id ORDER BY 1, 5, 7"
        ).fetchall()
