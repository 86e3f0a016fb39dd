"""Offices behind TLS: the certificate is evidence, and no reason not to collect."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from tests import here
from tests.fake_sites.editable import LoopbackSite, collect, configure, content
from tests.fake_sites.tls import behind_tls


def test_an_expired_certificate_for_another_name_is_kept_and_proved(
    site: Callable[..., LoopbackSite], tmp_path: Path
) -> None:
    office = site(3)
    certificate = behind_tls(office, tmp_path)
    command = configure(tmp_path, office, allow=office.base.removeprefix("https://"))
    status, report = collect(command)
    assert (status, report["fetched"], report["failed"]) == (0, 4, 0)  # the list and three notices
    assert len(content(tmp_path)) == 3
    with closing(sqlite3.connect(tmp_path / "data" / "captures.db")) as db:
        assert db.execute("SELECT sha256, der FROM certificates").fetchall() == [
            (sha256(certificate).hexdigest(), certificate)
        ]
        assert db.execute("SELECT count(*) FROM captures WHERE certificate_sha256 IS NULL").fetchone() == (0,)
    folder = tmp_path / "proof"
    assert here.gongkai(*here.of(command), "proof", "#1@1", str(folder)).returncode == 0
    assert [f.read_bytes() for f in folder.rglob("*.certificate.der")] == [certificate]
    assert (
        subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True).returncode == 0
    )


def test_a_server_that_speaks_tls_1_0_alone_is_collected(
    site: Callable[..., LoopbackSite], tmp_path: Path
) -> None:
    office = site(1)
    behind_tls(office, tmp_path, old=True)
    command = configure(tmp_path, office, allow=office.base.removeprefix("https://"))
    status, report = collect(command)
    assert (status, report["fetched"], report["failed"], report["baseline"]) == (0, 2, 0, 1)


def test_plain_http_on_the_port_of_https_is_a_failure_that_says_so(
    site: Callable[..., LoopbackSite], tmp_path: Path
) -> None:
    office = site(1)
    office.base = office.base.replace("http://", "https://")
    command = configure(tmp_path, office, allow=office.base.removeprefix("https://"))
    status, report = collect(command)
    assert (status != 0, report["fetched"]) == (True, 0)
    assert any("TLS failed: wrong version number" in reason for reason in report["reasons"]), report
