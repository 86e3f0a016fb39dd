"""Names of files, however a server, a link or a zip program garbled them."""

from __future__ import annotations

import base64
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.attachments.names import (
    LONGEST_NAME,
    decoded,
    of_address,
    of_disposition,
    repaired,
    safe_label,
    safe_name,
    safe_path,
)

NAME = "附件1：改造任务分工表.xlsx"
GBK = NAME.encode("gbk")


def latin(raw: bytes) -> str:
    return raw.decode("latin-1")


@pytest.mark.parametrize(
    "header",
    [
        f"attachment; filename*=UTF-8''{quote(NAME)}",
        f"attachment; filename*=utf-8'zh-cn'{quote(NAME)}",
        f"attachment; filename*=GBK''{quote(GBK)}",
        f'attachment; filename="x.xlsx"; filename*=UTF-8\'\'{quote(NAME)}',
        f'attachment; filename="{quote(NAME)}"',
        f"attachment;filename={quote(GBK)}",
        f'attachment; filename="{latin(NAME.encode())}"',
        f'attachment; filename="{latin(GBK)}"',
        f"inline;FileName={latin(GBK)}",
        f'attachment; filename="=?UTF-8?B?{base64.b64encode(NAME.encode()).decode()}?="',
        f'attachment; filename="=?GB2312?B?{base64.b64encode(GBK).decode()}?="',
        f'attachment; filename="=?utf-8?Q?{"".join(f"={b:02X}" for b in NAME.encode())}?="',
        f"attachment; filename*0*=UTF-8''{quote(NAME[:5])}; filename*1*={quote(NAME[5:])}",
        f'attachment; filename="..\\\\..\\\\{latin(GBK)}"',
        f'attachment; filename="../../etc/{quote(NAME)}"',
        f'attachment; filename="{latin(GBK)}";',
        f'filename="{latin(NAME.encode())}"',
        f"attachment; filename=\"{quote(quote(NAME))}\"",
        f'attachment; filename="\x07{latin(NAME.encode())}\x00"',
        f"attachment; filename*=UTF-8''{latin(NAME.encode())}",
        f"attachment; filename*=UTF-8''{latin(GBK)}",
        f"attachment; filename*=UTF-8''{quote(GBK)}",
        f'attachment; filename="{latin(latin(NAME.encode()).encode())}"',
        f"attachment; filename=UTF-8''{quote(NAME)}",
        f"attachment; filename='{latin(NAME.encode())}'",
        f'attachment; filename="{"".join(c if c.isascii() else f"%u{ord(c):04X}" for c in NAME)}"',
        f'attachment; filename="{"".join(c if c.isascii() else f"&#{ord(c)};" for c in NAME)}"',
    ],
)  # fmt: skip
def test_names_in_headers(header: str) -> None:
    assert of_disposition(header) == NAME


@pytest.mark.parametrize(
    "header",
    [
        None, "", "attachment", "inline; size=3", 'attachment; filename=""', "attachment; filename=../",
        "attachment; filename*=UTF-8''%00",
    ],
)  # fmt: skip
def test_headers_without_a_name(header: str | None) -> None:
    assert of_disposition(header) is None


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        (quote(NAME), NAME),
        (quote(GBK), NAME),
        ("a/b/" + quote(NAME), NAME),
        ("P020260305512345.pdf", "P020260305512345.pdf"),
        ("%E8%B4%A2%E6%94%BF%2F%E6%94%B6%E6%94%AF.doc", "收支.doc"),
        ("caf%C3%A9.pdf", "café.pdf"),
        ("图.png", "图.png"),
        (quote("图.png".encode("gbk")), "图.png"),
        (quote("★①名单【1】.doc".encode("gbk")), "★①名单【1】.doc"),
        (quote("吕㛃镕.doc".encode("gb18030")), "吕㛃镕.doc"),
        (quote("\u202e名单.doc"), "名单.doc"),
        ("增长50%的说明.pdf", "增长50%的说明.pdf"),
        ("..", ""),
        ("a" * 500 + ".pdf", "a" * (LONGEST_NAME - 5) + "….pdf"),
    ],
)
def test_names_in_addresses(given_name: str, expected: str) -> None:
    assert of_address(given_name) == expected


def test_a_slash_in_a_links_words_is_no_path() -> None:
    assert safe_label("附件2：收入/支出\t总表\u202e") == "附件2：收入／支出 总表"


def _quoted(text: str) -> str:
    return of_disposition(f'attachment; filename="{text}"') or ""


def _extended(text: str) -> str:
    return of_disposition("attachment; filename*=UTF-8''" + quote(text, errors="replace")) or ""


@given(st.text(max_size=300), st.sampled_from([safe_name, safe_label, of_address, _quoted, _extended]))
def test_a_name_never_holds_a_separator_or_a_control_character(text: str, name_of) -> None:
    name = name_of(text)
    assert not set(name) & set("/\\")
    assert not [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert len(name) <= LONGEST_NAME
    assert name.strip(". ") or not name


@given(st.binary(max_size=80))
def test_no_header_raises(raw: bytes) -> None:
    name = of_disposition("attachment; filename=" + latin(raw))
    assert name is None or not set(name) & set("/\\\x00\r\n")


@given(st.text(alphabet="../\\ab:C~% \x00\n附件", max_size=60))
def test_a_members_path_leads_nowhere(text: str) -> None:
    parts = safe_path(text).split("/")
    assert all(part.strip(". ") for part in parts)
    assert "\x00" not in safe_path(text)


@given(
    st.text(alphabet="附件一二三关于印发通知的实施方案名单表公示局0123.-（）《》", min_size=3, max_size=40)
)
def test_chinese_names_survive_every_garbling(text: str) -> None:
    assert repaired(quote(text)) == text
    for raw in (text.encode(), text.encode("gbk")):
        if any(b > 127 for b in raw):
            assert decoded(raw) == text
            assert repaired(latin(raw)) == text
