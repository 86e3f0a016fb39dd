"""What one digest says: how much of a difference it shows, and where it leads."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from archive.diff import AttachmentChange, FieldChange, Segment, diff_text
from archive.feed import ChangeRow
from archive.model import Attachment, ChangeKind, Significance
from scheduler.alerts import digest as module
from scheduler.alerts.digest import MOST_BYTES, Digest, compose
from scheduler.alerts.entries import MOST_OF_ONE, Item, cut
from scheduler.alerts.sending import site_name

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEFORE, AFTER = "一、收费标准为每次5元。\n二、按季度报送。", "一、收费标准为每次6元。\n二、按季度报送。"


def edit(document: int = 7, **values: object) -> ChangeRow:
    base: dict = {
        "id": document, "feed_seq": document, "document": document, "site": "linjiang", "kind": ChangeKind.EDITED,
        "significance": Significance.SUBSTANTIVE, "reasons": (), "fields": (), "from_version": 3, "to_version": 4,
        "from_url": None, "to_url": "http://linjiang.example/7.html?a=1&b=2", "last_present_at": None, "first_absent_at": None,
        "detected_at": NOW, "run": 1, "title": "通知", "url": "http://linjiang.example/7.html?a=1&b=2",
        "index_number": None, "document_number": None, "issuing_body": None,
    }  # fmt: skip
    return ChangeRow(**{**base, **values})


def digest_of(
    *items: Item, language: str = "both", base_url: str | None = "https://browse.example/"
) -> Digest:
    return compose(
        "editors", items, language=language, now=NOW, epoch="e1", head="h" * 64, base_url=base_url,
        site_names={"linjiang": "临江市人民政府"}, from_seq=1, to_seq=9, domain="example.org",
    )  # fmt: skip


REWRITTEN = (Segment("delete", "旧" * 500_000), Segment("insert", "新" * 500_000))
LONG = "关于进一步加强城镇老旧小区改造配套设施建设和既有住宅加装电梯工作若干措施的通知" * 3


@pytest.mark.parametrize(("count", "differences"), [(1, REWRITTEN), (100, REWRITTEN), (200, ()), (5_000, ())])
@pytest.mark.parametrize("base_url", ["https://browse.example/", None])
def test_no_mail_is_longer_than_what_programs_show_of_one(
    count: int, differences: tuple[Segment, ...], base_url: str | None
) -> None:
    """200 changes made 340 KB of HTML: of a message Gmail shows 102 KB."""
    items = [Item(edit(n, title=f"第{n}件{LONG}"), differences) for n in range(1, count + 1)]
    digest = digest_of(*items, base_url=base_url)
    assert len(digest.html.encode()) <= MOST_BYTES
    whole, lines = digest.html.count('class="entry"'), digest.html.count("<br>#") + digest.html.count(">#")
    assert whole >= 5 or whole == count
    rest = re.search(r"另有 (\d+) 条", digest.html)
    told = [int(n) for n in re.findall(r"^  (?:发现于 detected [-0-9: ]{16}  )?#(\d+)@4", digest.text, re.M)]
    assert len(told) == len(set(told)) == count - (int(rest[1]) if rest else 0)
    assert all(f"#{n}@4" in digest.html for n in told)
    assert (rest is not None) == (count == 5_000)
    if lines:
        assert f"最重要的 {whole} 条全文列出，其余 {len(told) - whole} 条各列一行" in digest.html
        assert digest.text.index("各列一行") < digest.text.index("第1件")


def test_of_two_hundred_edits_those_of_figures_are_told_whole_whatever_their_site_is_called() -> None:
    wording = [
        Item(edit(n, site="aa", reasons=("wording",)), diff_text(BEFORE * 9, AFTER * 9)) for n in range(200)
    ]
    figures = Item(edit(300, site="zz", title="收费办法", reasons=("wording", "figures_changed: 5 → 6")))
    digest = digest_of(*wording, figures)
    assert "— 收费办法 ·" in digest.subject
    assert "- 数字变更：5 → 6 · figures changed: 5 → 6" in digest.text
    assert (
        "\n  - 措辞变更 · wording\n  #199@4  https://" in digest.text
    )  # one of those that are told in a line
    assert ">通知</a> 措辞变更 · wording<br>" in digest.html


def test_of_changes_of_one_gravity_the_first_is_told_first_whatever_its_site_is_called() -> None:
    first, second = Item(edit(1, site="zz", title="先")), Item(edit(2, site="aa", title="后"))
    assert "内容修改 2 — 先 ·" in digest_of(first, second).subject


def test_what_is_told_in_a_line_is_the_lesser_and_leads_to_more() -> None:
    added = [Item(edit(n, kind=ChangeKind.ADDED, from_version=None), REWRITTEN) for n in range(1, 60)]
    cosmetic = Item(edit(70, significance=Significance.COSMETIC), REWRITTEN)
    substantive, removed = Item(edit(80), REWRITTEN), Item(edit(90, kind=ChangeKind.REMOVED, site="zz"))
    digest = digest_of(*added, cosmetic, substantive, removed)
    whole = re.findall(r"#(\d+)@4</?", digest.html.replace("　<a", "<"))
    assert "#90@4" in digest.text.partition("发现于")[2]
    assert {"70", "80", "90"} <= set(whole)
    assert "\n[新增 Added] 通知\n  #59@4  https://browse.example/-/gongkai/documents/59\n" in digest.text
    assert digest.html.count("<b>新增 Added</b>") == 1  # says of what kind the lines behind it are
    assert "baseline" not in digest.text  # which no mail tells of


def test_an_absence_that_is_told_in_a_line_says_between_which_times_it_was() -> None:
    gone = {"last_present_at": datetime(2026, 3, 1, tzinfo=UTC), "first_absent_at": NOW, "title": LONG}
    text = digest_of(
        *(Item(edit(n, kind=ChangeKind.REMOVED, **gone)) for n in range(300)), language="en"
    ).text
    assert "各列一行" not in text
    assert "in a line each" in text
    assert (
        text.count("present at 2026-03-01 08:00, absent at 2026-03-02 09:00")
        == text.count("[Removed] ")
        > 100
    )


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("zh", "公开 gongkai：内容修改 1，新增 1 — 收费办法"),
        ("en", "gongkai: edited 1, added 1 — 收费办法"),
        ("both", "公开 gongkai：内容修改 1，新增 1 — 收费办法 · edited 1, added 1"),
    ],
)
def test_a_subject_names_the_gravest_change(language: str, subject: str) -> None:
    """It said how many, and of which kind: whoever gets one each day did not see whether to open it."""
    items = Item(edit(1, kind=ChangeKind.ADDED)), Item(edit(2, title="收费办法"))
    assert digest_of(*items, language=language).subject == subject
    long = digest_of(Item(edit(title="很" * 90))).subject
    assert long == f"公开 gongkai：内容修改 1 — {'很' * 60}… · edited 1"
    assert digest_of(Item(edit(title=None)), language="en").subject == "gongkai: edited 1"
    kinds = [k for k in ChangeKind if k is not ChangeKind.BASELINE]
    every = [
        Item(edit(n * 8 + m, kind=kind, title="很" * 90)) for n in range(12) for m, kind in enumerate(kinds)
    ]
    whole = digest_of(*every).subject
    assert whole.endswith("恢复 12 — " + "很" * 60 + "…")  # and is not cut within an English word


@pytest.mark.parametrize(
    ("dates", "language", "expected"),
    [
        ({"published_on": "2026-03-01", "issued_on": "2026-02-20"}, "both", "临政发〔2026〕3号  发布 published 2026-03-01\n"),
        ({"issued_on": "2026-02-20"}, "zh", "临政发〔2026〕3号  成文 2026-02-20\n"),
        ({}, "en", "临政发〔2026〕3号\n"),
    ],
)  # fmt: skip
def test_a_mail_says_of_which_day_a_document_is(dates: dict[str, str], language: str, expected: str) -> None:
    digest = digest_of(Item(edit(document_number="临政发〔2026〕3号", **dates)), language=language)
    assert f"\n  {expected}" in digest.text
    assert expected.strip().replace("  ", "　") in digest.html


def test_a_small_difference_is_shown_whole_and_without_a_note() -> None:
    digest = digest_of(Item(edit(), diff_text(BEFORE, AFTER)))
    assert "每次[-5-]{+6+}元。\n  二、按季度报送。" in digest.text
    assert "\n  一、" in digest.text
    assert "只显示开头" not in digest.text


def test_a_later_small_difference_is_still_shown_when_an_earlier_one_was_cut() -> None:
    long = Item(edit(1), (Segment("insert", "新" * 9 * MOST_OF_ONE),))
    digest = digest_of(long, Item(edit(2), diff_text(BEFORE, AFTER)))
    assert "[-5-]{+6+}" in digest.text
    assert digest.text.count("只显示开头 only its beginning is shown") == 1


@pytest.mark.parametrize("most", [0, 1, 5, 6, 7, 11, 12, 99])
def test_a_cut_difference_is_the_beginning_of_the_whole(most: int) -> None:
    segments = (Segment("equal", "甲" * 6), Segment("delete", "乙" * 3), Segment("insert", "丙" * 3))
    shown, whole = cut(segments, most)
    joined = "".join(s.text for s in shown)
    assert "".join(s.text for s in segments).startswith(joined)
    assert len(joined) == min(most, 12)
    assert whole == (most >= 12)


def test_a_replaced_file_is_told_with_what_differs_in_it() -> None:
    old, new = (
        Attachment(name="收费明细表.txt", url="http://linjiang.example/a.txt", sha256=c, text=t)
        for c, t in (("a", BEFORE), ("b", AFTER))
    )
    file = AttachmentChange("replaced", old, new, text=diff_text(BEFORE, AFTER))
    digest = digest_of(Item(edit(kind=ChangeKind.ATTACHMENT), files=(file,)))
    assert "\n  收费明细表.txt: 一、收费标准为每次[-5-]{+6+}元。" in digest.text
    inserted = digest.html.split("<ins")[1].split(">")[0]
    # What is printed, or seen without colours, tells old from new.
    assert "text-decoration: underline" in inserted


def test_a_file_behind_a_long_difference_is_counted() -> None:
    long = (Segment("insert", "新" * MOST_OF_ONE),)
    file = AttachmentChange(
        "replaced",
        None,
        Attachment(name="表.txt", url="http://s.example/a.txt"),
        text=diff_text(BEFORE, AFTER),
    )
    text = digest_of(Item(edit(), long, (file,)), language="zh").text
    assert ("表.txt" in text, "另有 1 个文件" in text, "只显示开头" in text) == (False, True, False)


def test_an_edit_leads_to_the_comparison_and_to_the_page_at_its_office(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digest = digest_of(Item(edit()))
    assert "对比 compare: https://browse.example/-/gongkai/documents/7/diff?from=3&to=4" in digest.text
    assert 'href="https://browse.example/-/gongkai/documents/7/diff?from=3&amp;to=4"' in digest.html
    assert 'href="http://linjiang.example/7.html?a=1&amp;b=2"' in digest.html
    assert "对比" not in digest_of(Item(edit()), base_url=None).text
    monkeypatch.setattr(
        module, "_levels", lambda *_: (0, 1)
    )  # a line leads to the office where there is no more
    assert 'href="http://linjiang.example/7.html?a=1&amp;b=2"' in digest_of(Item(edit()), base_url=None).html
    assert "对比" not in digest_of(Item(edit(kind=ChangeKind.ADDED, from_version=None))).text


def test_a_mail_says_what_each_link_leads_to_and_what_unlisted_means() -> None:
    digest = digest_of(Item(edit(kind=ChangeKind.UNLISTED, from_version=None)), language="en")
    for said in (
        "  in no catalogue any more, its page is still there\n",
        "  original: http://linjiang.example/7.html?a=1&b=2\n",
        "  archived: https://browse.example/-/gongkai/documents/7\n",
    ):
        assert said in digest.text
    assert "in no catalogue any more" in digest.html
    unread = edit(kind=ChangeKind.UNLISTED, from_version=None, reasons=("unanswered",))
    told = digest_of(Item(unread), language="en").text
    assert ("its page is still there" in told, "whether it is gone is not known" in told) == (False, True)
    assert "原文: http://" in digest_of(Item(edit()), language="zh").text


@pytest.mark.parametrize(
    ("language", "name_en", "called"),
    [("zh", "Linjiang", "临江市"), ("en", "Linjiang", "Linjiang"), ("both", "Linjiang", "临江市 Linjiang"), ("en", None, "临江市")],
)  # fmt: skip
def test_a_site_is_called_by_its_name_in_the_language_of_the_mail(
    language: str, name_en: str | None, called: str
) -> None:
    assert site_name(language, "临江市", name_en) == called


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    digest = digest_of(Item(edit(to_url="javascript:alert(1)", url="javascript:alert(1)")))
    assert 'href="javascript' not in digest.html
    assert "javascript:alert(1)" in digest.html


def test_long_values_of_fields_are_cut() -> None:
    digest = digest_of(
        Item(edit(title="很" * 2_000, fields=(FieldChange("summary", "旧" * 9_000, "新" * 9_000),)))
    )
    assert len(digest.text) < 3_000
    assert "旧" * 200 in digest.text


def test_of_a_field_that_says_something_else_both_values_are_told() -> None:
    digest = digest_of(
        Item(edit(fields=(FieldChange("issued_on", "", "2026-02-20"), FieldChange("summary", "甲", "乙"))))
    )
    assert "∅ → 2026-02-20\n" in digest.text
    assert "甲 → 乙\n" in digest.text
    assert re.search("<del[^>]*>甲</del> → <ins[^>]*>乙</ins>", digest.html)


def test_of_a_long_value_of_a_field_what_differs_is_shown_however_far_behind() -> None:
    """Both were cut at 300 characters: what differed stood behind, and the mail showed the same text twice."""
    old = "".join(f"第{n}项工作由责任单位按时完成。" for n in range(60)) + "补助标准为5万元。"
    digest = digest_of(Item(edit(fields=(FieldChange("summary", old, old.replace("5万", "3万")),))))
    assert "补助标准为[-5-]{+3+}万元" in digest.text
    assert "补助标准为<del" in digest.html
    assert len(digest.text) < 1_500


@pytest.mark.parametrize(("language", "words"), [("zh", "请保留此邮件"), ("en", "Keep this mail")])
def test_a_digest_says_what_its_ledger_head_is_for(language: str, words: str) -> None:
    digest = digest_of(Item(edit()), language=language)
    for text in (digest.text, digest.html):
        assert words in text
        assert "gongkai proof" in text
        assert f"{'账本头' if language == 'zh' else 'ledger'} {'h' * 64}" in text
        assert ("feed" in text) == (language == "en")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "09:00 (北京时间)"), ("en", "09:00 (UTC+8)"), ("both", "09:00 (北京时间 UTC+8)")],
)
def test_a_mail_says_in_its_language_which_time_its_times_are(language: str, said: str) -> None:
    digest = digest_of(Item(edit()), language=language)
    assert f"2026-03-02 {said}" in digest.text
    assert f"2026-03-02 {said}" in digest.html
    assert "Asia/" not in digest.text + digest.html


def test_a_removal_is_told_once_and_not_as_missing_too() -> None:
    gone = {"last_present_at": datetime(2026, 3, 1, tzinfo=UTC), "first_absent_at": NOW}
    missing, removed = (Item(edit(7, kind=kind, **gone)) for kind in (ChangeKind.MISSING, ChangeKind.REMOVED))
    other = Item(edit(8, kind=ChangeKind.MISSING, **gone))
    again = Item(
        edit(7, kind=ChangeKind.MISSING, **{**gone, "first_absent_at": datetime(2026, 3, 9, tzinfo=UTC)})
    )
    assert (
        digest_of(missing, removed, other).subject
        == "公开 gongkai：已移除 1，暂不可见 1 — 通知 · removed 1, missing 1"
    )
    assert digest_of(missing, removed, again).text.count("[暂不可见 Missing]") == 1
    assert "removed" not in digest_of(missing).subject
    assert digest_of(missing).text.count("[暂不可见 Missing]") == 1


def test_what_a_bulk_of_additions_leaves_no_room_for_is_no_removal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites stand in their order, and the first one's additions filled the mail: another's removal was only counted."""
    monkeypatch.setattr(module, "MOST_SHOWN", 3)
    bulk = [Item(edit(n, kind=ChangeKind.ADDED, feed_seq=n)) for n in range(1, 6)]
    removed = Item(edit(9, kind=ChangeKind.REMOVED, site="zz", feed_seq=9))
    text = digest_of(*bulk, removed).text
    assert text.startswith("公开 gongkai · ")
    assert "已移除 1，新增 5" in text
    assert (text.count("[已移除 Removed]"), text.count("[新增 Added]")) == (1, 2)
    assert "另有 3 条 3 more: https://browse.example/-/gongkai/changes" in text


def test_one_change_of_hundreds_of_files_leaves_room_for_the_others() -> None:
    """A budget with 200 tables that were all replaced: the whole mail was told in lines."""
    names = [f"附件{n}：项目绩效目标申报表.docx" for n in range(200)]
    pairs = [
        tuple(
            Attachment(name=name, url=f"http://s.example/{name}", sha256=c, text=t)
            for c, t in (("a", BEFORE), ("b", AFTER))
        )
        for name in names
    ]
    files = tuple(AttachmentChange("replaced", old, new, text=diff_text(BEFORE, AFTER)) for old, new in pairs)
    reasons = tuple(f"attachment_replaced: {name}" for name in names)
    others = [Item(edit(number, title=f"第{number}号", reasons=("wording",))) for number in range(2, 12)]
    digest = digest_of(Item(edit(1, reasons=reasons), files=files), *others, language="zh")
    assert len(digest.html.encode()) <= MOST_BYTES
    assert "各列一行" not in digest.text
    assert re.findall(r"另有 (\d+) (项|个文件)", digest.text) == [("160", "项"), ("160", "个文件")]
