"""A collection asks the hosts of its site, and nobody else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.fake_sites.editable import collect, configure


def test_a_cookie_sends_nobody_to_another_host(tmp_path: Path, site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrapy asks a library whose domain a cookie is for, and that library the internet for a list of domains."""
    office = site(2)
    row = next(iter(office.pages))
    status, headers, body = office.answer(row, 20)
    office.answers[row] = (status, {**headers, "Set-Cookie": "JSESSIONID=1; Path=/"}, body)
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.getsockname()[1]}")
        monkeypatch.setenv("TLDEXTRACT_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("TLDEXTRACT_DEFAULT_FETCH_TIMEOUT", "1")
        assert collect(configure(tmp_path, office))[0] == 0
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert not (tmp_path / "cache").exists()
