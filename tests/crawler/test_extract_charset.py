"""Right text or a refusal, whatever headers and meta tags claim."""

from __future__ import annotations

import pytest

from crawler.extract.charset import decode

TEXT = (
    "临江市人民政府办公室关于印发工作规则的通知。各区、县人民政府，市政府各部门：现将工作规则印发给你们，请遵照执行。"
    * 3
)


def page(charset: str | None = None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>通知</title></head><body><p>{TEXT}</p></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "header",
    [
        None,
        "text/html",
        "text/html; charset=utf-8",
        "text/html;charset=GBK",
        "text/html; charset=ISO-8859-1",
        "text/html; charset=nonsense",
    ],
)
@pytest.mark.parametrize("meta", [None, "utf-8", "gb2312"])
def test_matrix(encoding: str, header: str | None, meta: str | None) -> None:
    got = decode(page(meta).encode(encoding), header)
    assert TEXT in got.text
    assert got.encoding is not None
    assert not [p for p in got.problems if p.code == "mojibake"]


def test_declared_big5_is_believed() -> None:
    text = "關於公布實施細則之公告，請各機關依照辦理。" * 5
    got = decode(text.encode("big5"), "text/html; charset=big5")
    assert got.text == text


def test_double_encoded_text_is_refused() -> None:
    for body in (
        TEXT.encode("utf-8").decode("latin-1").encode("utf-8"),
        TEXT.encode("utf-8").decode("gb18030", errors="replace").encode("utf-8"),
        TEXT.encode("gbk").decode("latin-1").encode("utf-8"),
    ):
        got = decode(body, "text/html; charset=utf-8")
        assert got.encoding is None, got.text[:40]
        assert [p.code for p in got.problems] == ["mojibake"]


def test_a_broken_place_is_reported_not_hidden() -> None:
    body = page("utf-8").encode()
    at = body.index("通知".encode())
    got = decode(body[: at + 1] + body[at + 3 :], None)
    assert got.encoding == "utf-8"
    assert "\ufffd" in got.text
    assert [p.code for p in got.problems] == ["undecodable_bytes"]


def test_noise_is_refused() -> None:
    got = decode(bytes(range(128, 256)) * 40, None)
    assert got.encoding is None
    assert [p.code for p in got.problems] == ["mojibake"]


def test_a_page_about_mojibake_is_not_mojibake() -> None:
    got = decode((page("utf-8") + "<p>显示“锟斤拷”时请刷新</p>").encode(), None)
    assert got.encoding == "utf-8"


def test_cut_utf8_is_not_taken_for_gbk() -> None:
    for cut in range(1, 7):
        body = page().encode()
        at = body.index("办公室".encode())
        got = decode(body[:at] + body[at + cut :], "text/html; charset=gbk")
        assert got.encoding in ("utf-8", None)
        assert "锛" not in got.text
