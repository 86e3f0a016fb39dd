"""What a digest says of each kind of change, in which language, and that nothing of a page reaches its headers or markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from archive.diff import FieldChange
from archive.feed import ChangeRow
from archive.model import ChangeKind, Significance
from scheduler.alerts import digest as module
from scheduler.alerts.digest import compose
from scheduler.alerts.entries import Item
from scheduler.alerts.mailer import build, header_text
from scheduler.alerts.subscriptions import DigestTime, Subscription

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
ALWAYS = Subscription(key="editors", to="editors@example.org", schedule=DigestTime())


def change(**values: object) -> ChangeRow:
    base: dict = {
        "id": 1, "feed_seq": 1, "document": 7, "site": "linjiang", "kind": ChangeKind.REMOVED, "significance": None,
        "reasons": (), "fields": (), "from_version": None, "to_version": None, "from_url": None,
        "to_url": "http://linjiang.example/7.html", "last_present_at": NOW - timedelta(days=3), "first_absent_at": NOW,
        "detected_at": NOW, "run": 1, "title": "通知", "url": "http://linjiang.example/7.html", "index_number": "LJ/7",
        "document_number": "临政发〔2026〕7号", "issuing_body": "临江市人民政府",
    }  # fmt: skip
    return ChangeRow(**{**base, **values})


def digest_of(*changes: ChangeRow, language: str = "both"):
    return compose(
        "editors", [Item(c) for c in changes], language=language, now=NOW, epoch="e1", head="h" * 64, base_url=None,
        site_names={"linjiang": "临江市人民政府"}, from_seq=1, to_seq=9, domain="example.org",
    )  # fmt: skip


def test_a_removal_is_worded_as_what_was_seen() -> None:
    digest = digest_of(change())
    assert "2026-02-27 09:00 尚在 present，2026-03-02 09:00 不在 absent" in digest.text
    assert digest.message_id == "<e1.editors.1-9@example.org>"
    assert "h" * 64 in digest.text


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_digest_speaks_the_language_of_its_subscription(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SHOWN", 20)
    values = {
        "title": None,
        "issuing_body": "",
        "document_number": "",
        "fields": (FieldChange("title", None, "LJ"),),
    }
    changes = [change(**values, document=n) for n in range(21)]
    english = (
        getattr(digest_of(*changes, language="en"), form)
        .replace("临江市人民政府", "")
        .replace("公开 gongkai", "")
    )
    assert "present at 2026-02-27 09:00, absent at 2026-03-02 09:00" in english
    assert "detected 2026-03-02 09:00" in english
    assert "1 more: gongkai changes --after 0" in english
    assert not re.findall("[\u4e00-\u9fff]+", re.sub("<style>.*?</style>", "", english, flags=re.DOTALL))
    chinese = getattr(digest_of(*changes, language="zh"), form)
    assert "2026-02-27 09:00 尚在，2026-03-02 09:00 不在" in chinese
    assert "另有 1 条" in chinese
    assert not re.findall("present |absent|detected| more|no title", chinese)


def test_hostile_titles_reach_neither_header_nor_markup() -> None:
    title = "坏\r\nBcc: x@example.org\u202e\x1b[31m<script>alert(1)</script>\ud800"
    digest = digest_of(change(title=title))
    assert "<script>" not in digest.html
    assert "\x1b" not in digest.text
    message = build(digest, sender="a@example.org", recipient="b@example.org", now=NOW)
    assert message_from_bytes(message, policy=policy.default)["Bcc"] is None
    assert header_text(title).isprintable()


def unread() -> str:
    """The text of a change, which nobody may ask for."""
    raise AssertionError("read")


def test_cosmetic_changes_are_left_out_unless_asked_for() -> None:
    edit = change(kind=ChangeKind.EDITED, significance=Significance.COSMETIC)
    assert not ALWAYS.wants(edit, unread)
    assert ALWAYS.model_copy(update={"significance": "any"}).wants(edit, unread)


def test_texts_are_read_only_of_what_may_be_told() -> None:
    """A site that is new has ten thousand documents, and each text was read, though the baseline is never told."""
    words = ALWAYS.model_copy(update={"keywords": ("行政许可",)})
    assert not words.wants(change(kind=ChangeKind.BASELINE), unread)
    assert not words.model_copy(update={"sites": ("yunhe",)}).wants(change(), unread)
    assert words.wants(change(), lambda: "关于行政许可的通知")
    assert not words.wants(change(), lambda: "关于道路的通知")
