"""What a stranger reads first: whole sentences, within the terminal, and true."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli import COMMANDS, gongkai
from scheduler.commands.browse import listen
from scheduler.context import Context, UsageProblem
from scheduler.terminal import width


def shown(*words: str) -> str:
    done = CliRunner().invoke(gongkai, [*words, "--help"], terminal_width=80)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("words", [(), ("sites",), ("runs",), ("alerts",), ("documents",)])
def test_lists_of_commands_are_whole_sentences_on_one_line(words: tuple[str, ...]) -> None:
    text = shown(*words)
    assert "..." not in text.replace("COMMAND [ARGS]...", "")
    listed = re.findall(r"^  ([a-z]+) {2,}\S.*$", text, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS if not words else gongkai.get_command(None, words[0]).commands)  # type: ignore
    assert not [line for line in text.splitlines() if width(line) > 80]


def test_each_command_says_what_the_list_says_of_it() -> None:
    for name in COMMANDS:
        assert shown(name).startswith(f"Usage: gongkai {name} ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("changes", "--limit", "ten"), "'ten' is not a valid whole number"),
        (("changes", "--limit", "0"), "0 is not in the range x>=1"),
        (("changes", "--limit", "9" * 30), "is not in the range"),
        (("runs", "show", "#1"), "'#1' is not a valid whole number"),
        (("browse", "--port", "70000"), "70000 is not in the range 0<=x<=65535"),
        (("prune", "--older-than", "1.5"), "'1.5' is not a valid whole number"),
    ],
)
def test_numbers_are_asked_for_in_plain_words(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(gongkai, words)
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_no_bound_that_only_a_machine_has_stands_in_a_help_text() -> None:
    for words in (("changes",), ("runs", "list"), ("collect",), ("alerts", "preview")):
        assert "2147483647" not in shown(*words)
    assert re.search(r"--limit N +The newest N only", shown("changes"))
    assert "Usage: gongkai runs show [OPTIONS] RUN" in shown("runs", "show")


def test_a_misspelt_command_is_guessed() -> None:
    assert "Did you mean `gongkai changes`?" in CliRunner().invoke(gongkai, ["chnages"]).output
    assert "Try `gongkai --help`" in CliRunner().invoke(gongkai, ["qqqq"]).output


def test_a_port_in_use_is_said_without_the_words_of_a_library() -> None:
    with closing(listen("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        with pytest.raises(UsageProblem) as told:
            listen("127.0.0.1", port)
    assert told.value.message.startswith(f"127.0.0.1:{port}: Address already in use; give another --port")


@pytest.mark.parametrize("prefix", ["https://data.example.org/", "/a//b/", "/公开/", "/a?b", "/a b/"])
def test_what_is_no_path_is_no_prefix(prefix: str) -> None:
    done = CliRunner().invoke(gongkai, ["browse", "--port", "0", "--prefix", prefix])
    assert (done.exit_code, "give a path, such as /gongkai/" in done.output) == (2, True), done.output


def test_a_command_to_be_copied_names_the_directories_that_were_given() -> None:
    def said(config: str, data: str) -> str:
        return Context(Path(config), Path(data), lambda: datetime.now(UTC)).command_line

    assert said("config", "data") == "gongkai"
    assert said("/etc/gongkai", "data") == "gongkai --config /etc/gongkai"
    assert said("config", "数据 1") == "gongkai --data '数据 1'"


def test_what_could_not_be_told_is_not_listed_as_to_be_mended_in_no_file(tmp_path: Path) -> None:
    config = Path(__file__).parents[2] / "config"
    done = CliRunner().invoke(gongkai, ["--config", str(config), "sites", "add", "http://127.0.0.1:1/"])
    assert done.exit_code == 1
    assert "Not recognised" in done.output
    assert "not known" not in done.output
    assert "look at" not in done.output
