"""`gongkai` without a process of its own, which takes half a second to load: what it prints, and its exit status.

That it does the same as a process is shown where its end, its streams or its signals are looked at: ``test_cron_use``,
``test_cli_care``, ``test_e2e_killed``.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from scheduler.cli import main


def gongkai(*words: str) -> subprocess.CompletedProcess[str]:
    """A command line, run in this process. The processes that it starts are as real as ever."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    status = 0
    with patch.object(sys, "argv", ["gongkai", *words]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    texts = [_written(stream) for stream in (out, err)]
    return subprocess.CompletedProcess(words, status, *texts)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def of(command: Sequence[str]) -> tuple[str, ...]:
    """The words behind the program in a command line that would start it."""
    start = [sys.executable, "-m", "scheduler"]
    assert list(command[: len(start)]) == start, command
    return tuple(command[len(start) :])
