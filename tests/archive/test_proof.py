"""A proof can be checked without this software, leads to any head that somebody holds, and shows every changed byte."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import backup, ledger, outcomes
from archive.batch import Outcome
from archive.captures import CaptureStore
from archive.proofs import ProofError, write_proof
from archive.store import Paths, TargetError, Transaction, open_archive, open_captures, open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url
from tests.archive.test_withdrawn_in_any_order import FILE, FilingOffice, filed


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", SitePolicy())


def prove(office: Office, dest: Path, number: int | None = None, document: int = 1, **options):
    with (
        closing(open_for_reading(office.paths.archive)) as db,
        closing(open_for_reading(office.paths.captures)) as captures,
    ):
        return write_proof(db, CaptureStore(captures), document, number, dest, now=office.now, **options)


def script(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def sums(folder: Path) -> int:
    return subprocess.run(["sha256sum", "-c", "--strict", "--status", "SHA256SUMS"], cwd=folder).returncode


def head_of(office: Office, seq: int) -> str:
    with office.read() as db:
        return db.execute("SELECT head FROM ledger WHERE seq = ?", [seq]).fetchone()[0]


@given(st.integers(1, 70), st.data())
def test_paths_from_subtrees_are_those_of_the_whole_tree(size: int, data: st.DataObject) -> None:
    entries = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    subtrees: dict[int, bytes] = {}
    for seq in range(1, size + 1):
        subtrees[seq] = ledger.complete_subtree(seq, entries[seq - 1], subtrees.__getitem__)
    seq = data.draw(st.integers(1, size))
    path = ledger.entry_path(seq, size, lambda place: entries[place - 1], subtrees.__getitem__)
    assert path == ledger.inclusion_path(entries, seq - 1)


def test_a_proof_checks_itself_with_nothing_but_python_and_sha256sum(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(5))
    office.collect({**site_of(5), url(0): notice(0, "罚款3万元。")})
    office.collect({**site_of(5), url(0): notice(0, "罚款3万元。")})
    done = prove(office, tmp_path / "proof", 1)
    folder = tmp_path / "proof"
    assert (sums(folder), script(folder).returncode) == (0, 0), script(folder).stderr
    assert [head.seq for head in done.heads] == [1, 3]
    assert script(folder, head_of(office, 3)).returncode == 0
    # As much of it as `gongkai proof --head` asks for.
    assert script(folder, head_of(office, 3)[:12].upper()).returncode == 0
    for held in (head_of(office, 3)[:11], "", "0" * 12):
        assert script(folder, held).returncode == 1
    assert "at least the first 12" in script(folder, head_of(office, 3)[:11]).stderr
    plain = subprocess.run(
        [sys.executable, "verify.py"],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert "罚款5万元" in (folder / "text.txt").read_text("utf-8")
    assert "罚款5万元" in next((folder / "captures").glob("1-page.html")).read_text("utf-8")
    readme = (folder / "README.md").read_text("utf-8")
    assert "What it does not prove" in readme
    assert "它不证明什么" in readme
    assert "$" not in readme
    again = prove(office, tmp_path / "second", 2)
    assert again.observations == 2  # when it was found, and the last time that it was seen
    assert script(tmp_path / "second").returncode == 0
    office.collect({**site_of(5), url(0): notice(0, "罚款4万元。")})
    assert [head.seq for head in prove(office, tmp_path / "third", 2).heads] == [2, 3, 4]


def test_a_changed_byte_is_noticed_wherever_it_is(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(3))
    folder = tmp_path / "proof"
    prove(office, folder)
    choice = random.Random(1)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole = path.read_bytes()
        for place in {0, len(whole) - 1, *(choice.randrange(len(whole)) for _ in range(8))}:
            path.write_bytes(
                whole[:place] + bytes([whole[place] ^ 1 << choice.randrange(8)]) + whole[place + 1 :]
            )
            assert sums(folder) or script(folder).returncode, f"{path.name}: byte {place}"
        path.write_bytes(whole)
    # sha256sum itself takes `*` for the second space, and upper-case digits
    path = folder / "SHA256SUMS"
    whole = path.read_text()
    for other in (whole.replace("  ", " *", 1), whole.upper(), whole.replace("\n", "\r\n")):
        path.write_text(other)
        assert script(folder).returncode
    path.write_text(whole)
    (folder / "captures" / "2-page.html").write_text("added")
    assert "NOT PROVED" in script(folder).stderr


def test_who_changes_the_capture_and_all_sums_still_cannot_reach_the_head(
    office: Office, tmp_path: Path
) -> None:
    office.collect(site_of(3))
    folder = tmp_path / "proof"
    prove(office, folder)
    page = folder / "captures" / "1-page.html"
    page.write_bytes(page.read_bytes().replace("5万".encode(), "9万".encode()))
    proof = json.loads((folder / "proof.json").read_text())
    for where in (None, "leaf", "path", "entry"):
        if where == "leaf":
            proof["observations"][0]["leaf"][4] = hashlib.sha256(page.read_bytes()).hexdigest()
        elif where == "entry":
            proof["observations"][0]["path"] = []
            leaf = ledger.leaf_hash(ledger.Leaf(*proof["observations"][0]["leaf"]))
            proof["observations"][0]["entry"][3] = leaf.hex()
        (folder / "proof.json").write_text(json.dumps(proof))
        sum_anew(folder)
        assert sums(folder) == 0
        assert "NOT PROVED" in script(folder).stderr, where


def sum_anew(folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.mark.parametrize(
    "how", ["in no observation", "in one that no head covers", "headers that none names"]
)
def test_what_is_laid_beside_the_captures_and_summed_is_noticed(
    office: Office, tmp_path: Path, how: str
) -> None:
    office.collect(site_of(3))
    folder = tmp_path / "proof"
    prove(office, folder)
    proof = json.loads((folder / "proof.json").read_text())
    if how == "headers that none names":
        (folder / "captures" / "1-page.headers.json").write_text("[]")
        for seen in proof["observations"]:
            seen["headers"] = None
    else:
        (folder / "captures" / "0-page.html").write_text("forged")
    if how == "in one that no head covers":
        forged = {**proof["observations"][0], "body": "captures/0-page.html", "entry": [99, "", 1, ""]}
        proof["observations"].insert(0, forged)
    (folder / "proof.json").write_text(json.dumps(proof))
    sum_anew(folder)
    assert sums(folder) == 0
    assert "NOT PROVED" in script(folder).stderr


def test_a_file_that_came_after_the_head_that_somebody_holds_is_named(tmp_path: Path) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed(None))
    held = head_of(office, 1)
    office.collect({**filed(None), FILE: "名单。"})
    with closing(
        open_archive(office.paths).conn
    ) as db:  # as when a file is fetched at last, and is no other than was listed
        db.execute("UPDATE attachments SET sha256 = ?", [hashlib.sha256("名单。".encode()).hexdigest()])
    folder = tmp_path / "proof"
    prove(office, folder, wanted=[held])
    assert script(folder).returncode == 0
    said = script(folder, held)
    assert (said.returncode, "1-page.html" in said.stdout) == (1, True)
    assert "2-attachment" in said.stderr


def test_each_document_is_proved_by_its_own_answer_and_a_304_is_none(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(3))
    office.collect(dict.fromkeys(site_of(3), Outcome.NOT_MODIFIED))
    (tmp_path / ".proof.part" / "captures").mkdir(parents=True)  # of a process that died
    done = prove(office, tmp_path / "proof", document=2)
    assert (done.observations, script(tmp_path / "proof").returncode) == (1, 0)
    (seen,) = json.loads((tmp_path / "proof" / "proof.json").read_text("utf-8"))["observations"]
    assert seen["leaf"][0] == url(1)
    readme = (tmp_path / "proof" / "README.md").read_text("utf-8")
    assert (url(0) in readme, url(1) in readme) == (False, True)
    office.now += timedelta(days=1)
    with office.recorder() as recorder:  # a collection that goes on proves nothing yet, and hinders no proof
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        for batch in office.batches(site_of(3))[:-1]:
            recorder.record(run, batch)
        assert prove(office, tmp_path / "meanwhile", document=2).observations == 1


def test_files_are_proved_too_unless_they_are_not_wanted(tmp_path: Path) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed("名单。"))
    for wanted, said in ((True, False), (False, True)):
        folder = tmp_path / f"proof{wanted}"
        done = prove(office, folder, attachments=wanted)
        assert (done.observations, done.missing, script(folder).returncode) == (1 + wanted, (), 0)
        assert len([*(folder / "captures").glob("2-attachment.txt")]) == wanted
        assert ("附件未收入" in (folder / "README.md").read_text("utf-8")) is said
    with closing(open_captures(office.paths).conn) as db:
        db.execute("DELETE FROM captures WHERE url = ?", [FILE])
    assert prove(office, tmp_path / "without").missing == (FILE,)
    assert FILE in (tmp_path / "without" / "README.md").read_text("utf-8")


def test_a_text_that_came_back_is_proved_both_times(office: Office, tmp_path: Path) -> None:
    for text in ("甲。", "乙。", "甲。", "甲。"):
        office.collect({url(0): notice(0, text)})
    done = prove(office, tmp_path / "proof", 3)
    assert done.observations == 3  # the first time, when it came back, the last time
    assert [head.seq for head in done.heads] == [1, 4]
    assert script(tmp_path / "proof").stdout.count("t20260101_0.html  ok") == 1 + 3


def test_a_proof_leads_to_the_head_that_somebody_holds(office: Office, tmp_path: Path) -> None:
    for day in range(6):
        office.collect({**site_of(3), url(5): notice(5, f"第{day}次。")})
    held = head_of(office, 4)
    done = prove(office, tmp_path / "proof", wanted=[held[:12].upper()])
    assert [head.seq for head in done.heads] == [1, 4, 6]
    assert script(tmp_path / "proof", held).returncode == 0
    assert "--head" in script(tmp_path / "proof", head_of(office, 5)).stderr
    for wrong, said in (("f" * 64, "no such head"), ("xyz", "64 hexadecimal"), (held[:5], "first 12")):
        with pytest.raises(ProofError, match=said):
            prove(office, tmp_path / "other", wanted=[wrong])
    office.collect({**site_of(3), url(0): notice(0, "改后。")})
    with pytest.raises(ProofError, match="before the first observation"):
        prove(office, tmp_path / "other", 2, wanted=[held])
    assert not (tmp_path / "other").exists()


def test_proofs_go_on_after_a_restore_and_lead_to_heads_before_it(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(3))
    before = head_of(office, 1)
    backup.backup(office.paths, tmp_path / "backup", now=office.now)
    office.collect({**site_of(3), url(0): notice(0, "后来丢失。")})
    lost = head_of(office, 2)
    office.paths = Paths(tmp_path / "restored")
    backup.restore(tmp_path / "backup", office.paths, now=office.now + timedelta(hours=1))
    office.now += timedelta(days=2)
    office.collect({**site_of(3), url(0): notice(0, "罚款7万元。")})
    done = prove(office, tmp_path / "proof", 1, wanted=[before])
    assert [head.seq for head in done.heads] == [1, 2]
    assert script(tmp_path / "proof", before).returncode == 0
    assert script(tmp_path / "proof", head_of(office, 2)).returncode == 0
    prove(office, tmp_path / "second", 2)
    assert script(tmp_path / "second").returncode == 0
    with pytest.raises(ProofError, match="no such head"):
        prove(office, tmp_path / "third", wanted=[lost])


def test_what_cannot_be_proved_says_why(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(2))
    (tmp_path / "taken").mkdir()
    with pytest.raises(TargetError, match="exists"):
        prove(office, tmp_path / "taken")
    (tmp_path / "leads nowhere").symlink_to(tmp_path / "nowhere")
    with pytest.raises(TargetError, match="exists"):
        prove(office, tmp_path / "leads nowhere")
    (tmp_path / "leads nowhere").unlink()
    with pytest.raises(LookupError):
        prove(office, tmp_path / "none", 7)
    with closing(open_archive(office.paths).conn) as db:
        true = db.execute("SELECT merkle_root FROM ledger").fetchone()[0]
        db.execute("UPDATE ledger SET merkle_root = ?", ["0" * 64])
    with pytest.raises(ProofError, match="its root is not that of its outcomes"):
        prove(office, tmp_path / "exchanged")
    with closing(open_archive(office.paths).conn) as db:
        db.execute("UPDATE ledger SET merkle_root = ?", [true])
        db.execute("UPDATE ledger SET at = '2026-03-05T00:00:00Z'")
    with pytest.raises(ProofError, match="gongkai verify"):
        prove(office, tmp_path / "altered")
    with closing(open_archive(office.paths).conn) as db:
        db.execute("DELETE FROM ledger")
    with pytest.raises(ProofError, match="not in the ledger yet"):
        prove(office, tmp_path / "early")
    with closing(open_captures(office.paths).conn) as db:
        db.execute("DELETE FROM captures")
    with pytest.raises(ProofError, match="cannot be had"):
        prove(office, tmp_path / "lost")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "taken"]


@pytest.mark.slow
def test_a_proof_stays_small_at_the_end_of_a_year_of_300_sites(office: Office, tmp_path: Path) -> None:
    office.collect(site_of(500))
    with closing(open_archive(office.paths).conn) as db, Transaction(db):
        for _ in range(300 * 365 - 1):
            outcomes.enter(db, 1, "2026-12-31T00:00:00Z", 500, "ab" * 32)
        db.execute("UPDATE ledger SET run = NULL WHERE seq > 1")
    done = prove(office, tmp_path / "proof")
    assert script(tmp_path / "proof").returncode == 0
    assert done.heads[-1].seq == 109_500
    assert done.size < 60_000
