"""Peak memory of a first collection as the site grows: it must stay flat.

``python -m benchmarks.memory [--pages 1000 5000 10000 50000]`` collects a loopback site of each size into a fresh
archive and prints the peak resident memory of the process that writes and of the one that fetches and parses, and
the ratio of the largest of each to that of the size before. The site is that of :mod:`benchmarks.collection`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.collection import ROOT, SERVER, gongkai_command

_LOOK_EVERY = (
    0.25  # seconds; the kernel keeps the peak itself, so that this only bounds what the last moment adds
)


@dataclass
class Peaks:
    """Peak resident memory (MB) of a command and of the processes it starts, as the kernel counts it."""

    writer: float = 0.0
    children: dict[int, float] = field(default_factory=dict)

    @property
    def child(self) -> float:
        return max(self.children.values(), default=0.0)

    def look(self, pid: int) -> None:
        """Read the peaks so far. A process that has ended keeps what was read last."""
        self.writer = max(self.writer, _peak(pid))
        try:
            listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return
        for child in map(int, listed):
            self.children[child] = max(self.children.get(child, 0.0), _peak(child))


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def collected(command: list[str]) -> tuple[Peaks, float]:
    """Peaks of a collection and its seconds. Raises SystemExit when it does not end well."""
    peaks, start, ended = Peaks(), time.monotonic(), threading.Event()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )

    def watch() -> None:
        while not ended.wait(_LOOK_EVERY):
            peaks.look(process.pid)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, words = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}\n{words}")
    return peaks, time.monotonic() - start


def measure(pages: int) -> tuple[Peaks, float]:
    """One first collection of a site of so many pages."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(pages)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdout is not None
    home = Path(tempfile.mkdtemp())
    try:
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        return collected(gongkai_command(home, base))
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 5000, 10_000, 50_000])
    first: Peaks | None = None
    for pages in parser.parse_args().pages:
        peaks, seconds = measure(pages)
        first = first or peaks
        print(
            f"{pages:>6} pages  writer {peaks.writer:5.0f} MB ({peaks.writer / first.writer:.2f})"
            f"  collector {peaks.child:5.0f} MB ({peaks.child / first.child:.2f})  {seconds:5.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
