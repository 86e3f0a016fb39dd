"""Rows of a catalogue that lead to a page which only leads on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.test_e2e_attachments import rows, run
from tests.fake_sites.editable import collect, configure

HTML = {"Content-Type": "text/html; charset=utf-8"}
JUMP = '<html><head><title>跳转</title></head><body><script>window.location.href="/art/7.html";</script></body></html>'
GONE = '<html><head><title>跳转</title></head><body><script>window.location.href="/404.html";</script></body></html>'


def document(text: str) -> bytes:
    title = "关于河道管理事项的通知"
    page = f"<title>{title}</title></head><body><h1>{title}</h1><div id=zoom><p>{text}</p><p>{'各单位应当认真贯彻执行。' * 9}</p>"
    return f"<html><head><meta charset=utf-8>{page}</div></body></html>".encode()


def test_the_document_behind_a_jump_is_kept_compared_and_read_again(tmp_path: Path, site) -> None:
    office = site(2)
    at = next(iter(office.pages))
    office.answers |= {at: (200, HTML, JUMP.encode()), "/art/7.html": (200, HTML, document("罚款20元。"))}
    command = configure(tmp_path, office)
    told = collect(command)[1]
    assert (told["outcome"], told["baseline"], told["failed"]) == ("complete", 2, 0)
    found = f"SELECT title FROM documents WHERE url LIKE '%{at}'"
    assert rows(tmp_path, found) == [("关于河道管理事项的通知",)]
    roles = "SELECT role FROM version_sources s JOIN versions v ON v.id = s.version JOIN documents d ON d.id = v.document"
    assert rows(tmp_path, f"{roles} WHERE d.url LIKE '%{at}' ORDER BY 1") == [("page",), ("part",)]

    office.answers["/art/7.html"] = (200, HTML, document("罚款50元。"))
    told = collect(command)[1]
    assert (told["edited"], told["unchanged"]) == (1, 1)
    assert json.loads(run(command, "changes", "--json"))[-1]["reasons"] == ["figures_changed: 20 → 50"]

    office.answers["/art/7.html"] = (503, HTML, b"")
    told = collect(command)[1]
    assert (told["edited"], told["removed"], told["failed"]) == (0, 0, 2)

    office.answers["/404.html"] = (200, HTML, "<h1>您访问的页面不存在</h1>".encode())
    office.answers[at] = (200, HTML, GONE.encode())
    told = collect(command)[1]
    assert (told["edited"], told["removed"]) == (0, 1)
