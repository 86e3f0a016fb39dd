"""`gongkai sites add` and `sites fixture` as a stranger uses them: what is written, refused and said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.extract.fields import FieldBook
from crawler.saved_page import as_expected, case_name, read_case
from crawler.sites import load_site
from scheduler.cli import gongkai
from tests.fake_sites.office import HTML, Answer, FakeSite, notices
from tests.fake_sites.static_list import StaticListSite

CONFIG = Path(__file__).parents[2] / "config"
BOOK = FieldBook.load(CONFIG / "fields.yml")


class Walled(FakeSite):
    """Answers nothing but a challenge."""

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        return 412, HTML, b"<script>$_ts={}</script>"


def run(home: Path, site: FakeSite, *arguments: str) -> Result:
    config = home / "config"
    (config / "sites").mkdir(parents=True, exist_ok=True)
    for name in ("fields.yml", "regions.yml"):
        shutil.copy(CONFIG / name, config / name)
    (config / "settings.yml").write_text(
        f'allow_private: ["{site.base.removeprefix("http://")}"]\npace: {{delay: 0}}\n'
    )
    return CliRunner().invoke(gongkai, ["--config", str(config), "--data", str(home / "data"), *arguments])


def files(home: Path) -> list[str]:
    return sorted(p.name for p in (home / "config" / "sites").iterdir())


def test_a_site_and_a_case_in_two_commands(tmp_path: Path) -> None:
    with StaticListSite(notices(3)) as site:
        added = run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "linjiang")
        assert (added.exit_code, files(tmp_path)) == (0, ["linjiang.yml"]), added.output
        named = f"gongkai --config {tmp_path / 'config'} --data {tmp_path / 'data'}"
        assert f"Next: {named} sites check; {named} collect linjiang --budget 30\n" in added.output
        cases = tmp_path / "pages"
        page = f"{site.base}/zwgk/gongwen/202603/t20260301_2.html"
        saved = run(tmp_path, site, "sites", "fixture", "linjiang", page, "--dir", str(cases))
        assert saved.exit_code == 0, saved.output
        case = cases / "linjiang" / "t20260301-2"
        assert sorted(p.name for p in case.iterdir()) == ["expected.json", "meta.json", "page.html"]
        expected = json.loads((case / "expected.json").read_text())
        assert expected.pop("reviewed") is False
        assert expected["record"]["document_number"] == "临政发〔2026〕2号"
        assert as_expected(read_case(case, BOOK)) == expected
        assert json.loads((case / "meta.json").read_text())["url"] == page
        again = run(tmp_path, site, "sites", "fixture", "linjiang", page, "--dir", str(cases))
        assert again.exit_code == 2
        assert "never overwritten" in again.output


def test_an_address_that_a_site_has_already_is_not_described_twice_by_accident(tmp_path: Path) -> None:
    """A second file of the same catalogue was written without a word, and enabled: all that changed was told twice."""
    with StaticListSite(notices(3)) as site:
        run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "linjiang")
        again = run(tmp_path, site, "sites", "add", site.catalogue_url())
        assert (again.exit_code, files(tmp_path)) == (2, ["linjiang.yml"])
        assert "the site linjiang has this catalogue already" in again.output
        assert run(tmp_path, site, "sites", "add", site.catalogue_url(), "--dry-run").exit_code == 0
        wanted = run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "second", "--json")
        assert (wanted.exit_code, files(tmp_path)) == (0, ["linjiang.yml", "second.yml"])
        assert any("told twice" in note for note in json.loads(wanted.stdout)["notes"])


def test_a_case_keeps_the_extraction_keys_of_its_site(tmp_path: Path) -> None:
    with StaticListSite(notices(1)) as site:
        run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "linjiang")
        file = tmp_path / "config" / "sites" / "linjiang.yml"
        file.write_text(
            file.read_text() + "extract: {labels: {文档编号: index_number}, body: [.TRS_Editor]}\n"
        )
        page = f"{site.base}/zwgk/gongwen/202603/t20260301_1.html"
        done = run(
            tmp_path,
            site,
            "sites",
            "fixture",
            "linjiang",
            page,
            "--case",
            "a",
            "--dir",
            str(tmp_path / "p"),
            "--json",
        )
        assert json.loads(done.stdout)["kind"] == "document"
        meta = json.loads((tmp_path / "p" / "linjiang" / "a" / "meta.json").read_text())
        assert meta["rules"] == {"body": [".TRS_Editor"], "labels": {"文档编号": "index_number"}}


def test_nothing_is_saved_of_what_is_no_page(tmp_path: Path) -> None:
    with StaticListSite(notices(1)) as site:
        run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "linjiang")
        cases = tmp_path / "pages"
        gone = run(
            tmp_path, site, "sites", "fixture", "linjiang", f"{site.base}/none.html", "--dir", str(cases)
        )
        unknown = run(tmp_path, site, "sites", "fixture", "nowhere", f"{site.base}/", "--dir", str(cases))
        outside = run(
            tmp_path,
            site,
            "sites",
            "fixture",
            "linjiang",
            f"{site.base}/",
            "--dir",
            str(cases),
            "--case",
            "../x",
        )
        assert (gone.exit_code, "gave no page to save (gone" in gone.output) == (1, True)
        assert (unknown.exit_code, "no site file has the key 'nowhere'" in unknown.output) == (2, True)
        assert (outside.exit_code, "a case's name is" in outside.output) == (2, True)
        assert not cases.exists()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a.example/zw/202603/t20260301_12.html", "t20260301-12"),
        ("http://a.example/zw/c70001/content.shtml", "c70001"),
        ("http://a.example/", "page"),
        ("http://a.example/公告.html", "page"),
    ],
)
def test_names_of_cases(url: str, name: str) -> None:
    assert case_name(url) == name


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    with StaticListSite(notices(3)) as site:
        done = run(tmp_path, site, "sites", "add", site.catalogue_url(), "--key", "linjiang", "--dry-run")
        assert (done.exit_code, files(tmp_path)) == (0, [])
        assert "\nplatform: static_list\n" in done.stdout


def test_output_names_the_file_and_nothing_is_overwritten(tmp_path: Path) -> None:
    with StaticListSite(notices(3)) as site:
        path = tmp_path / "elsewhere" / "qingshan.yml"
        done = run(tmp_path, site, "sites", "add", site.catalogue_url(), "--output", str(path))
        assert done.exit_code == 0, done.output
        assert load_site(path).site == "qingshan"
        asked = sum(site.asked.values())
        before = path.read_text()
        refused = run(tmp_path, site, "sites", "add", site.catalogue_url(), "--output", str(path))
        assert (refused.exit_code, path.read_text()) == (2, before)
        assert sum(site.asked.values()) == asked  # refused before anything is asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ftp://a.example/",), "expected an address that begins with http"),
        (("nonsense",), "expected an address that begins with http"),
        (("http://a.example/", "--key", "Ä b"), "a key is lower-case letters, digits and dashes"),
        (("http://a.example/", "--key", ""), "'': a key is lower-case letters, digits and dashes"),
        (("http://a.example/", "--output", "a.txt"), "site files end in .yml"),
        (("http://a.example/", "--key", "a", "--output", "b.yml"), "the file's name must be the key"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run(tmp_path, StaticListSite([]), "sites", "add", *arguments)
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_wall_is_said_and_a_form_written_only_when_asked_for(tmp_path: Path) -> None:
    with Walled([]) as site:
        done = run(tmp_path, site, "sites", "add", f"{site.base}/zw/", "--json")
        report = json.loads(done.stdout)
        assert (done.exit_code, report["recognised"], report["file"], files(tmp_path)) == (1, False, None, [])
        assert "is blocked" in report["problem"]
        assert [step["outcome"] for step in report["steps"]] == ["blocked"]
        kept = run(tmp_path, site, "sites", "add", f"{site.base}/zw/", "--key", "linjiang", "--draft")
        assert (kept.exit_code, files(tmp_path)) == (1, ["linjiang.yml"])
        assert "is blocked" in (tmp_path / "config" / "sites" / "linjiang.yml").read_text()


class Leading(FakeSite):
    """Leads to a file of this machine."""

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        return 302, {"Location": "file:///etc/passwd"}, b""


@pytest.mark.parametrize("command", [["extract"], ["sites", "add", "--key", "linjiang"]])
def test_what_lets_a_private_address_in_is_said_of_private_addresses_only(
    tmp_path: Path, command: list[str]
) -> None:
    with Leading(notices(1)) as site:
        private = run(tmp_path, site, *command, "http://127.0.0.1:1/")
        assert (private.exit_code, "`allow_private` in settings.yml" in private.output) == (1, True)
        scheme = run(tmp_path, site, *command, site.base + "/zw/")
        assert (scheme.exit_code, "only http and https are fetched" in scheme.output) == (1, True), (
            scheme.output
        )
        assert "allow_private" not in scheme.output
