"""What a person sees while a collection goes on: on a terminal one line that is written over, elsewhere nothing."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
from pathlib import Path

from scheduler.commands.collect import Watch
from tests.fake_sites.editable import LoopbackSite, configure


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_how_far_each_site_is_and_goes_when_it_ends() -> None:
    shown = Terminal()
    watch = Watch(shown, columns=80)
    watch("linjiang", 0, 0)
    watch("qingshan", 1234, 56)
    watch.ended("linjiang")
    lines = shown.getvalue().split("\r\x1b[K")
    assert lines[1:] == [
        "linjiang: begun",
        "linjiang: begun  qingshan: 1,234 asked for, 56 documents read",
        "",
    ]


def test_a_line_is_no_longer_than_the_terminal() -> None:
    shown = Terminal()
    watch = Watch(shown, columns=40)
    for number in range(9):
        watch(f"site-{number}", 5, 3)
    assert max(len(line) for line in shown.getvalue().split("\r\x1b[K")) < 40


def test_where_there_is_no_terminal_nothing_is_written() -> None:
    shown = io.StringIO()
    Watch(shown, columns=80)("linjiang", 5, 3)
    assert shown.getvalue() == ""


def test_a_collection_on_a_terminal_says_what_it_does_and_leaves_its_own_lines_whole(tmp_path: Path) -> None:
    office = LoopbackSite(3)
    command = configure(tmp_path, office)
    ours, theirs = pty.openpty()
    done = subprocess.run([*command, "collect", "--json"], stdout=subprocess.PIPE, stderr=theirs, timeout=60)
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        told += piece
    os.close(ours)
    assert done.returncode == 0
    assert json.loads(done.stdout)["sites"][0]["baseline"] == 3
    assert b"linjiang: begun" in told
    assert b"3 documents read" in told
    assert told.endswith(b"\r\x1b[K")
