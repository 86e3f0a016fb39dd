"""What was collected over loopback is proved, exported, withdrawn and thinned, with attached files and by the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.captures import CaptureStore
from archive.store import open_for_reading
from tests import here
from tests.crawler import office_files as make
from tests.fake_sites.editable import LoopbackSite, collect, configure

PAGE = "/zw/t20260101_0.html"
SECRET = "当事人张三丰住解放路七号"


@pytest.fixture
def office(site) -> LoopbackSite:
    """Two notices; the first has a file, whose text names a person as the page does."""
    one = site(2)
    one.pages[PAGE] = f'{SECRET}。</p><p>附件：<a href="/files/plan.docx">决定书</a>'
    kind = {"Content-Type": "application/octet-stream", "ETag": '"1"'}
    one.answers["/files/plan.docx"] = (200, kind, make.docx([SECRET, "罚款5万元。"]))
    return one


def run(command: list[str], *words: str) -> str:
    done = here.gongkai(*here.of(command), *words)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return done.stdout


def said_in(home: Path, words: str) -> list[str]:
    """Files and stored answers in which words stand, those packed in a docx among them."""
    found = [p.name for p in (home / "data").glob("*.db*") if words.encode() in p.read_bytes()]
    with closing(open_for_reading(home / "data" / "captures.db")) as db:
        store = CaptureStore(db)
        for (sha256,) in db.execute("SELECT sha256 FROM blobs WHERE length(stored) > 0").fetchall():
            body = store.body(sha256)
            found += [sha256] if words.encode() in body or words.encode() in _unpacked(body) else []
    return found


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        try:
            return packed.read("word/document.xml")
        except (KeyError, zlib.error):
            return b""


def test_a_version_with_a_file_is_proved_and_exported(office: LoopbackSite, tmp_path: Path) -> None:
    command = configure(tmp_path, office)
    assert collect(command)[0] == 0
    office.pages[PAGE] = office.pages[PAGE].replace("七号", "九号")
    assert collect(command)[0] == 0  # another text, the same file
    document = json.loads(run(command, "search", "解放路九号", "--json"))[0]["document"]
    for number in (1, 2):
        folder = tmp_path / f"proof{number}"
        run(command, "proof", f"#{document}@{number}", str(folder))
        assert list((folder / "captures").glob("*-attachment.docx"))
        checked = subprocess.run(
            [sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True
        )
        assert checked.returncode == 0, checked.stderr
        assert "plan.docx" in checked.stdout
    run(command, "export", "warc", str(tmp_path / "a.warc.gz"))
    with (tmp_path / "a.warc.gz").open("rb") as file:
        urls = [
            r.rec_headers.get_header("WARC-Target-URI")
            for r in ArchiveIterator(file)
            if r.rec_type == "response"
        ]
    assert {f"{office.base}{PAGE}", f"{office.base}/files/plan.docx"} <= set(urls)
    run(command, "export", "jsonl", str(tmp_path / "a.jsonl"), "--doc", f"#{document}")
    (line,) = map(json.loads, (tmp_path / "a.jsonl").read_text("utf-8").splitlines())
    assert SECRET in line["attachments"][0]["text"]


def test_a_withdrawn_document_stays_out_while_it_is_collected_again(
    office: LoopbackSite, tmp_path: Path
) -> None:
    command = configure(tmp_path, office)
    assert collect(command)[0] == 0
    document = json.loads(run(command, "search", "张三丰", "--json"))[0]["document"]
    assert len(said_in(tmp_path, SECRET)) >= 2
    run(command, "withdraw", f"#{document}", "--reason", "个人信息", "--yes")
    for _ in range(2):  # the page counts its visitors: its bytes are others each time
        assert said_in(tmp_path, SECRET) == []
        assert collect(command, "--full")[0] == 0
    office.pages[PAGE] = office.pages[PAGE].replace("七号", "七号院")
    office.answers["/files/plan.docx"] = (200, {}, make.docx([SECRET, "罚款6万元。"]))
    assert collect(command, "--full")[0] == 0
    assert said_in(tmp_path, SECRET) == []
    assert json.loads(run(command, "search", "张三丰", "--json")) == []
    assert "all clean" in run(command, "verify")
    run(command, "prune", "--apply")
    assert "all clean" in run(command, "verify")
