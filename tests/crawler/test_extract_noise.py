"""Lines that differ at every look and are no part of a text: counters, the day, the bar of a heading."""

from __future__ import annotations

import pytest

from crawler.extract.noise import noise_line


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：5369次",
        "阅读量：5369　点赞：2684",
        "访问人数 1726",
        "当前在线：17人",
        "今天是2027年3月2日 星期二",
        "今天是：2027年3月2日 星期二 农历正月廿四",
        "来源：市府办　点击数：6957　打印本页　关闭窗口",
        "【字体：大 中 小】 时间：2026-01-05 08:30 浏览：9207",
        "发布时间：2026-01-05　信息来源：临江市人民政府办公室　阅读：17次　【打印】",
    ],
)
def test_furniture(line: str) -> None:
    assert noise_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2027年3月2日，距离截止日期还有十天，请各单位按时报送材料。",
        "全年公众号阅读量5369万次，点赞2684次。",
        "截至2027年3月2日，已有17人报名。",
        "来源：市财政局",
        "时间：2026年1月5日 地点：临江市体育馆",
        "访问学者17人",
        "评论员文章",
        "经费来源：市财政；浏览：17",
        "在线申报17项",
    ],
)
def test_text(line: str) -> None:
    assert not noise_line(line)
