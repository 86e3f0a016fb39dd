"""Asking again for documents that have not changed: what a watched site costs on every other day of its life.

``python -m benchmarks.recheck [--pages 500] [--rounds 5]`` prints the CPU of one whole command that asks a loopback
site for pages it knows, every one of which is answered with 304, as the median of rounds that alternate between
gongkai, a bare Scrapy spider that sends the validators it kept and does nothing else, and urlwatch and webchanges
where they are installed (``css`` and ``html2text`` filters, their defaults otherwise). gongkai walks the whole catalogue
too, which the others do not, and notes in its archive that each document was confirmed.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.collection import ROOT, gongkai_command, measured

SERVER = """
import hashlib, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from benchmarks.collection import answer
BODIES = {}
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = BODIES.get(self.path)
        if body is None:
            body = BODIES[self.path] = answer(self.path, int(sys.argv[1]))
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        known = self.headers.get("If-None-Match") == tag
        self.send_response(404 if not body else 304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", "Mon, 05 Jan 2026 01:00:00 GMT")
        if not known:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)
    def log_message(self, *_): pass
class Server(ThreadingHTTPServer):
    request_queue_size = 128
server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""

BARE = """
import json, pathlib, sys
import scrapy
from scrapy.crawler import CrawlerProcess
kept = pathlib.Path(sys.argv[3])
tags = json.loads(kept.read_text()) if kept.exists() else {}
class Bare(scrapy.Spider):
    name = "bare"
    handle_httpstatus_list = [304]
    async def start(self):
        for n in range(int(sys.argv[2])):
            url = f"{sys.argv[1]}/t20260101_{n}.html"
            yield scrapy.Request(url, headers={"If-None-Match": tags[url]} if url in tags else {})
    def parse(self, response):
        tags[response.url] = response.headers["ETag"].decode()
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False,
                          "DOWNLOAD_DELAY": 0})
process.crawl(Bare)
process.start()
kept.write_text(json.dumps(tags))
"""


def _jobs(base: str, pages: int, key: str) -> str:
    """The file of jobs of urlwatch (``filter``) and webchanges (``filters``)."""
    return "---\n".join(
        f"name: n{n}\nurl: {base}/t20260101_{n}.html\n{key}:\n  - css: '#zoom'\n  - html2text\n"
        for n in range(pages)
    )


def _watchers(home: Path, base: str, pages: int) -> dict[str, list[str]]:
    """The commands of the peers that are installed beside this Python."""
    commands = {}
    for name, key, kept in (("urlwatch", "filter", "--cache"), ("webchanges", "filters", "--database")):
        program = Path(sys.executable).with_name(name)
        if not program.exists():
            print(f"{name:<12} is not installed: pip install {name}")
            continue
        here = home / name
        here.mkdir()
        jobs = here / "jobs.yaml"
        jobs.write_text(_jobs(base, pages, key))
        asks = "--urls" if name == "urlwatch" else "--jobs"
        commands[name] = [
            str(program), asks, str(jobs), "--config", str(here / "config.yaml"), "--hooks", str(here / "hooks.py"),
            kept, str(here / "kept.db"),
        ]  # fmt: skip
    return commands


def _unmodified(data: Path) -> int:
    """Documents that the last run confirmed by a 304."""
    with closing(sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True)) as db:
        (count,) = db.execute("SELECT not_modified FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return int(count)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(options.pages)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdout is not None
    base = f"http://127.0.0.1:{int(server.stdout.readline())}"
    home = Path(tempfile.mkdtemp())
    try:
        commands = {
            "gongkai": gongkai_command(home / "gongkai", base),
            "bare scrapy": [sys.executable, "-c", BARE, base, str(options.pages), str(home / "tags.json")],
            **_watchers(home, base, options.pages),
        }
        for command in commands.values():
            for _ in range(3):  # gongkai believes in a site's 304 once two full answers have borne it out
                measured(command)
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                runs[name].append(measured(command))
        confirmed = _unmodified(home / "gongkai" / "data")
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)
    print(
        f"{options.pages} unchanged pages, {confirmed} of which gongkai's last run confirmed by 304; medians of {options.rounds} rounds"
    )
    medians = {name: [statistics.median(r[i] for r in rows) for i in range(3)] for name, rows in runs.items()}
    for name, (cpu, wall, peak) in medians.items():
        ratio = medians["gongkai"][0] / cpu
        print(
            f"{name:<12} CPU {cpu:6.2f} s   {wall:6.2f} s   peak {peak:4.0f} MB   gongkai's CPU is {ratio:.2f} of it"
        )


if __name__ == "__main__":
    main()
