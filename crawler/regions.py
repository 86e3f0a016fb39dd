"""Where a publishing body sits: ``config/regions.yml``, asked by site code, host and name. Pure once loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from crawler.yaml_file import is_given, read_yaml, validate

FILE_NAME = "regions.yml"
# 国办发〔2017〕47号: local codes are an area code of six digits and four more, 3311000012; ministries' are bm35000001.
_LOCAL_CODE = re.compile(r"(\d{2})(\d{2})(\d{2})\d{4}")
# Bodies below a government; 国家税务总局广东省税务局 is one of Guangdong's by its name's end.
_BUREAU = re.compile(r"(?:局|厅|委|委员会|办公室|中心|分局|支队|总队|部|院|社|处|所|站|馆|会)$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(_Part):
    """One province-level unit."""

    name: str = Field(min_length=2, description="As `province` in site files states it")
    full: str = Field(min_length=3, description="Its official name")
    pinyin: str = Field(pattern=r"^[a-z]+$", description="The directory of config/sites that holds its sites")
    code: str = Field(pattern=r"^\d{2}$", description="First two digits of its area codes")
    hosts: tuple[str, ...] = Field(default=(), description="Labels before .gov.cn of its own sites")
    cities: dict[str, str] = Field(default_factory=dict, description="Labels before .gov.cn of its cities")

    @property
    def directly_governed(self) -> bool:
        """Whether it is a municipality (直辖市), below which there are districts only."""
        return self.full.endswith("市")


class National(_Part):
    """Bodies of the central government."""

    name: str = "中央"
    pinyin: str = Field(default="zhongyang", pattern=r"^[a-z]+$")
    codes: tuple[str, ...] = Field(default=(), description="Beginnings of their site codes")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Province and level of a publishing body, as one source tells them; None where it does not."""

    province: str | None
    level: str | None
    why: str


class Regions(_Part):
    """The table, and the questions it answers."""

    national: National = National()
    regions: tuple[Region, ...] = ()

    def directory(self, province: str) -> str | None:
        """The directory of a province's site files; None for one that the table does not have."""
        if province == self.national.name:
            return self.national.pinyin
        return next((r.pinyin for r in self.regions if r.name == province), None)

    def of_code(self, code: str) -> Whereabouts | None:
        """What a SiteIDCode (网站标识码) says; None for one of neither form, or of no region."""
        code = code.strip().lower()
        if any(re.fullmatch(rf"{re.escape(start)}\d{{8}}", code) for start in self.national.codes):
            return Whereabouts(self.national.name, "national", f"SiteIDCode {code} is a central body's")
        found = _LOCAL_CODE.fullmatch(code)
        region = next((r for r in self.regions if found and r.code == found[1]), None)
        if found is None or region is None:
            return None
        level = "district"
        if found[2] + found[3] == "0000":
            level = "provincial"
        elif found[3] == "00" and not region.directly_governed:
            level = "municipal"
        return Whereabouts(region.name, level, f"SiteIDCode {code} begins with area code {code[:6]}")

    def of_host(self, url: str) -> Whereabouts | None:
        """What the host of an address says: nr.gd.gov.cn is Guangdong's."""
        labels = (urlsplit(url).hostname or "").lower().split(".")
        if labels[-2:] != ["gov", "cn"] or len(labels) < 3:
            return None
        label, below = labels[-3], [one for one in labels[:-3] if one != "www"]
        why = f"the host ends in {label}.gov.cn"
        for region in self.regions:
            if label in region.hosts:
                return Whereabouts(region.name, "provincial", why)
            if label in region.cities:
                return Whereabouts(region.name, "department" if below else "municipal", why)
        return None

    def of_name(self, name: str) -> Whereabouts | None:
        """What a publishing body's own name says: 广东省自然资源厅, 深圳市公安局."""
        for region in self.regions:
            if region.full in name:
                rest = name.partition(region.full)[2]
                inner = re.match(r"[\u4e00-\u9fff]{1,8}?(?:自治州|自治县|市|州|盟|县|区|旗)", rest)
                level = "provincial" if inner is None else None
                return Whereabouts(region.name, level, f"its name says {region.full}")
            city = next((full for full in region.cities.values() if name.startswith(full)), None)
            if city is not None:
                level = "department" if _BUREAU.search(name) else None
                level = "municipal" if name == f"{city}人民政府" else level
                return Whereabouts(region.name, level, f"its name says {city}")
        if re.match(r"中华人民共和国|国家|国务院", name):
            return Whereabouts(self.national.name, "national", "its name is a central body's")
        return None


def is_bureau(name: str) -> bool:
    """Whether a name is that of a department (局, 厅, 委员会 …) and not of a government."""
    return bool(_BUREAU.search(name)) and not name.endswith("人民政府")


def load_regions(config: Path) -> Regions:
    """``config/regions.yml``; without the file a table that knows nothing. Raises ConfigError naming every mistake."""
    path = config / FILE_NAME
    return validate(read_yaml(path), Regions) if is_given(path) else Regions()
