"""A backup and a snapshot stay as they were made, whatever command is told to write there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]
WRITING = (
    "runs accept 2", "runs drop 2", "prune --apply", "withdraw #1 --reason 法院令 --yes", "documents split #1",
    "verify --rebuild-index", "alerts send", "alerts retry", "alerts drop a",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a held run."""
    office = Office(tmp_path_factory.mktemp("copies") / "data", SitePolicy())
    office.collect(site_of(12))
    assert office.collect({url(n): notice(n, index_number=None) for n in range(12)}).outcome == "held"
    (office.paths.data.parent / "config" / "sites").mkdir(parents=True)
    return office.paths.data.parent


@pytest.fixture
def copy(request: pytest.FixtureRequest, home: Path, tmp_path: Path, command: Callable[..., Run]) -> Path:
    assert command("--data", str(home / "data"))(request.param, str(tmp_path / "copy"))[0] == 0
    return tmp_path / "copy"


def content(directory: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in directory.iterdir()}


@pytest.mark.parametrize(
    ("copy", "said"),
    [("backup", "this is a backup"), ("publish", "this is a snapshot")],
    indirect=["copy"],
)
def test_nothing_is_written_into_a_copy(
    copy: Path, said: str, home: Path, command: Callable[..., Run]
) -> None:
    """A backup that was mailed from told readers everything twice; locks in a snapshot kept `publish` from replacing it."""
    before = content(copy)
    for words in WRITING:
        status, out, err = command("--config", str(home / "config"), "--data", str(copy))(*words.split())
        assert (status, said in err, out) == (2, True, ""), (words, err)
        assert content(copy) == before, words


@pytest.mark.parametrize("copy", ["backup"], indirect=True)
@pytest.mark.parametrize("way", ["itself", "link", "relative"])
def test_a_backup_is_not_restored_into_itself(
    copy: Path, way: str, command: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(copy)
    place = copy.with_name("link") if way == "link" else copy
    if way == "link":
        place.symlink_to(copy)
    monkeypatch.chdir(copy)
    status, _, err = command("--data", "." if way == "relative" else str(place))(
        "restore", str(copy), "--replace"
    )
    assert (status, "this is a backup" in err, content(copy)) == (2, True, before)


@pytest.mark.parametrize("copy", ["backup"], indirect=True)
def test_a_backup_is_verified_where_it_lies(copy: Path, command: Callable[..., Run]) -> None:
    before = content(copy)
    assert command("--data", str(copy))("verify")[0] == 0
    assert content(copy) == before
