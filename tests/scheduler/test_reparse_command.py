"""``gongkai reparse`` as a person types it; what it does to versions is in tests/end_to_end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from archive.store import exclusive
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, site_of
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]


def test_what_would_change_is_told_while_another_process_writes(
    tmp_path: Path, command: Callable[..., Run]
) -> None:
    """Nothing is written without --apply, so no lock is wanted, and no right to write."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(3))
    configure(tmp_path, cast(LoopbackSite, SimpleNamespace(base="http://linjiang.example")))
    run = command("--config", str(tmp_path / "config"), "--data", str(office.paths.data))
    before = {path.name: path.read_bytes() for path in office.paths.data.glob("*.db")}
    with exclusive(office.paths):
        _, out, err = run("reparse")
        assert (err, "3 versions of older revisions" in out, "Nothing was written" in out) == ("", True, True)
        status, _, err = run("reparse", "--apply")
        assert (status, "another gongkai is writing here" in err) == (1, True)
    assert {path.name: path.read_bytes() for path in office.paths.data.glob("*.db")} == before
