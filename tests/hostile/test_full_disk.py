"""A full or read-only disk: one line that says why, an exit status that cron sees, nothing lost, and the next run completes."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fake_sites.editable import LoopbackSite, collect, configure, content

DOCUMENTS = 60


@pytest.fixture
def site():
    made = LoopbackSite(DOCUMENTS)
    yield made
    made.server.shutdown()


def limited(command: list[str], size: int) -> subprocess.CompletedProcess[str]:
    """A collection in which no file may grow beyond ``size`` bytes: to SQLite, a full disk."""
    return subprocess.run(
        [*command, "collect", "--json"], capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip


def sizes(count: int, largest: int) -> list[int]:
    return [4096 + (largest - 8192) * n // count for n in range(count)]


@pytest.mark.parametrize("points", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_disk_full_at_many_points(points: int, tmp_path: Path, site: LoopbackSite) -> None:
    calm = tmp_path / "calm"
    assert collect(configure(calm, site))[0] == 0
    wanted = content(calm)
    largest = max(p.stat().st_size for p in (calm / "data").iterdir() if p.suffix == ".db")
    failed = 0
    for size in sizes(points, largest):
        home = tmp_path / str(size)
        command = configure(home, site)
        done = limited(command, size)
        assert "Traceback" not in done.stderr, (size, done.stderr)
        if done.returncode:
            failed += 1
            lines = [line for line in done.stderr.splitlines() if line.startswith("Error")]
            assert len(lines) == 1, (size, done.stderr)
            assert "full" in lines[0] or "disk I/O error" in lines[0] or "too large" in lines[0], lines
        status, report = collect(command)
        assert (status, report["outcome"]) == (0, "complete"), (size, report)
        assert content(home) == wanted, size
        shutil.rmtree(home)
    assert failed > points // 2  # the limits were felt


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a read-only file system needs root")
def test_a_read_only_disk(tmp_path: Path, site: LoopbackSite) -> None:
    command = configure(tmp_path, site)
    assert collect(command)[0] == 0
    before = content(tmp_path)
    site.pages["/zw/t20260101_999.html"] = "新的一条。"
    data = tmp_path / "data"
    line = f'mount --bind {data} {data} && mount -o remount,ro,bind {data} && exec "$@"'
    wrapped = ["unshare", "-m", "--propagation", "private", "sh", "-c", line, "sh", *command]
    probe = subprocess.run([*wrapped[:7], "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("this machine allows no mounts")
    for words in (["collect"], ["alerts", "send"]):
        done = subprocess.run([*wrapped, *words], capture_output=True, text=True, timeout=60)
        assert done.returncode not in (0, 2), done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("Error"), done.stderr
    assert content(tmp_path) == before
    assert collect(command)[1]["new"] == 1
