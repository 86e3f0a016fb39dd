"""Province and level of a publishing body, from its site code, host and name."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.regions import Regions, is_bureau, load_regions
from crawler.yaml_file import ConfigError

REGIONS = load_regions(Path(__file__).parents[2] / "config")


def test_the_table_is_whole() -> None:
    assert len(REGIONS.regions) == 31
    for key in ("name", "full", "pinyin", "code"):
        values = [getattr(region, key) for region in REGIONS.regions]
        assert len(set(values)) == 31, key
    labels = [label for region in REGIONS.regions for label in (*region.hosts, *region.cities)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("code", "province", "level"),
    [
        ("bm35000001", "中央", "national"),
        ("1300000044", "河北", "provincial"),
        ("3311000012", "浙江", "municipal"),
        ("4401140001", "广东", "district"),
        ("1101080006", "北京", "district"),
        ("5001000001", "重庆", "district"),
        ("9900000001", None, None),
        ("330000", None, None),
        ("bm1", None, None),
    ],
)
def test_site_code(code: str, province: str | None, level: str | None) -> None:
    found = REGIONS.of_code(code)
    assert ((found.province, found.level) if found else (None, None)) == (province, level)


@pytest.mark.parametrize(
    ("url", "province", "level"),
    [
        ("https://nr.gd.gov.cn/a", "广东", "provincial"),
        ("http://www.gd.gov.cn:80/", "广东", "provincial"),
        ("http://www.sz.gov.cn/", "广东", "municipal"),
        ("http://zjj.sz.gov.cn/", "广东", "department"),
        ("http://www.nowhere.gov.cn/", None, None),
        ("http://gd.gov.cn.example.com/", None, None),
        ("http://127.0.0.1:8000/", None, None),
        ("http://gov.cn/", None, None),
    ],
)
def test_host(url: str, province: str | None, level: str | None) -> None:
    found = REGIONS.of_host(url)
    assert ((found.province, found.level) if found else (None, None)) == (province, level)


@pytest.mark.parametrize(
    ("name", "province", "level"),
    [
        ("广东省自然资源厅", "广东", "provincial"),
        ("国家税务总局广东省税务局", "广东", "provincial"),
        ("广西壮族自治区玉林市人民政府", "广西", None),
        ("深圳市公安局", "广东", "department"),
        ("深圳市人民政府", "广东", "municipal"),
        ("国家统计局", "中央", "national"),
        ("临江市人民政府", None, None),
    ],
)
def test_name(name: str, province: str | None, level: str | None) -> None:
    found = REGIONS.of_name(name)
    assert ((found.province, found.level) if found else (None, None)) == (province, level)


def test_bureaus_and_governments() -> None:
    assert [is_bureau(n) for n in ("临江市财政局", "临江市卫生健康委员会", "临江市人民政府")] == [
        True,
        True,
        False,
    ]


def test_directories() -> None:
    assert [REGIONS.directory(p) for p in ("陕西", "山西", "中央", "北河")] == [
        "shaanxi",
        "shanxi",
        "zhongyang",
        None,
    ]


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    empty = load_regions(tmp_path)
    assert empty == Regions()
    assert (empty.of_code("1300000044"), empty.of_host("http://www.gd.gov.cn/")) == (None, None)


def test_a_mistake_is_named(tmp_path: Path) -> None:
    (tmp_path / "regions.yml").write_text(
        "regions:\n  - name: 北河\n    full: 北河省\n    pinyin: beihe\n    code: 9\n"
    )
    with pytest.raises(ConfigError, match=r"regions.yml:5: regions\[0\].code"):
        load_regions(tmp_path)
