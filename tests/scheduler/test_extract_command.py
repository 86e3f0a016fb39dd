"""``extract``: what is read from a page, for a person's eyes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from scheduler.terminal import width
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "tests" / "pages" / "beihe-fgw" / "meta-tags" / "page.html"


def test_times_are_shanghais_and_values_stand_below_one_another(command: Callable[..., Run]) -> None:
    run = command("--config", str(ROOT / "config"))
    status, out, _ = run("extract", str(PAGE))
    record = json.loads(run("extract", str(PAGE), "--json")[1])
    assert (status, record["published_at"], record["published_on"]) == (
        0,
        "2029-09-17T22:23:00Z",
        "2029-09-18",
    )
    assert "2029-09-18 06:23" in out
    assert "22:23:00Z" not in out
    values = (record["title"], record["published_on"], record["content_source"])
    lines = [
        next(line for line in out.splitlines() if line.startswith("  ") and value in line) for value in values
    ]
    assert len({width(line[: line.index(value)]) for line, value in zip(lines, values, strict=True)}) == 1


NOTICE = """<html><head><title>通知-临江市</title></head><body><table><tr><th>索引号：</th><td>LJ/2031-7</td><th>发布机构：</th>
<td>临江市人民政府</td></tr><tr><th>名称：</th><td>关于停水的通知</td><th>发布日期：</th><td>2031-01-05</td></tr></table><div id="zoom">
<p>根据《临江市供水办法》（临政发〔2030〕7号），现将停水安排通知如下，请各单位做好准备。</p>
<p>附件：<a href="/f/1.pdf">停水安排表.pdf</a></p></div>
</body></html>"""


def test_files_and_citations_are_named_and_an_address_is_asked(
    tmp_path: Path, office: LoopbackSite, command: Callable[..., Run]
) -> None:
    configure(tmp_path, office)
    run = command("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"))
    (tmp_path / "page.html").write_text(NOTICE, "utf-8")
    status, out, _ = run("extract", str(tmp_path / "page.html"), "--url", f"{office.base}/zw/7.html")
    assert (status, "停水安排表.pdf  " + office.base + "/f/1.pdf" in out, "  临政发〔2030〕7号" in out) == (
        0,
        True,
        True,
    )
    status, out, _ = run("extract", office.base + sorted(office.pages)[0], "--json")
    assert (status, json.loads(out)["issuing_body"]) == (0, "临江市人民政府")
    assert run("extract", str(PAGE), str(PAGE), "--url", office.base)[0] == 2
    assert not (tmp_path / "data").exists()
