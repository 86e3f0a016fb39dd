"""What a stranger reads first: whole sentences, within the terminal, and true."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from scheduler.cli import COMMANDS, gongkai
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
