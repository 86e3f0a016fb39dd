"""One collection beside a bare Scrapy spider over the same loopback site, alternating.

``python -m benchmarks.collection [--pages 2000] [--rounds 3]`` prints CPU per page, pages per second and peak
memory of both, and the ratio of the medians of CPU. The bare spider walks the same lists, asks for the same
pages and keeps nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PER_PAGE = 50
SENTENCES = (
    "各单位应当建立健全工作机制，明确责任人员，按季度报送落实情况。", "对不履行职责的，依照有关规定追究责任。",
    "申请人应当提交身份证明、场所使用证明和安全管理制度。", "罚款数额在{n}万元以上的，应当经负责人集体讨论决定。",
    "本办法所称重点行业，是指建筑施工、危险化学品、交通运输等行业。", "自受理之日起{n}个工作日内作出决定并书面告知申请人。",
)  # fmt: skip

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from benchmarks.collection import answer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = answer(self.path, int(sys.argv[1]))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""

BARE = """
import re, sys
import scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        yield scrapy.Request(sys.argv[1] + "/index.html")
    def parse(self, response):
        for path in re.findall(r'href="(/t[^"]+)"', response.text):
            yield scrapy.Request(sys.argv[1] + path, callback=self.page)
        found = re.search(r'createPageHTML\\((\\d+),(\\d+)', response.text)
        if found and int(found[2]) + 1 < int(found[1]):
            yield scrapy.Request(f"{sys.argv[1]}/index_{int(found[2]) + 1}.html")
    def page(self, response):
        pass
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False,
                          "DOWNLOAD_DELAY": 0})
process.crawl(Bare)
process.start()
"""


def _paragraph(n: int, k: int) -> str:
    return "".join(SENTENCES[(n * 7 + k * 3 + j) % 6].format(n=(n * 13 + k * 5 + j) % 997) for j in range(5))


def answer(path: str, pages: int) -> bytes:
    """A list page or a notice of about 20 KB; empty for anything else."""
    if path.startswith("/index"):
        number = int(path.removeprefix("/index").removesuffix(".html").removeprefix("_") or 0)
        rows = "".join(
            f'<li><a href="/t20260101_{n}.html">关于第{n}号事项的通知公告</a><span>2026-01-05</span></li>'
            for n in range(number * PER_PAGE, min((number + 1) * PER_PAGE, pages))
        )
        total = -(-pages // PER_PAGE)
        return f'<html><body><ul>{rows}</ul><script>createPageHTML({total},{number},"index","html")</script></body></html>'.encode()
    if not path.startswith("/t20260101_"):
        return b""
    n = int(path.removeprefix("/t20260101_").removesuffix(".html"))
    style = "font-family:仿宋_GB2312;text-indent:2em;line-height:200%"
    body = "".join(f'<p style="{style}"><span>　　{k}、{_paragraph(n, k)}</span></p>' for k in range(26))
    menu = "".join(f'<li><a href="/menu/{k}/">栏目{k}</a></li>' for k in range(60))
    return (
        f"<html><head><title>通知-临江市人民政府</title></head><body><ul class='nav'>{menu}</ul><table><tr><th>索引号：</th>"
        f"<td>LJ/2026-{n:05d}</td><th>发布机构：</th><td>临江市人民政府</td></tr><tr><th>名称：</th><td>关于第{n}号事项的通知</td>"
        f"<th>文号：</th><td>临政发〔2026〕{n}号</td></tr><tr><th>成文日期：</th><td>2026-01-03</td><th>发布日期：</th>"
        f"<td>2026-01-05</td></tr></table><div id='zoom'>{body}</div><div class='foot'>版权所有</div></body></html>"
    ).encode()


def measured(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds of a command and its children, wall seconds, and the largest process's peak memory in MB."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    script = (
        "import resource,subprocess,sys,json;r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
        "print(json.dumps([r.returncode,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, cwd=ROOT, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    status, peak = json.loads(done.stdout)
    if status:
        raise SystemExit(f"{command}: exit status {status}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start, peak / 1024


def gongkai_command(home: Path, base: str) -> list[str]:
    """A collection of the site into a fresh archive."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "sites").mkdir(parents=True)
    shutil.copy(ROOT / "config" / "fields.yml", home / "fields.yml")
    (home / "settings.yml").write_text(f'allow_private: ["{base.removeprefix("http://")}"]\n')
    (home / "sites" / "bench.yml").write_text(
        f"site: bench\nname: 临江市\nurl: {base}/\nplatform: static_list\ncatalogues:\n  - key: zw\n    url: {base}/index.html\n"
        "pace: {delay: 0, concurrency: 8, daily_budget: 1000000}\n"
    )
    return [sys.executable, "-m", "scheduler", "--config", str(home), "--data", str(home / "data"), "collect"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(options.pages)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdout is not None
    base = f"http://127.0.0.1:{int(server.stdout.readline())}"
    home = Path(tempfile.mkdtemp())
    runs: dict[str, list[tuple[float, float, float]]] = {"bare scrapy": [], "gongkai": []}
    try:
        for _ in range(options.rounds):
            runs["bare scrapy"].append(measured([sys.executable, "-c", BARE, base]))
            runs["gongkai"].append(measured(gongkai_command(home, base)))
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)
    medians = {name: [statistics.median(r[i] for r in rows) for i in range(3)] for name, rows in runs.items()}
    print(
        f"{options.pages} pages of {len(answer('/t20260101_1.html', 9)) / 1000:.0f} KB, {options.rounds} alternating rounds, medians"
    )
    for name, (cpu, wall, peak) in medians.items():
        print(
            f"{name:<12} CPU {cpu / options.pages * 1000:6.2f} ms/page   {options.pages / wall:6.0f} pages/s   peak {peak:4.0f} MB"
        )
    print(f"CPU ratio    {medians['gongkai'][0] / medians['bare scrapy'][0]:.2f}")


if __name__ == "__main__":
    main()
