"""The sample office's two websites: a static paged list, and a gkmlpt-style catalogue. Loopback only."""

from __future__ import annotations

import html
import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from archive.model import SHANGHAI
from scheduler.demo.texts import Notice, notices, penalty

PER_PAGE = 5
SID = "330001"
_NODE = 1201


class Office:
    """Two sites in one process; change the notices between two collections."""

    def __init__(self) -> None:
        self.static = list(notices("云溪市人民政府办公室", "云政办发", 100))
        self.gkmlpt = [*notices("云溪市市场监督管理局", "云市监发", 5000), penalty(5010, "5万元")]
        self.static[7].attachments["老旧小区改造任务分工表.txt"] = (
            "序号\t单位\t数量\n1\t城东街道\t32\n2\t城西街道\t64\n".encode()
        )
        self._servers: list[ThreadingHTTPServer] = []
        self.ports: list[int] = []
        self._hits = 0

    def __enter__(self) -> Self:
        for answer in (self._answer_static, self._answer_gkmlpt):
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self._servers.append(server)
            self.ports.append(server.server_port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    # -- what the staff do -------------------------------------------------------------------------------

    def add_notice(self, today: datetime) -> Notice:
        """Publish a new notice, dated today."""
        day = today.astimezone(SHANGHAI).date().isoformat()
        notice = Notice(
            key=110, title="关于暂停南湾大桥通行的通告", number=None, issued=day, published=day, issuer="云溪市人民政府办公室",
            genre="通告", keywords="交通 通行 通告",
            paragraphs=["因桥面检修，南湾大桥自本通告发布次日零时起暂停机动车通行，恢复时间另行通告。", "途经车辆请绕行北环路。"],
        )  # fmt: skip
        self.static.append(notice)
        return notice

    def change_figure(self) -> Notice:
        """Quietly lower a fine from 50,000 to 30,000 yuan."""
        notice = self.gkmlpt[-1]
        notice.paragraphs = [text.replace("5万元", "3万元") for text in notice.paragraphs]
        return notice

    def replace_attachment(self) -> Notice:
        """Replace an attachment under its address."""
        notice = self.static[7]
        name = next(iter(notice.attachments))
        notice.attachments[name] = "序号\t单位\t数量\n1\t城东街道\t32\n2\t城西街道\t46\n".encode()
        return notice

    def take_down(self) -> Notice:
        """Take a page down, and out of its list."""
        self.gkmlpt[4].gone = True
        return self.gkmlpt[4]

    def redecorate(self) -> Notice:
        """Another template, a counter, related links: the same document."""
        self.static[2].redecorated = True
        return self.static[2]

    # -- the static site ---------------------------------------------------------------------------------

    def _answer_static(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes] | None:
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        if path.startswith("/zwgk/gongwen/index"):
            return self._static_list(path)
        for notice in self.static:
            if path == _static_path(notice) and not notice.gone:
                return 200, "text/html; charset=utf-8", self._static_page(notice).encode()
            for name, content in notice.attachments.items():
                if unquote(path) == f"/zwgk/gongwen/files/{notice.key}/{name}":
                    return 200, "text/plain; charset=utf-8", content
        return None

    def _static_list(self, path: str) -> tuple[int, str, bytes] | None:
        tail = path.removeprefix("/zwgk/gongwen/index").removesuffix(".html")
        page = int(tail.removeprefix("_") or 0) if tail.removeprefix("_").isdecimal() or not tail else -1
        shown = sorted((n for n in self.static if not n.gone), key=lambda n: n.published, reverse=True)
        pages = -(-len(shown) // PER_PAGE)
        if not 0 <= page < pages:
            return None
        pinned = [self.static[0]] if page == 0 else []  # 置顶: an old notice above the newest ones
        rows = "".join(
            f'<li><a href="{_static_path(n)}" title="{html.escape(n.title)}">{html.escape(n.title)}</a><span>{n.published}</span></li>'
            for n in [*pinned, *shown[page * PER_PAGE : (page + 1) * PER_PAGE]]
        )
        text = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府文件</title></head><body><div class="nav"><a href="/">首页</a>'
            f' &gt; <a href="/zwgk/">政务公开</a></div><ul class="list">{rows}</ul>'
            f'<script>createPageHTML({pages}, {page}, "index", "html");</script></body></html>'
        )
        return 200, "text/html; charset=utf-8", text.encode()

    def _static_page(self, n: Notice) -> str:
        self._hits += 1
        table = "".join(
            f"<tr><th>{a}</th><td>{html.escape(b)}</td><th>{c}</th><td>{html.escape(d)}</td></tr>"
            for a, b, c, d in (
                ("索 引 号：", n.index_number("YX0001"), "主题分类：", "综合政务"),
                ("发布机构：", n.issuer, "成文日期：", n.issued),
                ("文　　号：", n.number or "", "发布日期：", n.published),
                ("名　　称：", n.title, "主 题 词：", n.keywords),
            )
        )
        paragraphs = "".join(f"<p>　　{html.escape(text)}</p>" for text in n.paragraphs)
        files = "".join(
            f'<p>附件：<a href="/zwgk/gongwen/files/{n.key}/{quote(name)}">{html.escape(name)}</a></p>'
            for name in n.attachments
        )
        extra = f'<div class="counter">浏览次数：{self._hits}</div>'
        if n.redecorated:
            related = "".join(
                f'<li><a href="{_static_path(m)}">{html.escape(m.title)}</a></li>' for m in self.static[:3]
            )
            extra = (
                f'<div class="share">分享到：微信 微博</div><p class="print">打印时间：{self._hits}</p>'
                f'<div class="related"><h3>相关信息</h3><ul>{related}</ul></div>{extra}'
            )
        style = "skin-2026" if n.redecorated else "skin"
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(n.title)}-云溪市人民政府</title></head>'
            f'<body class="{style}"><div class="position">您的当前位置：首页 &gt; 政务公开 &gt; 政府文件</div>'
            f'<table class="xxgk">{table}</table><div class="article"><div id="zoom">{paragraphs}{files}</div></div>{extra}'
            '<div class="footer">版权所有：云溪市人民政府</div></body></html>'
        )

    # -- the gkmlpt site ---------------------------------------------------------------------------------

    def _answer_gkmlpt(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes] | None:
        if path == "/gkmlpt/index":
            tree = [{"id": 1, "name": "信息公开目录", "children": [{"id": _NODE, "name": "执法公示"}]},
                    {"id": 9, "name": "政策解读", "jump_url": "/zcjd/"}]  # fmt: skip
            config = json.dumps({"SID": SID, "TREE": tree}, ensure_ascii=False)
            return (
                200,
                "text/html; charset=utf-8",
                f"<html><body><div id='app'></div><script>window._CONFIG = {config};</script></body></html>".encode(),
            )
        if path == f"/gkmlpt/api/all/{_NODE}" and query.get("sid") == [SID]:
            return self._api(int(query.get("page", ["0"])[0]))
        for n in self.gkmlpt:
            if (
                path in (f"/gkmlpt/content/1/{n.key}/post_{n.key}.html", f"/zfgs/content/post_{n.key}.html")
                and not n.gone
            ):
                return 200, "text/html; charset=utf-8", self._gkmlpt_page(n).encode()
        return None

    def _api(self, page: int) -> tuple[int, str, bytes]:
        shown = [n for n in reversed(self.gkmlpt) if not n.gone]
        start = max(page - 1, 0) * 100
        base = f"http://127.0.0.1:{self.ports[1]}"
        articles = [self._article(n, base) for n in shown[start : start + 100]]
        answer = {
            "classify": {"id": _NODE, "post_count": len(shown)},
            "articles": articles,
            "total": len(shown),
        }
        return 200, "application/json; charset=utf-8", json.dumps(answer, ensure_ascii=False).encode()

    def _article(self, n: Notice, base: str) -> dict[str, Any]:
        self._hits += 1
        midnight = datetime.fromisoformat(f"{n.issued}T00:00:00+08:00")
        shown = datetime.fromisoformat(f"{n.published}T09:30:00+08:00")
        return {
            "id": n.key, "title": n.title, "document_number": n.number or "", "identifier": n.index_number("YX0200"),
            "publisher": n.issuer, "keywords": n.keywords.replace(" ", ","), "date": int(midnight.timestamp()),
            "display_publish_time": int(shown.timestamp()), "abstract": "", "is_expired": 0, "is_abolished": 0,
            "classify_main_name": "执法公示", "classify_genre_name": n.genre, "views": self._hits,
            "url": f"{base}/gkmlpt/content/1/{n.key}/post_{n.key}.html", "post_url": f"{base}/zfgs/content/post_{n.key}.html",
            "attachment": [],
        }  # fmt: skip

    def _gkmlpt_page(self, n: Notice) -> str:
        content = "".join(f"<p>{html.escape(text)}</p>" for text in n.paragraphs)
        detail = {"id": n.key, "title": n.title, "content": html.escape(content)}
        cells = "".join(
            f"<tr><td>{a}:</td><td>{html.escape(b)}</td><td>{c}:</td><td>{html.escape(d)}</td></tr>"
            for a, b, c, d in (
                ("索引号", n.index_number("YX0200"), "分类", "执法公示"),
                ("发布机构", n.issuer, "成文日期", n.issued),
                ("名称", n.title, "文号", n.number or ""),
                ("发布日期", n.published, "主题词", n.keywords),
            )
        )
        config = json.dumps({"DETAIL": detail}, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(n.title)}</title></head><body>'
            f'<div class="classify"><table>{cells}</table></div><div class="article-content">{content}</div>'
            f"<script>window._CONFIG = {config};</script></body></html>"
        )


def _static_path(notice: Notice) -> str:
    return f"/zwgk/gongwen/{notice.published[:7].replace('-', '')}/t{notice.published.replace('-', '')}_{notice.key}.html"


def _handler(answer: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            found = answer(parts.path, parse_qs(parts.query))
            status, kind, body = found or (
                404,
                "text/html; charset=utf-8",
                "<h1>404 页面不存在</h1>".encode(),
            )
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the demonstration's own words are for the terminal."""

    return Handler
