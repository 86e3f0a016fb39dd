"""Site files: every mistake is named with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Settings, load_settings
from crawler.platforms import platform_of
from crawler.regions import Region, Regions, load_regions
from crawler.sites import Site, load_site, load_sites, platforms, site_files
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


# Ten values, a hundred, a thousand …: a few lines that stand for a thousand million
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


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


def test_aliases_may_be_used(tmp_path: Path) -> None:
    shared = "    options: &same {row: li}\n"
    more = "".join(
        f"  - key: zw{n}\n    url: https://www.example.gov.cn/zw{n}/\n    options: *same\n"
        for n in range(300)
    )
    merged = "  - key: last\n    url: https://www.example.gov.cn/last/\n    options: {<<: *same}\n"
    (tmp_path / "linjiang.yml").write_text(GOOD + shared + more + merged)
    assert load_site(tmp_path / "linjiang.yml").catalogues[-1].options == {"row": "li"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "pace: {dely: 2}\n", "8: pace.dely: unknown key; did you mean delay?"),
        (
            GOOD.replace("static_list", "static_lst"),
            "4: platform: unknown platform; did you mean static_list? platforms: gkmlpt, ",
        ),
        (GOOD.replace("https://www.example.gov.cn/\n", "ftp://x\n", 1), "3: url: expected an address"),
        (GOOD.replace("name: 临江市人民政府\n", ""), "1: name: this key is required"),
        (GOOD + "name: 再一次\n", "8: name: the key stands twice"),
        (GOOD + "\tpace: 1\n", "8: : not YAML"),
        (GOOD.encode("gbk"), "2: : not UTF-8"),
        ("- a\n", "1: : expected keys and values, found a list"),
        ("", "1: site: this key is required"),
        (GOOD + "extract: {body: ['div[']}\n", "8: extract.body[0]: not a CSS selector"),
        (
            GOOD + "extract: {labels: {发文: issuing_bod}}\n",
            "8: extract.labels.发文: unknown field; did you mean issuing_body? fields: ",
        ),
        (GOOD + "expect: {fill: {titel: 0.9}}\n", "8: expect.fill.titel: unknown field; did you mean title?"),
        (GOOD + "expect: {fill: {title: 90}}\n", "8: expect.fill.title: must be at most 1 (found 90)"),
        (GOOD + "pace: {delay: fast}\n", "8: pace.delay: expected a number such as 2 or 0.5 (found 'fast')"),
        (GOOD + "enabled: maybe\n", "8: enabled: expected true or false (found 'maybe')"),
        (GOOD + "level: city\n", "8: level: expected one of 'national', 'provincial'"),
        (GOOD + "tested_live: 2026-02-30\n", "8: tested_live: expected a date such as 2026-03-31"),
        (GOOD + "schedule: {every: 90x}\n", "8: schedule.every: expected an interval such as 15m"),
        (GOOD + 'name_en: "a\0"\n', "8: : not YAML: the character U+0000 is not allowed"),
        ("a: &a [*a]\n" + GOOD, "1: : not usable: it is nested too deep, or an alias"),
        (GOOD + "1: 2\n", "8: 1: a key must be text; put it into quotes: '1'"),
        (GOOD + "~: 2\n", "8: ~: a key must be text; put it into quotes: '~'"),
        (
            GOOD + "pace:\n  delay: 2\n  true: 3\n",
            "10: pace.true: a key must be text; put it into quotes: 'true'",
        ),
        (
            GOOD + "    options:\n      row: li\n      2: li\n",
            "10: catalogues[0].options.2: a key must be text",
        ),
        (GOOD + "pace:\n  delay: 2\n  ? [a, b]\n  : 3\n", "10: pace: a key must be text, and this is a list"),
        (GOOD + "? {a: 1}\n: 3\n", "8: : a key must be text, and this is a mapping"),
        (BOMB + GOOD, "4: a3: its aliases (*name) repeat more than 10,000 values; write out what is meant"),
        (
            "a0: &a0 {x: 1, y: 2}\n"
            + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9))
            + GOOD,
            "5: a4: its aliases (*name) repeat more than",
        ),
        (
            "a0: &a0 [x]\n? [" + ", ".join(["*a0"] * 20_000) + "]\n: 1\n" + GOOD,
            "2: : a key must be text, and",
        ),
        (GOOD + "---\n" + GOOD, "8: : not YAML: expected a single document in the stream but found another"),
        (
            GOOD.replace("www.example.gov.cn/\n", "www.example.gov.cn/ zw\n", 1),
            "3: url: an address holds no spaces",
        ),
        (GOOD + "expect: {minimum: 9, maximum: 3}\n", "8: expect: minimum 9 is more than maximum 3"),
        (GOOD + "pace: {quiet_hours: late}\n", "8: pace.quiet_hours: expected two times"),
        (GOOD + "schedule: {cron: 0 9 * *}\n", "8: schedule.cron: cron: expected five fields"),
        (GOOD.replace("site: linjiang", "site: other"), "1: site: must be the file's name: 'linjiang'"),
        (GOOD + "  - key: zw\n    url: https://a.example/\n", "5: catalogues: the key 'zw' stands twice"),
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
            GOOD.replace("static_list", "label_table") + "    options: {paging: {name: p, by: offset}}\n",
            "8: catalogues[0].options.paging: by: offset needs `size`",
        ),
        (
            GOOD.replace("static_list", "label_table") + "    options: {fields: {登记号: indexnumber}}\n",
            "8: catalogues[0].options.fields.登记号: 'indexnumber' is no field",
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


def test_links_are_followed_and_one_that_leads_nowhere_is_a_mistake(tmp_path: Path) -> None:
    """Of a linked directory no site was seen, and a link without its file was taken for a file that nobody wrote."""
    shared, config = tmp_path / "shared", tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (shared / "deeper").mkdir(parents=True)
    (shared / "deeper" / "linjiang.yml").write_text(GOOD)
    (config / "sites" / "beihe").symlink_to(shared)
    (shared / "again").symlink_to(config / "sites")  # a circle
    assert [s.site for s in load_sites(config)] == ["linjiang"]
    for name, load in (
        ("sites/qingshan.yml", load_sites), ("settings.yml", load_settings), ("subscriptions.yml", load_subscriptions),
        ("regions.yml", load_regions),
    ):  # fmt: skip
        (config / name).symlink_to("nowhere.yml")
        with pytest.raises(ConfigError, match=rf"{name}:1: a link to nowhere\.yml, where no file is"):
            load(config)
    (config / "settings.yml").unlink()
    (config / "settings.yml").mkdir()
    with pytest.raises(ConfigError, match=r"settings\.yml:1: Is a directory; a file is needed there"):
        load_settings(config)


def test_the_shipped_configuration_is_right() -> None:
    sites = load_sites(ROOT / "config")
    assert sites
    assert not any(site.enabled or site.tested_live for site in sites)  # none was ever tried live
    load_settings(ROOT / "config")
    load_subscriptions(ROOT / "config", {s.site: s.site for s in sites})


def test_shipped_sites_lie_with_their_province_and_say_that_they_were_never_tried() -> None:
    regions = load_regions(ROOT / "config")
    files = site_files(ROOT / "config")
    assert len(files) >= 330
    for path in files:
        assert path.parent.name == regions.directory(load_site(path).province), path
        assert "never tried on the live site" in path.read_text().splitlines()[0], path
    hosts = [load_site(path).url for path in files]
    assert len(hosts) == len(set(hosts))


def test_subscriptions_must_name_sites_that_exist(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.yml").write_text(
        "subscriptions:\n  - key: a\n    to: x@example.org\n    sites: [nowhere]\n"
    )
    with pytest.raises(
        ConfigError, match=r"subscriptions.yml:4: subscriptions\[0\].sites\[0\]: no site file"
    ):
        load_subscriptions(tmp_path, {"linjiang": "linjiang"})


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


def test_one_wrong_element_does_not_make_its_list_too_short(tmp_path: Path) -> None:
    found = mistakes(tmp_path, GOOD + "    include: ['(']\n")
    assert len(found) == 1
    assert found[0].startswith("8: catalogues[0].include[0]: not a regular expression")


def test_a_site_may_ignore_a_label(tmp_path: Path) -> None:
    (tmp_path / "linjiang.yml").write_text(GOOD + "extract: {labels: {经办人: ignored}}\n")
    assert load_site(tmp_path / "linjiang.yml").extract.labels == {"经办人": "ignored"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("user_agent: 'gongkai {vrsion}'", "1: user_agent: only {version} and {contact}"),
        ("user_agent: 'gongkai {'", "1: user_agent: only {version} and {contact}"),
        ('user_agent: "a\\nX: y"', "1: user_agent: expected one line"),
        ('contact: "a\\nb"', "1: contact: expected one line"),
        ("mail_from: nobody", "1: mail_from: expected one e-mail address"),
        ('mail_from: "a@b.example\\r\\nBcc: c@d.example"', "1: mail_from: expected one e-mail address"),
    ],
)
def test_settings_that_would_break_a_header_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.yml").write_text(text + "\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert [f"{m.line}: {m.key}: {m.message}"[: len(said)] for m in caught.value.mistakes] == [said]
