"""What is searched for is found wherever it stands, word for word, and nowhere else: against a reading of all texts."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path

import pytest

from archive import feed, search
from archive.model import Attachment, AttachmentState, Disclosure
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

HAN = "临江市政罚款许可〇一二三𠀀𪚥㐀々豈"
OTHERS = (
    "abc", "A1", "2024", "1", "12", "１２", "ＡＢＣ", "é", "e\u0301", "x\u0327\u0303y", "\ue863", "\U000f0001", "ガ", "ｶﾞ", "か",
    "한", "ß", "İ", "ﬁ", "K", "①", "㎡", "㈱", "½", "x²", "😀", "👨‍👩‍👧", "བོད", "ۇيغۇر", "_", "a_b", "\u200b", "\u00ad", "\u202e",
    "Ⅳ", "٣", "𝟙", "a\u0332b", "〡", "㍿", "\u3099", "\u0345", "ﷺ",
)  # fmt: skip
PUNCTUATION = (
    *"，。、；：“”‘’（）()〔〕[]【】［］《》-—_ \n\t.,:;!?*^\"'%&|+~@#/\\·…$<>=`{}－＊％＂＇\u3000",
    "〔2024〕12号", "[2024]1号", "（2024）12号", "【2024】3号", "﹝2024﹞5号", "AND", "OR", "NOT", "NEAR(", "title:", "--",
)  # fmt: skip


def some_text(chance: random.Random, length: int) -> str:
    pools = chance.choices((HAN, OTHERS, PUNCTUATION), (6, 2, 2), k=length)
    return "".join(chance.choice(pool) for pool in pools)


def is_han(char: str) -> bool:
    return bool(
        re.match(
            "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]",
            char,
        )
    )


def words_in(text: str) -> list[str]:
    """A reader's words: each Han character, and each run of letters and digits, however wide."""
    found, run = [], ""
    for char in unicodedata.normalize("NFKC", text).casefold() + " ":
        letter = unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Co"
        if not is_han(char) and (letter or (run and "\u0300" <= char <= "\u0331")):
            run += char
            continue
        found += [run] if run else []
        found += [char] if is_han(char) else []
        run = ""
    return found


def stands_in(words: list[str], text: list[str]) -> bool:
    return any(text[at : at + len(words)] == words for at in range(len(text) - len(words) + 1))


def texts_of(record: Disclosure) -> list[str]:
    files = [f"{a.name}\n{a.text or ''}" for a in record.attachments]
    own = (record.title, record.document_number, record.index_number, record.issuing_body, record.body_text)
    return [text for text in (*own, "\n".join(files)) if text]


def page(chance: random.Random, n: int) -> Disclosure:
    files = tuple(
        Attachment(
            name=some_text(chance, 4), url=f"{url(n)}.{k}", sha256=f"{chance.randrange(10**9):064x}", size=1,
            text=some_text(chance, 20), state=AttachmentState.FETCHED,
        )
        for k in range(chance.randrange(3))
    )  # fmt: skip
    number, title = some_text(chance, 5), some_text(chance, 8)
    return notice(n, some_text(chance, 40), title=title, document_number=number, attachments=files)


def search_and_compare(home: Path, seed: int, queries: int) -> None:
    chance, office = random.Random(seed), Office(home / "data", SitePolicy())
    pages = {url(n): page(chance, n) for n in range(8)}
    office.collect(dict(pages))
    pages |= {url(n): page(chance, n) for n in range(3)}  # edited
    office.collect(dict(pages))
    with office.read() as db:
        records = {n: texts_of(feed.load_version(db, n).disclosure) for n in range(1, 9)}
        words = {n: [words_in(text) for text in texts] for n, texts in records.items()}
        for _ in range(queries):
            query = some_text(chance, chance.randint(1, 6))
            if chance.random() < 0.7:  # something that stands there, cut out anywhere
                text = chance.choice(records[chance.randint(1, 8)])
                at = chance.randrange(len(text))
                query = text[at : at + chance.choice((1, 2, 2, 3, 4, 6, 9))]
            asked = [words_in(quoted or bare) for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', query)]
            asked = [one for one in asked if one]
            wanted = {
                n
                for n, texts in words.items()
                if asked and all(any(stands_in(one, text) for text in texts) for one in asked)
            }
            found = {hit.document for hit in search.search(db, query, limit=99)}
            assert found == wanted, (seed, ascii(query), asked)
            assert search.number_of_words(query) == len({tuple(one) for one in asked})


@pytest.mark.parametrize("seed", [5, *(pytest.param(s, marks=pytest.mark.slow) for s in range(100, 160))])
def test_recall_and_precision(tmp_path: Path, seed: int) -> None:
    search_and_compare(tmp_path, seed, 200)
