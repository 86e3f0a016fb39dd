"""What tests of commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from scheduler.cli import main
from tests.fake_sites.editable import LoopbackSite

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Command lines with these options, run in this process: status, standard output, standard error."""

    def with_options(*options: str) -> Run:
        def call(*words: str) -> tuple[int, str, str]:
            monkeypatch.setattr(sys, "argv", ["gongkai", *options, *words])
            status = 0
            try:
                main()
            except SystemExit as end:
                status = int(end.code or 0)
            return status, *capsys.readouterr()

        return call

    return with_options


@pytest.fixture
def office() -> Iterator[LoopbackSite]:
    """A site of two notices."""
    site = LoopbackSite(2)
    yield site
    site.server.shutdown()
    site.server.server_close()
