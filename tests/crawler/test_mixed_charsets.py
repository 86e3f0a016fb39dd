"""Pages of several character sets, of characters that few texts hold, and answers that are data: right, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model import Extraction, PageKind
from crawler.extract.characters.charset import decode
from crawler.extract.characters.mojibake import has_misread_word, misread
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.page_data.json_answer import read as read_answer
from crawler.extract.rules import ExtractionRules
from crawler.extract.text import clean

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
URL = "http://www.linjiang.example/zw/1.html"
TITLE = "关于做好农产品质量安全监督抽检工作的通知"
TEXT = "各县区农业农村局：现将有关事项通知如下，请认真贯彻执行，确保取得实效。"
MENU = (
    "<ul>"
    + "".join(f"<li><a href='/{n}/'>{n}</a></li>" for n in ("首页", "政务公开", "互动交流", "走进临江"))
    + "</ul>"
)
FOOT = "<div class='foot'><p>版权所有：临江市农业农村局　主办单位：临江市农业农村局办公室</p></div>"
PESTICIDES = (
    "噻虫嗪、噻虫胺、吡虫啉、啶虫脒、腈苯唑、氟虫腈、克百威、毒死蜱、甲胺磷、氧乐果、联苯菊酯、吡唑醚菌酯、苯醚甲环唑、"
    "嘧霉胺、烯酰吗啉、噁霜灵、氯吡脲、苄嘧磺隆、莠去津、丙炔噁草酮"
)
FISH = "鳜鱼、鲶鱼、鳊鱼、鲫鱼、鳙鱼、鲢鱼、泥鳅、鳗鲡、鲟、鲴、鲮、鳡、鳤、鯮、鱤、鮠、鲌、鲚、鳑鲏、鲈、鲳、鲷、鲅、鳕、鲱"


def page(menu: str = MENU, text: str = TEXT, foot: str = FOOT, title: str = TITLE, meta: str = "") -> str:
    return (
        f"<html><head>{meta}<title>{title}</title></head><body>{menu}<h1>{title}</h1>"
        f"<div id='zoom'><p>{text}</p></div>{foot}</body></html>"
    )


def read(body: bytes, content_type: str | None = None) -> Extraction:
    return extract_page(body, URL, book=BOOK, content_type=content_type)


def shown(found: Extraction) -> tuple[str | None, str | None] | None:
    record = found.disclosure
    return (record.title, record.body_text) if record is not None else None


def stitched(outer: str, inner: str, **part: str) -> bytes:
    (name,) = part
    return page(**{name: "@@"}).encode(outer).replace(b"@@", part[name].encode(inner))  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["text/html", "text/html; charset=utf-8", "text/html; charset=gbk"])
@pytest.mark.parametrize(("outer", "inner"), [("utf-8", "gbk"), ("gbk", "utf-8")])
@pytest.mark.parametrize(
    "part", [{"menu": MENU}, {"foot": FOOT}, {"text": TEXT}], ids=["menu", "foot", "text"]
)
def test_a_part_in_another_character_set(outer: str, inner: str, part: dict[str, str], header: str) -> None:
    """A foot that a server puts in from a file in GBK: the page was refused for it, or its text stored as 鍚勫幙鍖."""
    found = read(stitched(outer, inner, **part), header)
    assert shown(found) == (TITLE, TEXT)
    assert "two_character_sets" in {p.code for p in found.problems}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_character_cut_in_two_is_no_second_character_set(encoding: str) -> None:
    body = page().encode(encoding)
    at = body.index("认真".encode(encoding))
    assert shown(read(body[:at] + body[at + 1 :], f"text/html; charset={encoding}")) is None


def test_a_line_in_two_character_sets_is_not_told_apart() -> None:
    """What was read of it in one of them was stored with the rest: 鐗规公告."""
    for at in range(1, 30):
        body = page(text="@@").encode().replace(b"@@", TEXT[:at].encode() + TEXT[at:].encode("gbk"))
        assert shown(read(body, "text/html; charset=utf-8")) in (None, (TITLE, TEXT)), at


@pytest.mark.parametrize("text", [PESTICIDES, FISH], ids=["pesticides", "fish"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_uncommon_characters_are_no_mojibake(text: str, encoding: str) -> None:
    """Two thirds of the characters in names of pesticides are common, a third of those in names of fish."""
    body = page("", text, "", "临江名录", f"<meta charset={encoding}>").encode(encoding)
    assert shown(read(body)) == ("临江名录", text)


@pytest.mark.parametrize("text", [TEXT, PESTICIDES, FISH], ids=["text", "pesticides", "fish"])
def test_uncommon_characters_that_were_misread_are(text: str) -> None:
    assert not misread(text, rare=True)
    assert misread(text.encode().decode("gb18030", errors="ignore"), rare=True)


@pytest.mark.parametrize(
    "way", [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("gbk", "latin-1")]
)
def test_one_paragraph_that_a_site_has_misread_refuses_the_text(way: tuple[str, str]) -> None:
    spoiled = TEXT.encode(way[0]).decode(way[1], errors="ignore")
    found = read(page(text=f"{TEXT}</p>" * 30 + f"<p>{spoiled}").encode())
    assert (found.kind, found.disclosure) == (PageKind.UNREADABLE, None)


def test_a_title_of_which_a_site_lost_characters_is_none() -> None:
    body = page(title="关于锟斤拷锟斤拷农产品的通知", foot=FOOT * 40).encode()
    found = extract_page(body, URL, book=BOOK, hints={"title": TITLE})
    assert found.disclosure is not None
    assert found.disclosure.title == TITLE
    quoted = page(text=f"{TEXT}网页显示“锟斤拷”时请刷新。").encode()
    assert shown(read(quoted)) == (TITLE, f"{TEXT}网页显示“锟斤拷”时请刷新。")


# English, Russian, Japanese, Korean: GBK holds their letters beside ideographs, and Big5 reads those as its commonest.
FOREIGN = {
    "gbk": ("Notice of the Linjiang People’s Government", "The “Measures” of the café are hereby issued – for all."),
    "gb18030": ("Уведомление города Линьцзян", "Народное правительство города публикует уведомление о мерах."),
    "gb2312": ("お知らせについて", "これはりんこうしのおしらせです。ごかくにんください。よろしくおねがいします。"),
    "euc-kr": ("임강시인민정부 통지", "홍수방지사업을 잘할데 관한 통지를 인쇄발부하니 집행하기 바랍니다."),
}  # fmt: skip


@pytest.mark.parametrize("encoding", FOREIGN)
def test_other_scripts_in_chinese_character_sets(encoding: str) -> None:
    title, text = FOREIGN[encoding]
    body = page("", text, "", title).encode(encoding)
    assert shown(read(body, f"text/html; charset={encoding}")) == (title, text)


def test_the_euro_of_windows() -> None:
    body = page(text=f"{TEXT}合同金额@100万元。").encode("gbk").replace(b"@", b"\x80")
    assert shown(read(body, "text/html; charset=gb2312")) == (TITLE, f"{TEXT}合同金额€100万元。")


RECORD = {"title": TITLE, "content": f"<p>{TEXT}</p>"}
ANSWER = json.dumps({"code": 200, "data": RECORD}, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        f"callback({ANSWER})",
        f"/**/ jQuery17_2({ANSWER});\r\n",
        f"<html><head></head><body><pre style='a'>{ANSWER.replace('<', '&lt;')}</pre></body></html>",
    ],
)
def test_a_record_in_a_call_or_shown_as_text_is_read(text: str) -> None:
    for encoding in ("utf-8", "gbk"):
        assert shown(read(text.encode(encoding))) == (TITLE, TEXT)


@pytest.mark.parametrize(
    "text",
    [
        f"callback({ANSWER[:-30]}",
        f"<?xml version='1.0'?><rss><channel><item><title>{TITLE}</title><link>/1.html</link></item></channel></rss>",
        f"<?xml version='1.0'?>\n<!-- a -->\n<doc><title>{TITLE}</title><text>{TEXT}</text></doc>",
    ],
)
def test_data_that_is_no_page_is_no_text(text: str) -> None:
    """The markup of a feed and the braces of a broken answer were the text of a document."""
    found = extract_page(text.encode(), URL, book=BOOK, hints={"title": TITLE})
    assert (found.kind, found.disclosure) == (PageKind.OTHER, None)


@pytest.mark.parametrize(
    "start",
    [
        "<?xml version='1.0' encoding='utf-8'?>",
        "<?xml version='1.0'?>\n<!DOCTYPE html>",
        "<?xml version='1.0'?><!-- a -->",
    ],
)
def test_a_page_with_a_declaration_of_xml_is_a_page(start: str) -> None:
    assert shown(read((start + page()).encode())) == (TITLE, TEXT)


def test_half_a_character_is_not_known() -> None:
    half = json.dumps({"code": 200, "data": {**RECORD, "title": f"{TITLE}\ud83d"}})
    found = extract_page(half.encode(), URL, book=BOOK, hints={"title": TITLE})
    assert found.disclosure is not None
    assert found.disclosure.title == TITLE
    assert "unknown_characters" in {p.code for p in found.problems}
    spoiled = json.dumps({"code": 200, "data": {**RECORD, "content": f"<p>{TEXT}张\ud842等</p>"}})
    assert read(spoiled.encode()).disclosure is None


def test_signs_that_were_escaped_twice() -> None:
    assert clean("关于&nbsp;“四好&rdquo;&mdash;&mdash;农村路&hellip;") == "关于 “四好”——农村路…"
    assert clean("A&amp;B &lt;甲&gt; &copy; R&D") == "A&amp;B &lt;甲&gt; &copy; R&D"


def test_what_begins_like_a_call_is_a_text() -> None:
    for text in ("甲局([2031]3号)通知", "Notice ([2031]3号) of the office", "var ([2031]3号) of the office"):
        assert read_answer(text, ExtractionRules(), BOOK.api) is None
    assert decode(b"", None).text == ""


@pytest.mark.parametrize("name", ["undefined", "idna", "unicode_escape", "rot13", "nonsense", "utf-7", "%E7"])
def test_names_that_are_no_character_set(name: str) -> None:
    """charset=undefined comes from a template of a script; Python has a codec of that name, which only fails."""
    for encoding in ("utf-8", "gbk"):
        body = page(meta=f"<meta charset={name}>").encode(encoding)
        assert shown(read(body, f"text/html; charset={name}")) == (TITLE, TEXT)


@pytest.mark.parametrize(
    "word", ["教育局", "欧阳旻", "临江市", "公告", "张三", "一、防", "七、各单位应当建立健全"]
)
def test_one_word_that_a_site_has_misread_refuses_the_text(word: str) -> None:
    spoiled = word.encode().decode("gb18030", errors="replace").replace("\ufffd", "?")
    assert read(page(text=f"{TEXT}负责人：{spoiled}。").encode()).disclosure is None
    assert shown(read(page(text=f"{TEXT}负责人：{word}。").encode())) == (TITLE, f"{TEXT}负责人：{word}。")


@pytest.mark.parametrize(
    "shown", ["×" * 30 + "年×月", "°" * 20, "·" * 40, "§§§§±±±±±", "Größe, façade, naïve", "缙云县骞某"]
)
def test_signs_and_letters_that_are_no_misread_words(shown: str) -> None:
    assert not has_misread_word(shown)
    assert not misread(shown, rare=True)
