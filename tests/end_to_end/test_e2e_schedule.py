"""The daemon, as its own process: what is due is collected together, and it stops when it is told to."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests import here
from tests.fake_sites.editable import LoopbackSite, configure

SITES = ("linjiang", "qingshan")


def test_sites_that_are_due_are_collected_together(tmp_path: Path, site: Callable[..., LoopbackSite]) -> None:
    """One after the other, a day would end before hundreds of them. Two at once is the default."""
    office = site(3)
    command = configure(tmp_path, office)
    text = (tmp_path / "config" / "sites" / "linjiang.yml").read_text("utf-8")
    for name in SITES[1:]:
        base = site(3).base
        (tmp_path / "config" / "sites" / f"{name}.yml").write_text(
            text.replace("site: linjiang", f"site: {name}").replace(office.base, base), "utf-8"
        )
    settings = tmp_path / "config" / "settings.yml"
    settings.write_text(
        settings.read_text("utf-8").replace(office.base.removeprefix("http://"), "127.0.0.1"), "utf-8"
    )
    assert here.gongkai(*here.of(command), "collect").returncode == 0
    archive = tmp_path / "data" / "archive.db"
    with closing(sqlite3.connect(archive)) as db:  # as if the daemon had been down for three days
        db.execute(
            "UPDATE runs SET started_at = replace(started_at, substr(started_at, 1, 10), '2026-01-05')"
        )
        db.commit()
    daemon = subprocess.Popen(
        [*command, "schedule"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    killer = threading.Timer(120, daemon.kill)
    killer.start()
    lines, ended = list[str](), 0
    assert daemon.stdout is not None
    for line in daemon.stdout:
        lines.append(line)
        ended += ": complete" in line
        if ended == len(SITES) and ": complete" in line:
            daemon.send_signal(signal.SIGTERM)
    status = daemon.wait(timeout=20)
    killer.cancel()
    said = "".join(lines)
    assert status == 0, said
    in_its_zone = re.findall(
        r"^[-\d]{10} [:\d]{8} [+-]\d{4} WARNING .* its slot passed while nothing ran", said, re.MULTILINE
    )
    assert len(in_its_zone) == len(SITES), said
    assert "Traceback" not in said
    with closing(sqlite3.connect(archive)) as db:
        runs = db.execute("SELECT collection, count(DISTINCT site) FROM runs GROUP BY collection").fetchall()
    assert [sites for _, sites in runs] == [len(SITES)] * 2, runs
