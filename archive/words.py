"""What the archive's codes are called in Chinese and in English, in mails, on pages and on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.model import FIELD, ChangeKind, Significance
from archive.presence import UNANSWERED

# The gravest first: the order in which a digest tells of them.
KIND_WORDS: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.REMOVED: ("已移除", "Removed"),
    ChangeKind.MISSING: ("暂不可见", "Missing"),
    ChangeKind.EDITED: ("内容修改", "Edited"),
    ChangeKind.ATTACHMENT: ("附件变更", "Attachment changed"),
    ChangeKind.ADDED: ("新增", "Added"),
    ChangeKind.UNLISTED: ("移出目录", "Unlisted"),
    ChangeKind.MOVED: ("地址变更", "Moved"),
    ChangeKind.RESTORED: ("恢复", "Restored"),
    ChangeKind.BASELINE: ("首次收录", "Baseline"),
}
_UNLISTED_NOTE = ("已不在任何目录中，网页仍在", "in no catalogue any more, its page is still there")
_UNANSWERED_NOTE = ("已不在任何目录中", "in no catalogue any more")  # the reason says the rest
SIGNIFICANCE_WORDS: Mapping[Significance, str] = {
    Significance.SUBSTANTIVE: "实质",
    Significance.COSMETIC: "形式",
}
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "present": ("在网", "present"),
    "unlisted": ("不在目录中", "unlisted"),
    "missing": ("暂不可见", "missing"),
    "removed": ("已移除", "removed"),
}
OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    "complete": ("完整", "complete"),
    "partial": ("不完整", "partial"),
    "failed": ("失败", "failed"),
    "held": ("存疑待定", "held"),
    "skipped": ("未采集", "skipped"),
    "interrupted": ("中断", "interrupted"),
}
ROLE_WORDS: Mapping[str, tuple[str, str]] = {
    "current": ("现址", "current"),
    "alias": ("别址", "alias"),
    "former": ("旧址", "former"),
}
PLACE_WORDS: Mapping[str, tuple[str, str]] = {
    "api": ("接口", "API"),
    "embedded": ("页内数据", "data in the page"),
    "table": ("信息表", "label table"),
    "meta": ("meta 标签", "meta tag"),
    "line": ("题下行", "line under the title"),
    "body": ("正文", "body"),
    "heading": ("标题", "heading"),
    "list": ("目录行", "catalogue row"),
}
# Of which day a document is: that of publication, else the one that it was written on.
DAY_WORDS: Mapping[str, tuple[str, str]] = {
    "published_on": ("发布", "published"),
    "issued_on": ("成文", "issued"),
}
RELATION_WORDS: Mapping[str, tuple[str, str]] = {
    "cites": ("引用", "cites"),
    "repeals": ("废止", "repeals"),
    "amends": ("修改", "amends"),
    "forwards": ("转发", "forwards"),
    "implements": ("依据", "implements"),
    "attaches": ("印发", "attaches"),
}
# Columns of tables and exports that are no field of a record (those have their words in the model). Instants in them are UTC.
COLUMN_WORDS: Mapping[str, tuple[str, str]] = {
    "document": ("文件编号", "Document"),
    "site": ("网站", "Site"),
    "url": ("网址", "Address"),
    "status": ("状态", "Status"),
    "version": ("版本", "Version"),
    "number": ("版本", "Version"),
    "versions": ("版本数", "Number of versions"),
    "first_present_at": ("首次可见时间（UTC）", "First present (UTC)"),
    "last_present_at": ("最近可见时间（UTC）", "Last present (UTC)"),
    "first_absent_at": ("首次不见时间（UTC）", "First absent (UTC)"),
    "first_seen_at": ("此版本首见时间（UTC）", "This version first seen (UTC)"),
    "last_seen_at": ("此版本末见时间（UTC）", "This version last seen (UTC)"),
    "kind": ("变更类型", "Kind of change"),
    "significance": ("程度", "Significance"),
    "reasons": ("变更说明", "Reasons"),
    "feed_seq": ("变更序号", "Place in the feed"),
    "detected_at": ("发现时间（UTC）", "Detected (UTC)"),
    "from_url": ("原网址", "From address"),
    "to_url": ("新网址", "To address"),
    "body_text": ("正文", "Text"),
    "attachments": ("附件", "Attachments"),
    "attachment_urls": ("附件网址", "Addresses of attachments"),
    "citations": ("引用文件", "Citations"),
    "fingerprint": ("内容指纹", "Fingerprint"),
    "extractor_revision": ("提取程序版本", "Revision of the extractor"),
    "merged_into": ("并入的文件", "Merged into"),
    "withdrawn_at": ("撤下时间（UTC）", "Withdrawn (UTC)"),
    "withdrawn_reason": ("撤下理由", "Reason of the withdrawal"),
}
# What a person should look at: the message beside it is English and names the values. Held by a test to be all codes.
PROBLEM_WORDS: Mapping[str, str] = {
    "addresses_change": "地址每次访问都不同",
    "asked_not_published": "所标日期是访问时间，不是发布日期",
    "attachment_damaged": "附件已损坏",
    "attachment_elsewhere": "附件在别的网站，未取得",
    "attachment_empty": "附件没有文字",
    "attachment_encrypted": "附件有密码",
    "attachment_garbled": "附件文字为乱码，未采用",
    "attachment_gone": "附件打不开",
    "attachment_is_page": "附件是网页",
    "attachment_is_scan": "附件是扫描件，没有文字",
    "attachment_mojibake": "附件文字为乱码，未采用",
    "attachment_not_read": "此类附件不读取文字，只比对字节",
    "attachment_not_whole": "附件文字不完整",
    "attachment_partly_read": "附件只读取了一部分",
    "attachment_too_large": "附件过大",
    "attachment_too_many": "附件过多",
    "body_by_general_reader": "正文由通用提取器找到，请核对",
    "body_continues": "正文还有后续页，未读取",
    "body_in_attachment": "正文在附件中",
    "body_in_images": "正文在图片中，未读取",
    "body_not_parsed": "正文无法解析",
    "conflicting_dates": "日期互相矛盾",
    "damaged_row": "存档记录已损坏",
    "date_ahead": "日期在采集日之后",
    "digits_apart": "文号中的数字被空格隔开，按一个号读取，请核对",
    "further_page_empty": "后续页没有内容",
    "further_page_gone": "后续页打不开",
    "generated_not_published": "所标日期是网页生成时间，不是发布日期",
    "gone_while_listed": "目录仍列有的文件大批打不开",
    "impossible_date": "日期不存在",
    "led_elsewhere": "地址转到了别的网页",
    "list_cut_off": "目录没有走到底",
    "list_says_more": "目录标明的数量多于实际所见",
    "mojibake": "文字为乱码，未采用",
    "nesting_too_deep": "网页嵌套过深，未解析",
    "no_text": "没有正文",
    "not_json": "接口的回答不是 JSON",
    "page_cut": "网页被截断",
    "page_emptied": "网页失去了正文",
    "page_of_another": "地址显示的是另一份文件",
    "page_replaced": "地址显示的网页与原来毫无相同之处",
    "pages_missing": "正文的后续页缺失",
    "promulgated_and_amended": "题注所称的决定不止一个，未取其文号和日期",
    "reading_failed": "读取失败",
    "rows_elsewhere": "目录行指向别的网站",
    "rows_without_address": "目录行没有地址",
    "same_page_everywhere": "多个地址显示同一网页",
    "term_of_days": "有效期以期限表示，没有日期",
    "too_large": "网页过大，未解析",
    "too_many_attributes": "网页标签属性过多，未解析",
    "two_character_sets": "网页有两种字符集",
    "undecodable_bytes": "有无法解码的字节",
    "unfilled_number": "文号未填写完整",
    "unknown_characters": "有无法辨认的字符",
    "unknown_code": "值不在已知的类别中",
    "unreadable_date": "日期无法辨认",
    "unreadable_list": "目录无法读取",
    "version_not_reread": "版本无法重读",
    "withdrawn_incomparable": "无法与已撤下的内容比较",
    "wrong_platform": "平台选择与网页不符",
}


def column_words(name: str) -> str | None:
    """What a column means, in Chinese and English; None for one that concerns programs alone.

    >>> column_words("document_number")
    '文号 Document number'
    """
    if name in FIELD:
        return f"{FIELD[name].zh} {FIELD[name].en}"
    return " ".join(COLUMN_WORDS[name]) if name in COLUMN_WORDS else None


def problem_words(code: str) -> str:
    """What a problem's code is called in Chinese; "" for one that is not known, such as that of an older archive.

    >>> problem_words("conflicting_issuing_body")
    '发布机构有不同的值'
    """
    if code in PROBLEM_WORDS:
        return PROBLEM_WORDS[code]
    spec = FIELD.get(code.removeprefix("conflicting_")) if code.startswith("conflicting_") else None
    return f"{spec.zh}有不同的值" if spec is not None else ""


def kind_note(kind: ChangeKind, reasons: Sequence[str]) -> tuple[str, str] | None:
    """What a kind means, where its name does not tell a reader."""
    if kind is not ChangeKind.UNLISTED:
        return None
    return _UNANSWERED_NOTE if UNANSWERED in reasons else _UNLISTED_NOTE
