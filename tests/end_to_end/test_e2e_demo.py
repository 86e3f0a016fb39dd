"""The first command that anybody runs: what it says happens, happens, and what it gives to be copied works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.terminal import width

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demonstration_tells_four_changes_and_how_to_read_them(tmp_path: Path) -> None:
    home = tmp_path / "数据 1"
    gongkai = [sys.executable, "-m", "scheduler"]
    command = [*gongkai, "--config", str(ROOT / "config"), "--data", str(home), "demo", "--once"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = re.findall(r"^   (\S+ [A-Z][a-z ]+?) {2,}(\S+)$", done.stdout, re.MULTILINE)
    assert {kind for kind, _ in rows} == {
        "内容修改 Edited",
        "已移除 Removed",
        "新增 Added",
        "附件变更 Attachment changed",
    }
    lines = [line for line in done.stdout.splitlines() if any(line.endswith(title) for _, title in rows)]
    assert len({width(line[: line.index(title)]) for line, (_, title) in zip(lines, rows, strict=True)}) == 1
    (told,) = re.findall(r"Read it: gongkai (.+)$", done.stdout, re.MULTILINE)
    read = subprocess.run(
        [*gongkai, *shlex.split(told)], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert read.returncode == 0
    assert "5万 → 3万" in read.stdout
    assert len(list((home / "demo" / "outbox").glob("*.eml"))) == 1
