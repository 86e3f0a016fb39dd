"""Files in the way, places that cannot be written to, terminals that show no Chinese: named, and nothing lost."""

from __future__ import annotations

import errno
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.waits.expectations import SitePolicy
from scheduler.cli import explained
from scheduler.commands.demo import _make_room
from tests.archive.harness import Office, site_of
from tests.fake_sites.editable import FIELDS

Run = Callable[..., tuple[int, str, str]]
CONFIG = FIELDS.parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = Office(tmp_path_factory.mktemp("places") / "data", SitePolicy())
    office.collect(site_of(1))
    return office.paths.data


@pytest.fixture
def run(data: Path, command: Callable[..., Run]) -> Run:
    return command("--config", str(CONFIG), "--data", str(data))


@pytest.mark.parametrize(
    "words", ["export csv {file}/x.csv", "proof #1 {file}/x", "backup {file}/x", "publish {file}", "publish {file}/x"]
)  # fmt: skip
def test_a_file_in_a_directorys_place_is_named(tmp_path: Path, run: Run, words: str) -> None:
    file = tmp_path / "report.txt"
    file.write_text("mine")
    status, out, err = run(*words.format(file=file).split())
    assert (status, out) == (2, "")
    assert f"Error: {file}: this is a file, and a directory is needed there" in err
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["b #1", "b%41", "b%20x", "b?mode=memory", "数据"])
def test_a_copy_may_have_any_name(tmp_path: Path, run: Run, name: str) -> None:
    backup, snapshot = tmp_path / f"B{name}", tmp_path / f"P{name}"
    assert run("backup", f"/{backup}")[0] == 0
    assert run("restore", "--check", str(backup))[0] == 0
    status, out, err = run("publish", str(snapshot))
    assert status == 0, err
    assert out.endswith("--setting num_sql_threads 4`\n")
    cd, datasette = out.split("serve with `cd ")[1].split(" && ")
    assert shlex.split(cd) == [str(snapshot)]
    assert datasette.startswith("datasette -i archive.db --metadata metadata.json ")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((backup.name, snapshot.name))


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%41"])
def test_an_archive_that_datasette_would_not_open_is_named(
    data: Path, tmp_path: Path, command: Callable[..., Run], name: str
) -> None:
    (tmp_path / name).symlink_to(data)
    status, _, err = command("--data", str(tmp_path / name))("browse", "--port", "0")
    assert (status, "no path with %, ? or #" in err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_snapshot_is_not_put_among_other_files_unasked(tmp_path: Path, run: Run) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    status, out, err = run("publish", str(tmp_path))
    assert (status, out) == (2, "")
    assert f"{tmp_path} holds no snapshot, but thesis.odt" in err
    assert run("publish", "--force", str(tmp_path))[0] == 0
    (tmp_path / "archive.db").unlink()
    (tmp_path / "captures.db").write_text("")
    status, _, err = run("publish", "--force", str(tmp_path))
    assert (status, "captures.db lies beside it" in err) == (2, True)


@pytest.mark.parametrize(
    "words", ["status", "changes", "verify", "alerts status", "crontab", "collect", "doctor"]
)
@pytest.mark.parametrize("name", ["report.txt", "dangling/data"])
def test_data_that_is_no_directory_is_not_called_an_archive_that_is_missing(
    tmp_path: Path, command: Callable[..., Run], words: str, name: str
) -> None:
    (tmp_path / "report.txt").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "fields.yml").symlink_to(FIELDS)
    (config / "sites" / "a.yml").write_text(
        "site: a\nname: 临江市\nurl: http://a.example/\nplatform: static_list\n"
        "catalogues:\n  - {key: a, url: http://a.example/}\n"
    )
    status, out, err = command("--config", str(config), "--data", str(tmp_path / name))(*words.split())
    first = tmp_path / name.partition("/")[0]
    assert (status, out) == (2, "")
    assert f"Error: {first}: this is a {'file' if 'report' in name else 'link to'}" in err
    assert "--data names a directory" in err


def test_configuration_that_is_no_directory_is_named(tmp_path: Path, command: Callable[..., Run]) -> None:
    file = tmp_path / "settings.yml"
    file.write_text("contact: a@b.example")
    for words in (["sites", "check"], ["sites", "list"], ["collect"], ["extract", str(file)]):
        status, _, err = command("--config", str(file))(*words)
        assert (status, f"{file}: this is a file; --config names a directory" in err) == (2, True)


@pytest.mark.parametrize("words", ["status", "verify"])
def test_a_name_that_is_no_utf_8_is_said_and_no_traceback(data: Path, tmp_path: Path, words: str) -> None:
    strange = os.fsencode(tmp_path) + b"/\xff\xfe"
    Path(os.fsdecode(strange)).symlink_to(data)
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", b"--config", os.fsencode(CONFIG), b"--data", strange, *words.split()],
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert b"this name is no UTF-8 here" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_directory_in_a_files_place_is_named_whether_or_not_there_is_news(tmp_path: Path, run: Run) -> None:
    status, _, err = run("alerts", "preview", "editors", "--html", str(tmp_path))
    assert (status, "is a directory" in err) == (2, True)


def test_what_the_machine_refuses_comes_with_advice() -> None:
    refused = OSError(errno.EROFS, os.strerror(errno.EROFS), "/srv/data/.writer.lock")
    assert (
        explained(refused)
        == "/srv/data/.writer.lock: Read-only file system; name a place that can be written to"
    )
    assert "free some room" in explained(OSError(errno.ENOSPC, "No space left on device", b"/srv/x"))
    full = OSError(errno.ENOSPC, "No space left on device", "/backup/archive.db", None, "/srv/archive.db")
    assert explained(full).startswith("/srv/archive.db: No space left on device; free some room")
    assert explained(OSError(errno.EIO, "Input/output error")) == "Input/output error"


def test_a_fixture_of_what_is_no_address(tmp_path: Path, run: Run) -> None:
    key = next(path.stem for path in sorted((CONFIG / "sites").rglob("*.yml")))
    status, _, err = run("sites", "fixture", key, "nonsense", "--dir", str(tmp_path))
    assert (status, "expected an address that begins with http" in err) == (2, True)


def test_a_draft_below_a_file_is_not_one_that_exists(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("mine")
    output = tmp_path / "file" / "linjiang.yml"
    status, _, err = run("sites", "add", "http://127.0.0.1:1/", "--draft", "--output", str(output))
    assert status == 2
    assert f"{tmp_path / 'file'}: this is a file" in err


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gb18030", "utf-8"])
def test_a_terminal_without_chinese_is_no_failure(data: Path, encoding: str) -> None:
    for words in (["changes", "--kind", "baseline"], ["changes", "--json"], ["show", "#99甲"]):
        done = subprocess.run(
            [sys.executable, "-m", "scheduler", "--data", str(data), *words],
            capture_output=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": encoding},
        )  # fmt: skip
        assert done.returncode == (2 if "show" in words else 0), done.stderr
        assert b"Traceback" not in done.stderr
        if "--json" in words:
            assert json.loads(done.stdout)[0]["kind"] == "baseline"


def test_the_demonstration_removes_only_what_it_made(tmp_path: Path, command: Callable[..., Run]) -> None:
    mine = tmp_path / "demo" / "archive.db"
    mine.parent.mkdir()
    mine.write_text("a year's work")
    status, _, err = command("--config", str(CONFIG), "--data", str(tmp_path))("demo", "--once")
    assert (status, mine.read_text()) == (2, "a year's work")
    assert f"{mine.parent} was not made by `gongkai demo`" in err
    made = tmp_path / "demo" / "config" / "sites" / "yunxi-gov.yml"
    made.parent.mkdir(parents=True)
    made.write_text("site: yunxi-gov")
    status, _, err = command("--config", str(tmp_path / "nowhere"), "--data", str(tmp_path))("demo", "--once")
    assert (status, made.exists(), "fields.yml" in err) == (2, True, True)
    # Of one that was killed as it began.
    (tmp_path / "left" / "demo" / "config" / "sites").mkdir(parents=True)
    _make_room(tmp_path / "left" / "demo")
    assert not (tmp_path / "left" / "demo").exists()


def test_ctrl_c_is_how_a_server_is_stopped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", interrupted)
    status, out, err = run("browse", "--port", "0")
    assert (status, err) == (0, "")
    assert "http://127.0.0.1:" in out
