"""Commands that show, take out and thin what the archive holds, as a person types them."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from archive import backup
from archive.batch import Outcome
from archive.export import whole_file
from archive.proofs import folder
from archive.store import exclusive, open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An archive of three notices, of which #1 was edited once."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(3))
    office.collect({**site_of(3), url(0): notice(0, "罚款3万元。")})
    return office


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command("--data", str(office.paths.data))


def test_proof_writes_a_folder_and_says_to_which_heads_it_leads(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("proof", "#1@1", str(tmp_path / "proof"))
    assert (status, out.count("leads to head")) == (0, 2)
    command = [sys.executable, "-I", str(tmp_path / "proof" / "verify.py")]
    assert subprocess.run(command, capture_output=True).returncode == 0
    status, _, err = run("proof", "#1@1", str(tmp_path / "proof"))
    assert (status, "exists" in err) == (2, True)


def test_export_never_replaces_a_file_unasked(run: Run, tmp_path: Path) -> None:
    for form in ("warc", "jsonl", "csv"):
        dest = tmp_path / f"out.{form}.gz"
        assert run("export", form, str(dest))[0] == 0
        assert dest.read_bytes()[:2] == b"\x1f\x8b"
        status, _, err = run("export", form, str(dest))
        assert (status, "--force" in err) == (2, True)
        assert (
            run("export", form, str(dest), "--force", "--site", "linjiang", "--until", "2030-01-01")[0] == 0
        )
    assert not list(tmp_path.glob(".*"))


def test_export_never_takes_the_place_of_a_device(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # --force /dev/null, as root, would end every program on the machine
    status, _, err = run("export", "csv", str(pipe), "--force")
    assert (status, "name a file" in err, pipe.is_fifo()) == (2, True, True)


@pytest.mark.parametrize(
    "words",
    ["export csv - --force", "export warc -", "proof #1 -", "backup -", "publish -", "alerts preview --html -",
     "sites add http://a.example/ --output -", "sites fixture linjiang http://a.example/ --dir -"],
)  # fmt: skip
def test_a_dash_is_no_name_of_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """`export csv - | …` wrote a file of that name, and nothing into the pipe."""
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*words.split())
    assert (status, out) == (2, "")
    assert "- is no name here: standard output is not written to" in " ".join(err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_file_of_that_name_can_be_meant(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", "csv", "./-")[0] == 0
    assert (tmp_path / "-").read_bytes()


def test_a_damaged_file_is_no_full_disk(run: Run, office: Office, tmp_path: Path) -> None:
    content = bytearray(office.paths.captures.read_bytes())
    for start in range(8192, len(content), 4096):
        content[start : start + 64] = bytes(range(64))
    office.paths.captures.write_bytes(content)
    for words in (("export", "warc", str(tmp_path / "a.warc")), ("backup", str(tmp_path / "copy"))):
        status, _, err = run(*words)
        assert (status, "`gongkai verify` says which" in err, "disk's space" in err) == (1, True, False), err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_verify_calls_nothing_clean_that_it_does_not_know(run: Run, office: Office) -> None:
    with closing(sqlite3.connect(office.paths.captures)) as db:
        db.execute(
            "UPDATE _sqlite_migrations SET name = 'm999_later' WHERE id = (SELECT max(id) FROM _sqlite_migrations)"
        )
        db.execute(
            "INSERT INTO _sqlite_migrations SELECT max(id) + 1, migration_set, 'm003_dictionaries', applied_at"
            " FROM _sqlite_migrations"
        )
        db.commit()
    status, out, err = run("verify")
    assert (status, out, "captures.db: written by a newer gongkai (migration m999_later)" in err) == (
        1,
        "",
        True,
    )


def test_export_of_a_span_that_is_none(run: Run, tmp_path: Path) -> None:
    words = ("--since", "2026-05-01", "--until", "2026-05-01")
    status, _, err = run("export", "csv", str(tmp_path / "a.csv"), *words)
    assert (status, "not after --since 2026-05-01" in err) == (2, True)
    assert not (tmp_path / "a.csv").exists()


def test_runs_of_no_site_and_of_no_archive(run: Run, tmp_path: Path) -> None:
    assert run("runs", "list", "--site", "linjaing")[0] == 2
    nowhere = tmp_path / "nowhere"
    for words in (("accept", "1"), ("drop", "1")):
        status, _, err = run("--data", str(nowhere), "runs", *words)
        assert (status, "no such archive" in err) == (1, True)
    assert not nowhere.exists()


def test_export_of_answers_whose_stretch_names_no_body(run: Run, office: Office, tmp_path: Path) -> None:
    """As archives from before there were proofs hold them: it ended in a traceback."""
    with closing(sqlite3.connect(office.paths.archive)) as db:
        db.execute("UPDATE stretches SET body_sha256 = NULL")
        db.commit()
    status, out, err = run("export", "warc", str(tmp_path / "a.warc"))
    assert (status, "4 response" in out, "Traceback" in err) == (0, True, False)


@pytest.mark.parametrize(
    "words", ["export csv {home}/out.csv", "export warc {home}/out.warc.gz", "proof #1 {home}/out"]
)
def test_a_disk_that_is_full_is_told_of_with_the_name_and_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """ "Error: No space left on device", it said."""

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for module in (whole_file, folder):
        monkeypatch.setattr(module, "sync", full)
    status, out, err = run(*words.format(home=tmp_path).split())
    assert (status, out) == (1, "")
    assert f"Error: {tmp_path}/out" in err
    assert "No space left on device; free some room" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_snapshot_that_cannot_be_made_leaves_no_directory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(backup, "sync", full)
    assert run("publish", str(tmp_path / "snap"))[0] == 1
    assert not (tmp_path / "snap").exists()


def test_export_counts_what_it_wrote(run: Run, tmp_path: Path) -> None:
    assert "4 response" in run("export", "warc", str(tmp_path / "a.warc"))[1]
    assert "3 documents" in run("export", "jsonl", str(tmp_path / "a.jsonl"))[1]
    assert "4 versions" in run("export", "csv", str(tmp_path / "a.csv"), "--versions")[1]
    assert "2 versions" in run("export", "csv", str(tmp_path / "b.csv"), "--versions", "--doc", "#1")[1]
    assert run("export", "csv", str(tmp_path / "one.csv"), "--doc", "#1")[1].endswith("; 1 document\n")


def test_withdraw_says_what_it_did_and_nothing_shows_it_any_more(run: Run) -> None:
    status, out, err = run("withdraw", "#1@1", "--reason", "临江市法院裁定 2026-7", "--yes")
    assert (status, "withdrew @1" in out, "Not reached" in out) == (0, True, True)
    assert err == ""  # how far it is, is said of work that takes long
    status, out, _ = run("show", "#1@1")
    assert (status, "罚款5万元" in out, "临江市法院裁定 2026-7" in out) == (0, False, True)
    assert "withdrawn: 临江市法院裁定" in run("show", "#1")[1]
    status, _, err = run("diff", "#1")
    assert (status, "was withdrawn" in err) == (1, True)
    status, _, err = run("proof", "#1@1", "unmade")
    assert (status, "(Asia/Shanghai)" in err, "Z (" in err) == (1, True, False)
    assert run("verify")[0] == 0
    status, out, _ = run("withdraw", "#1@1", "--reason", "again", "--yes")
    assert (status, "nothing that was not withdrawn already" in out) == (0, True)
    assert run("withdraw", "#2", "--reason", "全部", "--yes")[0] == 0
    assert "已撤下 (withdrawn)" in run("changes", "--kind", "baseline")[1]


def texts(office: Office) -> list[str]:
    """The messages in the outbox as people would read them."""
    with closing(open_for_reading(office.paths.alerts)) as db:
        rows = [row[0] for row in db.execute("SELECT message FROM outbox ORDER BY id")]
    parts = [message_from_bytes(row, policy=policy.default).get_body(("plain",)) for row in rows]
    return [part.get_content() if part else "" for part in parts]


def test_mails_that_wait_are_composed_again_without_it(
    run: Run, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "settings.yml").write_text("smtp: {host: 127.0.0.1, port: 1, tls: none}\n")
    (config / "sites" / "linjiang.yml").write_text(
        "site: linjiang\nname: 临江市\nurl: http://linjiang.example/\nplatform: static_list\n"
        "catalogues: [{key: gongwen, url: http://linjiang.example/gongwen/}]\n"
    )
    (config / "subscriptions.yml").write_text(
        "subscriptions:\n  - {key: all, to: a@example.org, sites: all, schedule: {}}\n"
    )
    monkeypatch.setenv("GONGKAI_CONFIG", str(config))
    run("alerts", "send")  # begins at the feed's end
    office.collect({**site_of(3), url(0): notice(0, "当事人张三丰。"), url(1): notice(1, "当事人李四海。")})
    run("alerts", "send")
    assert "张三丰" in texts(office)[0]
    assert "1 to be tried again, first at 20" in run("alerts", "send")[1]
    right = (config / "subscriptions.yml").read_text().replace("a@example", "b@example")
    (config / "subscriptions.yml").write_text(right)
    run("alerts", "send")
    assert "all → b@example.org" in run("alerts", "status")[1]
    assert run("verify")[0] == 0
    (config / "subscriptions.yml").write_text("subscriptions: 7\n")  # a message could not be composed again
    status, _, err = run("withdraw", "#1@3", "--reason", "个人信息", "--yes")
    assert (status, "subscriptions.yml:1" in err, "张三丰" in run("show", "#1@3")[1]) == (2, True, True)
    (config / "subscriptions.yml").write_text(right)
    assert "composed again" in run("withdraw", "#1@3", "--reason", "个人信息", "--yes")[1]
    (told,) = texts(office)
    assert "张三丰" not in told
    assert "第0号" not in told
    assert "李四海" in told
    assert "composed again" in run("withdraw", "#2", "--reason", "个人信息", "--yes")[1]
    assert texts(office) == []  # nothing is left to tell
    assert run("verify")[0] == 0


def test_prune_writes_nothing_unless_it_is_told_to(run: Run, office: Office) -> None:
    office.collect({url(0): Outcome.GONE})
    status, out, _ = run("prune", "--older-than", "1")
    assert (status, "Nothing was written" in out) == (0, True)
    status, out, _ = run("prune", "--apply")
    assert (status, out.count(" bytes, ")) == (0, 2)
    assert run("verify")[0] == 0
    with exclusive(office.paths):
        status, _, err = run("prune", "--apply")
    assert (status, "is writing here" in err) == (1, True)


def test_a_wrong_merge_is_listed_and_split(run: Run, office: Office) -> None:
    assert "No documents were merged" in run("documents", "merged")[1]
    office.policy = SitePolicy(confirm_checks=1, confirm_days=0)
    new = "http://linjiang.example/gongwen/new.html"
    pages = {url(1): notice(1), url(2): notice(2), new: notice(0, "另一件事。")}
    office.collect({**pages, url(0): Outcome.GONE}, listed=list(pages))
    (merge,) = json.loads(run("documents", "merged", "--json")[1])
    assert (merge["document"], merge["into"], merge["how"]) == (4, 1, "move")
    assert "found at a new address" in run("documents", "merged", "#1")[1]
    status, out, _ = run("documents", "split", new)
    assert (status, "#4 (1 version) and #1 (2 versions) stand alone" in out) == (0, True)
    assert "另一件事" in run("show", "#4")[1]
    assert run("verify")[0] == 0
    status, _, err = run("documents", "split", "#4")
    assert (status, "merged into no other document" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("documents split #99", 2, "no such merged document"),
        ("documents split http://nowhere.example/", 2, "no such merged document"),
        ("documents split #1", 2, "merged into no other document"),
        ("documents merged #99", 2, "no such document"),
        ("documents", 2, "Usage"),
        ("--data {home}/none documents split #1", 1, "no such archive"),
        ("prune --older-than 0", 2, "0 is not in the range"),
        ("prune --older-than soon", 2, "'soon' is not a valid whole number"),
        ("prune --site nowhere", 2, "the archive has no such site"),
        ("--data {home}/none prune", 1, "no such archive"),
        ("withdraw #1@1", 2, "Missing option '--reason'"),
        ("withdraw #1@1 --reason", 2, "requires an argument"),
        ("withdraw #1@9 --reason x --yes", 2, "has no version 9"),
        ("withdraw #44 --reason x", 2, "no such document"),
        ("withdraw #1 --reason \x1b[2J", 2, "one line of 1 to 500 characters"),
        ("export xml {home}/a", 2, "'xml' is not one of"),
        ("export jsonl {home}/a --site nowhere", 2, "the archive has no such site; it knows linjiang"),
        (
            "export jsonl {home}/a --since yesterday",
            2,
            "--since 'yesterday': no such day or time; write 2026-03-01",
        ),
        ("export jsonl {home}/a --until 2026-13-01", 2, "--until '2026-13-01': no such day or time; write"),
        ("export csv {home}/a --doc #1@1", 2, "name a document, not a version"),
        ("export csv {home}/a --doc #77", 2, "no such document"),
        ("export warc {home}/a --versions", 2, "--versions is for jsonl and csv"),
        ("export csv {home}/a --no-revisits", 2, "--no-revisits is for warc"),
        ("export csv {home}/data --force", 2, "is a directory; name a file"),
        ("export csv {home}/data/archive.db --force", 2, "is a file of the archive itself"),
        ("--data {home}/none export csv {home}/a", 1, "no such archive"),
        ("proof #1@9 {home}/p", 2, "#1 has no version 9"),
        ("proof #99 {home}/p", 2, "no such document"),
        ("proof #1@1 {home}/p --head 1234", 2, "64 hexadecimal digits"),
        ("proof #1@1", 2, "Missing argument 'DIR'"),
        ("proof #1@1 {home}/data/archive.db", 2, "exists"),
        (
            "proof #1@1 {home}/data/archive.db/p",
            2,
            "data/archive.db: this is a file, and a directory is needed there",
        ),
    ],
)
def test_wrong_use_ends_in_one_clear_line(
    run: Run, tmp_path: Path, words: str, status: int, said: str
) -> None:
    done, _, err = run(*words.format(home=tmp_path).split())
    assert (done, said in err, "Traceback" in err) == (status, True, False), err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "csv", "a", "--doc", ""), "no such document"),
        (("export", "csv", "a", "--site", ""), "no such site"),
        (("reparse", "--site", ""), "the archive holds no site"),
        (("documents", "merged", ""), "no such document"),
        (("extract", "--url", "", "a.html"), "expected an address"),
        (("extract", "--site", "", "a.html"), "no site file has the key ''"),
    ],
)
def test_nothing_given_is_not_nothing_asked_for(run: Run, words: tuple[str, ...], said: str) -> None:
    """`export --doc "$DOC"` of a script whose variable is empty exported all documents."""
    status, _, err = run(*words)
    assert (status, said in err) == (2, True), err


def test_a_target_that_is_there_is_wrong_usage_whatever_would_be_written(run: Run, tmp_path: Path) -> None:
    """Some commands ended with 1, as of work that was begun, others with 2."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "archive.db").write_bytes(b"x")
    assert run("backup", str(tmp_path / "backup"))[0] == 0
    (tmp_path / "out.csv").write_bytes(b"x")
    for words in (
        f"backup {tmp_path}/there",
        f"publish {tmp_path}/there",
        f"proof #1 {tmp_path}/there",
        f"export csv {tmp_path}/out.csv",
        f"restore {tmp_path}/backup",
        f"publish {tmp_path}/out.csv",
        f"backup {tmp_path}/out.csv/b",
        f"export csv {tmp_path}/{'x' * 300}",
    ):
        status, out, err = run(*words.split())
        assert (status, out, len(err.splitlines())) == (2, "", 1), (words, err)
    assert (tmp_path / "out.csv").read_bytes() == b"x"
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["archive.db"]


@pytest.mark.parametrize("head", ["1234", "f" * 64])
def test_a_head_that_is_none_of_the_ledger_is_wrong_usage(run: Run, tmp_path: Path, head: str) -> None:
    status, out, err = run("proof", "#1@1", str(tmp_path / "p"), "--head", head)
    assert (status, out, "--head" in err) == (2, "", True)
    assert not (tmp_path / "p").exists()


def test_an_archive_of_an_older_gongkai_is_called_that(run: Run, office: Office, tmp_path: Path) -> None:
    """ "no such column: packed … Look at the disk's space and permissions", said `show` after an upgrade."""
    with closing(sqlite3.connect(office.paths.archive)) as db:
        db.execute("ALTER TABLE bodies RENAME COLUMN packed TO squeezed")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm013_indexed_texts'")
        db.commit()
    for words in ("show #1", "diff #1", f"proof #1 {tmp_path}/p", f"export jsonl {tmp_path}/a", "verify"):
        status, out, err = run(*words.split())
        told = (
            "archive.db: its tables are those of an older gongkai; the next `gongkai collect` brings them up"
        )
        assert (status, out, told in err, "disk" in err) == (1, "", True, False), err
    assert run("backup", str(tmp_path / "backup"))[0] == 0  # what one does before an upgrade
