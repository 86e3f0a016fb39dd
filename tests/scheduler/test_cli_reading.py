"""The commands that read an archive: what they say, in words and as JSON, and what they say of wrong references."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.model import Attachment, AttachmentState
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url
from tests.fake_sites.editable import LoopbackSite, collect, configure

Run = Callable[..., tuple[int, str, str]]
EDITED = "LJ/2026-2"  # the index number of the notice that was edited
TWINS = ("/zw/t20260101_0.html", "/zw/t20260102_1.html")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A site of four notices, two of them with one index number; one was edited, one taken down."""
    home = tmp_path_factory.mktemp("reading")
    office = LoopbackSite(4)
    twin = office.answer(TWINS[0], 20)
    office.answers[TWINS[1]] = (twin[0], twin[1], twin[2].replace("第0号".encode(), "第1号".encode()))
    command = configure(home, office)
    collect(command)
    office.pages["/zw/t20260103_2.html"] = "罚款2000元。"
    office.answers["/zw/t20260104_3.html"] = (404, {}, b"")
    collect(command)
    office.server.shutdown()
    office.server.server_close()
    return command


@pytest.fixture
def run(archive: list[str], command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command(*archive[3:])


@pytest.mark.parametrize(
    "words",
    ["changes --json", "show #3 --json", "show #3@1 --json", "diff {edited} --json", "diff {edited} --format json",
     "diff {edited}@2 --json", "search 罚 --json",
     "runs list --json", "status --json", "problems --json", "waiting --json", "waiting --dropped --json",
     "alerts send --json", "alerts status --json", "alerts retry --json",
     "alerts test a@b.example --json", "sites list --json", "sites check --json"],
)  # fmt: skip
def test_json_is_one_document_and_nothing_else(run: Run, words: str) -> None:
    status, out, _ = run(*words.format(edited=EDITED).split())
    json.loads(out)
    assert status in (0, 1)


def test_changes_tell_between_which_times_something_was_gone(run: Run) -> None:
    status, out, _ = run("changes")
    assert (status, out.count("removed"), "baseline" in out) == (0, 1, False)
    assert "present at 20" in out
    assert ", 不在 absent at 20" in out
    assert "内容修改 edited · 实质 substantive  #" in out
    assert "已移除 removed  #" in out
    told = json.loads(run("changes", "--json")[1])
    assert {c["kind"] for c in told} == {"baseline", "edited", "removed"}


def test_a_limit_counts_what_is_shown(run: Run) -> None:
    assert run("changes", "--limit", "2")[1].count("2026-01-0") == 0
    assert "edited" in run("changes", "--limit", "2")[1]
    assert "No changes" not in run("changes", "--limit", "1")[1]


def test_changes_of_a_span_are_those_from_its_beginning_to_before_its_end(run: Run) -> None:
    told = json.loads(run("changes", "--json")[1])
    news = min(c["detected_at"] for c in told if c["kind"] != "baseline")

    def between(*words: str) -> set[str]:
        return {c["kind"] for c in json.loads(run("changes", "--json", *words)[1])}

    assert between("--until", news) == {"baseline"}
    assert between("--since", news) == {"edited", "removed"}
    assert between("--since", told[0]["detected_at"], "--until", news) == {"baseline"}


def test_a_program_asks_for_what_it_has_not_seen(run: Run) -> None:
    told = [c["feed_seq"] for c in json.loads(run("changes", "--json")[1])]

    def beyond(*words: str) -> list[int]:
        return [c["feed_seq"] for c in json.loads(run("changes", "--json", *words)[1])]

    assert told == sorted(set(told))
    assert beyond("--after", "0") == told
    assert beyond("--after", str(told[0]), "--limit", "2") == told[1:3]
    assert beyond("--after", str(told[-1])) == []


def test_a_search_says_that_there_is_more_than_it_shows(run: Run) -> None:
    assert "Only the first 1 are shown" in run("search", "通知", "--limit", "1")[1]
    assert "Only the first" not in run("search", "通知")[1]


def test_who_types_a_word_for_a_document_is_told_of_the_search(run: Run) -> None:
    assert "`gongkai search` finds documents" in run("show", "罚款")[2]


def test_instants_are_shown_in_shanghai_time(run: Run) -> None:
    out = run("show", EDITED)[1]
    assert "+00:00" not in out


def test_a_reference_that_fits_several_documents_lists_them(run: Run) -> None:
    for words in (["show"], ["show", "--json"], ["diff"]):
        status, out, err = run(*words, "LJ/2026-0")
        assert status == 2
        assert [path in err for path in TWINS] == [True, True]
        if "--json" in words:
            assert json.loads(out)["exit_status"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show #1@999999999999999999999", "no such document"),
        ("show #1@9", "has no version 9"),
        ("show #999999999999999999999", "no such document"),
        ("show http://[::1", "no such document"),
        ("diff #1", "only one version"),
        ("diff {edited}@1", "its first version"),
        ("diff {edited}@2 1", "names a version already"),
        ("diff {edited}@1 {edited}@2", "as in `gongkai diff '#12' 1 3`"),
        ("diff {edited} 1 @2", "write DOC once and its versions' numbers"),
        ("diff {edited} 1 99999999999999999999999", "is not in the range"),
        ("changes --site linjian", "did you mean linjiang?"),
        ("changes --since 0001-01-01", "write 2026-03-01"),
        ("changes --since 2026-03-02 --until 2026-03-02", "nothing lies between them"),
        ("changes --limit 99999999999999999999999", "is not in the range"),
        ("search 罚 --limit 99999999999999999999999", "is not in the range"),
        ("search 罚 --site x", "no such site"),
        ("runs list --limit 99999999999999999999999", "is not in the range"),
        ("runs accept 99999999999999999999999", "is not in the range"),
        ("runs accept 1", "it holds nothing"),
        ("alerts preview --html x.html", "name its subscription"),
        ("extract http://", "names a host"),
        ("extract http://[::1", "not an address"),
        ("extract http://user:word@a.example/", "must not carry"),
        ("extract /etc", "not a file"),
        ("browse --host nowhere.invalid", "nowhere.invalid:8001"),
    ],
)
def test_wrong_references_and_numbers(run: Run, words: str, said: str) -> None:
    status, out, err = run(*words.format(edited=EDITED).split())
    assert (status, out) == (2, "")
    assert said in err


def test_an_error_is_json_for_a_program_that_asked_for_json(run: Run) -> None:
    status, out, err = run("show", "#99", "--json")
    assert status == 2
    assert json.loads(out) == {"error": err.removeprefix("Error: ").strip(), "exit_status": 2}


def test_a_test_message_without_a_server_names_its_file(run: Run) -> None:
    out = run("alerts", "test", "a@b.example")[1]
    assert Path(out.split("the file ")[1].strip()).exists()


def test_a_value_is_not_said_twice(run: Run) -> None:
    out = run("show", "#3")[1]
    assert "issuing_body:" not in out or "issuing_bodies:" not in out
    lines = [
        line.partition(": ")[2] for line in out.splitlines() if line.startswith("  ") and "_raw: " in line
    ]
    assert not [text for text in lines if out.count(f": {text}\n") > 1]


def test_show_prints_the_texts_of_attached_files_too(tmp_path: Path, command: Callable[..., Run]) -> None:
    """见附件。 was all that it said of many a notice."""
    office = Office(tmp_path / "data", SitePolicy())
    texts = {"分工表.xlsx": "东城\t46\n\u202e西城\t32", "照片.png": None}
    files = [
        Attachment(
            name=name, url=f"{url(0)}/{n}", sha256=f"{n:064x}", text=text, state=AttachmentState.FETCHED
        )
        for n, (name, text) in enumerate(texts.items())
    ]
    office.collect({url(0): notice(0, attachments=tuple(files))})
    out = command("--data", str(office.paths.data))("show", "#1")[1]
    assert out.endswith("\n\n附件 attachment: 分工表.xlsx\n东城\t46\n<U+202E>西城\t32\n")
