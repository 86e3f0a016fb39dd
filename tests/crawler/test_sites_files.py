"""Site files: every mistake is named with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Settings, load_settings
from crawler.platforms import platform_of
from crawler.regions import Region, Regions
from crawler.sites import Site, load_site, load_sites, platforms
from crawler.yaml_file import ConfigError
from scheduler.alerts.subscriptions import Subscription, load_subscriptions

ROOT = Path(__file__).parents[2]
GOOD = """site: linjiang
name: 临江市人民政府
url: https://www.example.gov.cn/
platform: static_list
catalogues:
  - key: zw
    url: https://www.example.gov.cn/zw/index.html
"""


def mistakes(tmp_path: Path, text: str | bytes, name: str = "linjiang.yml") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_site(path)
    assert all(m.file == path for m in caught.value.mistakes)
    return [f"{m.line}: {m.key}: {m.message}" for m in caught.value.mistakes]


def test_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "linjiang.yml").write_text(GOOD + "schedule: {daily: 07:30}\n")
    site = load_site(tmp_path / "linjiang.yml")
    assert site.schedule.daily == "07:30"  # YAML 1.1 would read 450
    assert Site.model_validate_json(site.model_dump_json()) == site


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "pace: {dely: 2}\n", "8: pace.dely: unknown key; did you mean delay?"),
        (
            GOOD.replace("static_list", "static_lst"),
            "4: platform: unknown platform; platforms: gkmlpt, ",
        ),
        (GOOD.replace("https://www.example.gov.cn/\n", "ftp://x\n", 1), "3: url: expected an address"),
        (GOOD.replace("name: 临江市人民政府\n", ""), "1: name: this key is required"),
        (GOOD + "name: 再一次\n", "8: name: the key stands twice"),
        (GOOD + "\tpace: 1\n", "8: : not YAML"),
        (GOOD.encode("gbk"), "2: : not UTF-8"),
        ("- a\n", "1: : expected keys and values, found a list"),
        ("", "1: site: this key is required"),
        (GOOD + "extract: {body: ['div[']}\n", "8: extract.body[0]: not a CSS selector"),
        (GOOD + "extract: {labels: {发文: issuer}}\n", "8: extract: labels: 发文 → 'issuer' is no field"),
        (GOOD + "expect: {minimum: 9, maximum: 3}\n", "8: expect: minimum 9 is more than maximum 3"),
        (GOOD + "pace: {quiet_hours: late}\n", "8: pace: quiet_hours: expected"),
        (GOOD + "schedule: {cron: 0 9 * *}\n", "8: schedule: cron: expected five fields"),
        (GOOD.replace("site: linjiang", "site: other"), "1: site: must be the file's name: 'linjiang'"),
        (GOOD + "  - key: zw\n    url: https://a.example/\n", "catalogues: the key 'zw' stands twice"),
        (GOOD + "    options: {rows: li}\n", "8: catalogues[0].options.rows: unknown key; did you mean row?"),
        (GOOD + "    options: {row: 'li['}\n", "8: catalogues[0].options.row: not a CSS selector"),
        (
            GOOD + "    options:\n      pages:\n        pattern: index.html\n",
            "10: catalogues[0].options.pages.pattern: must match",
        ),
        (GOOD + "    options: {pages: 3}\n", "8: catalogues[0].options.pages: expected keys and values"),
        (
            GOOD.replace("static_list", "gkmlpt") + "    options: {node: 3}\n",
            "8: catalogues[0].options.node: unknown key; known keys: id",
        ),
        (
            GOOD.replace("name: 临江市人民政府\n", "") + "    options: {rows: li}\n",
            "7: catalogues[0].options.rows: unknown key",
        ),
        (
            GOOD.replace("catalogues:", "catalogues: []\nx:").split("x:")[0],
            "5: catalogues: at least 1 is needed",
        ),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, text: str | bytes, said: str) -> None:
    found = mistakes(tmp_path, text)
    assert any(said in line for line in found), found


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.yml").write_text("site: a\n")
    (tmp_path / "sites" / "b.yml").write_text(GOOD + "paces: 1\n")
    with pytest.raises(ConfigError) as caught:
        load_sites(tmp_path)
    assert {m.file.name for m in caught.value.mistakes} == {"a.yml", "b.yml"}


def test_directories_group_files_and_a_key_stands_once(tmp_path: Path) -> None:
    for directory in ("sites", "sites/beihe", "sites/beihe/deeper", "sites/.git"):
        (tmp_path / directory).mkdir()
    (tmp_path / "sites" / "beihe" / "linjiang.yml").write_text(GOOD)
    (tmp_path / "sites" / "beihe" / "deeper" / "qingshan.yml").write_text(
        GOOD.replace("linjiang", "qingshan")
    )
    (tmp_path / "sites" / ".git" / "hidden.yml").write_text("no site")
    assert [s.site for s in load_sites(tmp_path)] == ["linjiang", "qingshan"]
    (tmp_path / "sites" / "linjiang.yml").write_text(GOOD)
    with pytest.raises(ConfigError, match=r"has this key already") as caught:
        load_sites(tmp_path)
    assert len(caught.value.mistakes) == 1


def test_the_shipped_configuration_is_right() -> None:
    sites = load_sites(ROOT / "config")
    assert sites
    assert not any(site.enabled or site.tested_live for site in sites)  # none was ever tried live
    load_settings(ROOT / "config")
    load_subscriptions(ROOT / "config", [s.site for s in sites])


def test_subscriptions_must_name_sites_that_exist(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.yml").write_text(
        "subscriptions:\n  - key: a\n    to: x@example.org\n    sites: [nowhere]\n"
    )
    with pytest.raises(
        ConfigError, match=r"subscriptions.yml:4: subscriptions\[0\].sites\[0\]: no site file"
    ):
        load_subscriptions(tmp_path, ["linjiang"])


@pytest.mark.parametrize("model", [Site, Settings, Subscription, Regions, Region])
def test_every_key_is_documented(model: type) -> None:
    text = (ROOT / "docs" / "site-file.md").read_text()
    assert not [key for key in model.model_fields if f"`{key}`" not in text]  # type: ignore[attr-defined]


@pytest.mark.parametrize("platform", platforms())
def test_every_option_of_a_platform_is_documented(platform: str) -> None:
    text = (ROOT / "docs" / "site-file.md").read_text()
    section = text.partition(f"\n### {platform}\n")[2].partition("\n##")[0]
    assert section, f"docs/site-file.md has no section on {platform}"
    for name, field in platform_of(platform).options.model_fields.items():
        assert f"| `{name}` |" in section
        assert field.description
