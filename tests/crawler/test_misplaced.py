"""A section's index page that is served in place of documents never becomes a version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.misplaced import is_list_instead, is_notice_instead
from tests.crawler.test_walk_fake_sites import collect
from tests.fake_sites.office import notices
from tests.fake_sites.ucap_search import UcapSearchSite, document_page

TITLE = "关于第3号事项的通知"
URL = "http://a.example/c7/content.shtml"


def rows(count: int) -> str:
    return "<ul>" + "".join(
        f"<li><a href='/c{n}/content.shtml'>关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n in range(1, count + 1)
    ) + "</ul>"  # fmt: skip


@pytest.mark.parametrize(
    ("page", "title", "instead"),
    [
        (f"<title>要闻</title><h1>要闻</h1>{rows(20)}", TITLE, True),  # the title stands in a link only
        (f"<title>要闻</title>{rows(20)}", "关于印发办法的公告及附件", True),
        (f"<title>要闻</title>{rows(20)}", None, False),
        (f"<title>要闻</title>{rows(20)}", "查看", False),  # a title that names nothing
        (f"<title>{TITLE}_临江市</title>{rows(20)}", TITLE, False),
        (f"<title>临江市</title><h1>关于第3号<br>事项的通知</h1><p>如下。</p>{rows(20)}", TITLE, False),
        (f"<title>临江市</title><h1>关于第3号事项的通知</h1>{rows(20)}", "关于第3号事项…", False),
        (f"<title>临江市</title><p>{'各单位应当认真贯彻执行。' * 50}</p>{rows(20)}", TITLE, False),
        (f"<title>临江市</title><p>稍候</p>{rows(3)}", TITLE, False),
        ("", TITLE, False),
    ],
)
def test_a_list_in_place_of_a_document(page: str, title: str | None, instead: bool) -> None:
    assert is_list_instead(page, URL, title) is instead


MOVED = "<title>网站迁移公告</title><h1>网站迁移公告</h1><p>本网站已迁移至新平台，请更新收藏夹。</p>"
AT_WORK = "<title>系统维护公告</title><p>本网站将于2031年4月4日进行系统升级维护，期间暂停服务，敬请谅解。</p>"
CLOSED = "<title>公告</title><p>根据工作安排，临江市教育局网站已停止运行，请访问临江市人民政府门户网站。</p>"
CHECKED = "<h2>停机通知</h2><p>定于3月5日检修机房设备，届时门户网站将无法访问。</p><p>临江市数据管理局</p><p>2031年3月5日</p>"
_MENU = "<ul>" + "<li><a href='/l/'>关于做好汛期工作</a></li>" * 9 + "</ul>"


@pytest.mark.parametrize(
    ("page", "title", "instead"),
    [
        (MOVED, "临江市人民政府关于做好汛期工作的通知", True),
        (AT_WORK, "临江市人民政府关于做好汛期工作的通知", True),
        (CLOSED, "临江市人民政府关于做好汛期工作的通知", True),
        (CHECKED, "临江市人民政府关于做好汛期工作的通知", True),
        (AT_WORK, "关于做好2031年汛期工作的通知", True),  # a year stands in any notice
        (CLOSED + _MENU, "临江市教育局关于招聘教师的公告", True),
        # a notice of that kind was asked for
        (AT_WORK, "系统维护公告", False),
        (AT_WORK, "[公告]关于系统升级维护的公告", False),
        (CLOSED, "临江市教育局关于网站停止运行的公告", False),
        # not known what was asked for, or no such notice
        (AT_WORK, None, False),
        (AT_WORK, "公告", False),
        ("<title>公告</title><p>经研究，定于4月5日停水。</p>", "临江市人民政府关于做好汛期工作的通知", False),
        (
            f"<title>公告</title><p>{'本网站将升级维护。' * 80}</p>",
            "临江市人民政府关于做好汛期工作的通知",
            False,
        ),
        ("", "临江市人民政府关于做好汛期工作的通知", False),
    ],
)
def test_a_notice_of_the_site_in_place_of_a_document(page: str, title: str | None, instead: bool) -> None:
    assert is_notice_instead(page, title) is instead


def versions(home: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        return db.execute(
            "SELECT v.title, b.text FROM versions v JOIN bodies b ON b.sha256 = v.body_sha256"
        ).fetchall()


def test_a_burst_that_is_answered_with_the_index_page(tmp_path: Path) -> None:
    with UcapSearchSite(notices(30)) as site:
        site.burst = 12
        report = collect(tmp_path, site)
        assert (report["outcome"], report["failed"]) == ("partial", 18)
        kept = versions(tmp_path)
        assert len(kept) == 12
        assert all("现将第" in body for _, body in kept)
        site.burst = None
        assert collect(tmp_path, site)["outcome"] == "complete"
        assert len(versions(tmp_path)) == 30
        site.burst = 0  # known documents: the index page is no edit of theirs, and they are not gone
        report = collect(tmp_path, site, "--full")
        assert (report["edited"], report["missing"], report["unlisted"]) == (0, 0, 0)
        assert len(versions(tmp_path)) == 30


def test_the_catalogue_page_itself_is_known_by_its_bytes(tmp_path: Path) -> None:
    class SameBytes(UcapSearchSite):
        platform = ""

        def index(self) -> str:
            return self.shell()

    with SameBytes(notices(5)) as site:
        site.burst = 3
        report = collect(tmp_path, site)
        assert (report["outcome"], report["failed"]) == ("partial", 2)
        assert len(versions(tmp_path)) == 3


def test_a_document_that_names_itself_outside_its_links() -> None:
    notice = notices(1)[0]
    assert not is_list_instead(document_page(notice), URL, notice.title)
