"""Document numbers (发文字号): their grammar, their variants, and which of them a document only cites.

Three families, each written in many ways on real pages:

* 代字〔年〕序号号 (GB/T 9704): 国办发〔2019〕4号; also with [] （） 【】 〈〉 《》 ‘’ 〚〛 for the brackets, with 第 or
  spaces before the serial, with several serials (10号、11号、12号; 12号-13号; 89-93号); before the standard with a
  year of two digits (劳部发[94]503号) or the year in front: （88）国税地字第025号;
* orders: 国务院令第711号, 国务院令（第711号）, 国务院第711号令, 国令第9号;
* announcements: 某部公告2024年第5号, 2024年第5号, 2024年第44号令, 公告第5号.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.values.number_prefix import (
    BRACKETS,
    FORMER,
    KINDS,
    THAT_IS,
    code_before,
    code_of,
    issuers,
)

_OPEN, _CLOSE = "〔\\[［（(【〈《‘〚﹝{", "〕\\]］）)】〉》’〛﹞}"
_YEAR = r"(?:19|20)\d{2}"
_DASHES, _COMMAS = "-—－–~～至", "、，,和及与"
_DIGITS = r"(?:\d(?: \d){1,3}(?!\d)|\d{1,6})"  # 1 5 号: digits that an editor set apart
_SERIALS = rf"[A-Za-z]?{_DIGITS}(?:\s*[{_DASHES}{_COMMAS}]\s*\d{{1,6}})*"
_OLD_YEAR = r"[5-9]\d"  # of 1950 to 1999
_NUMERALS = "〇一二三四五六七八九"
_CORE = re.compile(
    rf"[{_OPEN}]\s*(?P<year>{_YEAR}|{_OLD_YEAR}|[一二][九〇○零][{_NUMERALS}○零]{{2}})\s*年?\s*[{_CLOSE}]\s*(?:第\s*)?(?P<serial>{_SERIALS}\s*号"
    rf"(?:\s*[{_DASHES}{_COMMAS}]\s*(?:第\s*)?{_SERIALS}\s*号)*)"
)
# （88）国税地字第025号, （1994）财税字第10号, （85）财农字86号, （80）国发282号, 〔1990〕价费字231号
_YEAR_FIRST = re.compile(
    rf"[（(〔\[［]\s*(?P<year>{_YEAR}|{_OLD_YEAR})\s*[）)〕\]］]\s*(?P<code>[一-鿿]{{2,10}}?字|[一-鿿]{{1,9}}?[发函](?=\s*第?\s*\d))\s*(?P<nth>第)?\s*(?P<serial>{_DIGITS})\s*号"
)
# 财税2016年36号文, as it is spoken of
_UNBRACKETED = re.compile(rf"(?<=[发函办税字资])(?P<year>{_YEAR})年第?(?P<serial>\d{{1,5}})号(?=文)")
_CODE_BEFORE = re.compile(r"[一-鿿]{1,8}[发函办税字资]$")
_OF_OLD_YEARS = re.compile(r"[一-鿿][字发函办税资令文]$")  # what a 代字 before a year of two digits ends in
# Numbers of the same shape that are none of documents: cases of courts, prosecutors and arbitrators, notarial deeds, titles to land
# and houses, licences.
_OTHER_REGISTERS = re.compile(
    r"(?:[初终再申监执提他辖督破催特更减假抗赔诉]字|[民刑行][初终再申]"
    r"|仲(?:裁|案|裁案)?字|仲(?:裁|案)"
    r"|检(?:[一二三四五六七八九十]部)?(?:[刑民行]|公诉|公益|未)[一-鿿]{0,4}[诉抗监赔]|证字|[国集]用|他项|权证?|房地[一-鿿]?字|准字|网文|[经许]证?字?许可证)$"
)
# （2014）亲鉴字第141号: year-first as courts and experts still number
_OF_PEOPLE = re.compile(r"[民刑执诉仲裁鉴证审]")
# 合同编号：临建合〔2022〕第15号
_LABELS_ANOTHER = re.compile(
    r"(?:合同|协议|证书?|执照|项目|工程|报告|样品|发票|票据|订单|宗地|账)(?:编?号|号码|代码)\s*[:：为]\s*$"
)
_URGENCY = re.compile(r"^(?:特提|特急|加急|平急|急件|急)[\s★·]+")
_COUNT = r"(?:[0-9]{1,4}|[一二三四五六七八九十百〇零○]{1,6})"
_ORDER = re.compile(
    rf"(?P<body>[一-鿿、\s]{{0,40}}?(?:等\d{{1,2}}[一-鿿]{{2,4}})?)(?P<kind>{KINDS})\s*[（(]?\s*(?:(?P<year>{_YEAR})\s*年)?\s*第?\s*(?P<serial>{_COUNT})\s*号\s*[）)]?"
)
# 国务院第711号令, 改革委2026年第44号令, 2026年第44号令, 2031年第37号
_ORDER_BEFORE = re.compile(
    rf"(?P<body>[一-鿿、\s]{{0,40}}?)(?:(?P<year>{_YEAR})\s*年\s*)?第\s*(?P<serial>{_COUNT})\s*号\s*(?P<kind>{KINDS})?"
)
_KIND_AND_YEAR = re.compile(rf"(?P<kind>{KINDS})〔(?P<year>\d{{4}})〕(?P<serial>\d+)号$")
_ORDINAL = re.compile(rf"第\s*{_COUNT}\s*号")
_KIND_BEFORE = re.compile(rf"(?:{KINDS})\s*[（(]?\s*(?:{_YEAR}\s*年)?\s*$")
_YEAR_BEFORE = re.compile(rf"{_YEAR}\s*年\s*$")
_KIND_AFTER = re.compile(rf"\s*(?:{KINDS})")
_ENDS = re.compile(r"[、，,。；;）)\s]|[和与及同文等]|$")
_AND = re.compile(rf"\s*[、和及与]\s*(?:{_YEAR}\s*年\s*)?")  # between two numbers of one series of orders
_BEFORE_ORDINAL = 16  # characters before 第 in which kind and year may stand
# 某部公告2031年第12号 关于某事, 某署公告2031年第61号（关于某事的公告）, 某总局令第61号《某办法》, 某行令〔2031〕第4号（某办法）
_LEADING = re.compile(
    rf"^(?!废止|修改|修订|转发|印发)(?P<number>[一-鿿、\s]{{0,40}}?(?:{KINDS})\s*(?:[（(]?\s*(?:{_YEAR}\s*年)?\s*第\s*{_COUNT}\s*号"
    rf"|[〔\[]\s*{_YEAR}\s*[〕\]]\s*第?\s*\d{{1,6}}\s*号)"
    rf"(?:\s*[）)]|(?=\s|关于|[—:：]|$|[（(].*[）)]\s*$|《[^《》]*》\s*$)))"
)
# 2031年第1号公告：某审计结果, 【第225号令】《某办法》
_LEADING_ORDINAL = re.compile(
    rf"^[【\[]?(?P<number>(?:{_YEAR}\s*年\s*)?第\s*{_COUNT}\s*号(?:令|公告|通告))(?:[】\]]|(?=[\s:：《]))(?!.*》.)"
)
_LEADING_CORE = re.compile(
    rf"^(?P<number>[^\s《》]{{1,16}}[{_OPEN}]\s*{_YEAR}\s*[{_CLOSE}]\s*第?\s*\d{{1,6}}\s*号)\s*(?:\s|[:：]|(?=关于))(?=.*关于)"
)
# 某局文件 某发〔2031〕5号: the head of the form over the number, on one line with it
_RED_HEAD = re.compile("^.{2,}文件(?=[一-鿿])")
# 某市委办公室 某市政府办公室 某办发〔2031〕12号, not 财政部 税务总局公告〔2031〕10号, who give it together
_OFFICES = re.compile(
    r"^\s*(?:[一-鿿]{3,30}(?:政府|委员会|办公室|办公厅|[局厅部院])\s+)+(?=[一-鿿]{2,8}\s*$)(?!.*(?:令|公告|通告|政府|委员会|[室厅局部院])\s*$)"
)
_APART = re.compile(rf"[{_CLOSE}]\s*(?:第\s*)?\d(?: \d)+\s*号")
_LABEL = re.compile(r"^\s*(?:发文字号|(?:行政处罚)?(?:决定书)?文号|字号|(?:文件)?编\s*号)\s*[:：]\s*")
_INDEX = re.compile(r"[0-9A-Z]{8}-?[0-9A-Z]/(?:19|20)\d{2}-\d{3,6}")
# 某政发〔2031〕21号 ZJKC00-2031-0004: with the code under which rules are registered
_REGISTERED = re.compile(
    r"(?<=号)[\s/／、;；]*[（(]?[A-Z]{2,6}\d{0,2}\s*[-—－]+\s*(?:19|20)\d{2}\s*[-—－]+\s*\d{3,6}[）)]?$"
)
_ISSUE = re.compile(r"\s*[（(]总第?\s*\d{1,5}\s*[号期][）)]$")  # 2022年第5号（总第48号）
_GIVER = re.compile(rf"([一-鿿、\s]{{2,40}}?)(?:{KINDS})")
_TITLE_ENDS = re.compile(
    r"(?:通知|意见|办法|规定|决定|批复|公告|通告|通报|细则|方案|计划|规划|报告|措施|函)\s*$"
)
_TRAILING = re.compile(rf"(?:\s|(?<=[》）)]))(?P<number>{_YEAR}\s*年\s*第\s*{_COUNT}\s*号\s*(?:{KINDS})?)$")
_LEADS_IN = re.compile(r"(?:根据|按照|依据|依照|遵照|参照|贯彻|关于|详见|执行|转发|见)")
# 1．临粮〔2006〕9号 is an item of a list
_COUNTED = re.compile(r"\d{4}年|\d{1,3}[、.．]|（[\d一二三四五六七八九十]{1,3}）")
_ZEROS = str.maketrans("○零", "〇〇")
_WIDE_DIGIT = re.compile("[０-９]")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_JOINTS = str.maketrans("—－–~～至，,和及与", "------、、、、、")
_LEADING_ZEROS = re.compile(r"(?<![\dA-Za-z])0+(?=\d)")
_BEHIND_NUMBER = re.compile(r"[\s。;；)）]*+(?>(?:文件?|签发人.*+)?)[\s。)）]*+")
_PAIRED = re.compile(r"(?:[^（）]|（[^（）]*）)*")
_OF_NO_PREFIX = re.compile(r"[，。；;：:《》〔〕号|｜丨│┃︱]")
_SPACE = re.compile(r"\s+")
_MOST_SERIALS = 60  # numbers that one range is spelled out to


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document number found in a text: normalised form, and where it stood."""

    number: str
    start: int
    end: int


def _serial(text: str) -> str:
    """``第 05 号、 6 号`` → ``5号、6号``; every dash an ASCII hyphen."""
    return _LEADING_ZEROS.sub("", "".join(text.split()).replace("第", "").translate(_JOINTS))


def normalise(value: str) -> str | None:
    """The normal form of a value that is one document number (or several of one series), else None.

    >>> normalise("义政办发 [2013] 第 130 号")
    '义政办发〔2013〕130号'
    >>> normalise("公告 2031年 第8号")
    '公告2031年第8号'
    """
    text = _REGISTERED.sub("", _URGENCY.sub("", value.strip().translate(_WIDE)))
    old = _YEAR_FIRST.fullmatch(text)
    if old:
        return _year_first(old)
    match = _CORE.search(text)
    if not match:
        return _ordered(text)
    if not _BEHIND_NUMBER.fullmatch(text, match.end()):
        return None
    before = _OFFICES.sub("", text[: match.start()])
    prefix = _RED_HEAD.sub("", _SPACE.sub("", before).translate(BRACKETS))
    if "）" not in prefix:
        prefix = THAT_IS.sub("", prefix.lstrip("（"))
    if (
        len(prefix) > 24
        or not _PAIRED.fullmatch(prefix)
        or "关于" in prefix
        or _OF_NO_PREFIX.search(prefix)
        or _LEADS_IN.match(prefix)
        or _COUNTED.match(prefix)
    ):
        return None
    year = _year(match["year"], prefix)
    return f"{prefix}〔{year}〕{_serial(match['serial'])}" if year else None


def _year(written: str, code: str) -> str | None:
    """The year in four digits; None where two digits stand behind what is no 代字 of those years: 表(60)3号."""
    if len(written) == 4:
        return "".join(str(_NUMERALS.index(c)) if c in _NUMERALS else c for c in written.translate(_ZEROS))
    return f"19{written}" if _OF_OLD_YEARS.search(code) else None


def _of_others(code: str) -> bool:
    return bool(_OTHER_REGISTERS.search(code) or _OF_PEOPLE.search(code))


def _year_first(match: re.Match[str]) -> str | None:
    old = len(match["year"]) == 2
    plain = match["code"].endswith("字") and match["nth"]  # courts number so, in （）
    if _of_others(match["code"]) or not (plain or old or match.group()[0] in "〔[［"):
        return None
    return f"{match['code']}〔{'19' if old else ''}{match['year']}〕{_serial(match['serial'])}号"


def _ordered(text: str) -> str | None:
    """An order's or an announcement's number as written, white space and brackets taken out."""
    inner = FORMER.sub("", text[1:-1] if text[:1] in "(（【" and text[-1:] in ")）】" else text)
    match = _ORDER.fullmatch(inner) or _ORDER_BEFORE.fullmatch(inner)
    if match is None or not (match["kind"] or match["year"] or not match["body"]) or _LEADS_IN.match(inner):
        return None
    return re.sub(r"[\s（()）]+", "", inner)


def has_digits_apart(value: str) -> bool:
    """Whether the serial of a number is read together from digits set apart, which may have been two: 某发〔2031〕8 9号."""
    return _APART.search(value) is not None


def of_document(number: str) -> bool:
    """Whether a number in normal form is a document's, and none of a case, a deed or a licence (临卫放证字〔2022〕15号)."""
    return not _OTHER_REGISTERS.search(number.partition("〔")[0]) if "〔" in number else True


def with_ordinal(number: str) -> str:
    """An order's or announcement's number in normal form with its year unbracketed: 公告〔2031〕10号 → 公告2031年第10号."""
    return _KIND_AND_YEAR.sub(r"\g<kind>\g<year>年第\g<serial>号", number)


def is_index(value: str) -> bool:
    """Whether a value is an index number by its shape, the code of an office, a year and a serial: 696785044/2031-00017."""
    return _INDEX.fullmatch(value) is not None


def own_line(line: str) -> str | None:
    """The number of a line that consists of a number alone, as under the title of a document."""
    text = line.strip()
    if len(text) > 60 or "号" not in text or "\t" in text:
        return None
    text = without_label(text)
    inner = text[1:-1] if text[:1] in "(（【" and text[-1:] in ")）】" else text
    return normalise(inner)


def without_label(line: str) -> str:
    """A line that says 文号：某发〔2031〕5号, or 2022年第5号（总第48号）, without the label and the count of issues."""
    return _ISSUE.sub("", _LABEL.sub("", line))


def in_title(title: str) -> str | None:
    """The number that a title carries: in brackets or apart at its end, or an announcement's at its head.

    某通知（岳办发〔2017〕2号）, 某意见临政发〔2031〕5号, 临政发〔2031〕5号 某局关于某事的通知,
    某公告（2031年第37号）, 《某办法》 2026年第44号令, 某部公告2031年第12号 关于某事.
    """
    if "号" not in title:
        return None
    bracketed = re.search(
        r"[（(]\s*((?:[^（()）]|[（(][^（()）]*[）)]){1,60}号(?:令|公告|通告)?)\s*[）)]\s*$", title
    )
    if bracketed:
        number = normalise(bracketed.group(1))
        # 某省人民政府令（第12号） is the number as a whole
        return own_line(title) or number if number and number.startswith("第") else number
    apart = re.search(rf"\s(\S{{1,24}}[{_OPEN}]\s*{_YEAR}\s*[{_CLOSE}]\s*第?\s*\d{{1,6}}\s*号)\s*$", title)
    if apart and "《" not in apart.group(1):
        return normalise(apart.group(1))
    leading = _LEADING_CORE.match(title)
    if leading:
        return normalise(leading["number"])
    if "关于" in title and (last := find(title)[-1:]) and last[0].end == len(title.rstrip()):
        return last[0].number if _TITLE_ENDS.search(title[: last[0].start]) else None
    found = _TRAILING.search(title) or _LEADING.match(title) or _LEADING_ORDINAL.match(title)
    # 某部公告〔2031〕第3号 is title and number in one
    return normalise(found["number"]) if found else own_line(title)


def giver(title: str) -> str | None:
    """Who gives the order or announcement that a title begins with: 某署公告2031年第61号（关于某事的公告）."""
    found = _LEADING.match(title)
    named = _GIVER.match(found["number"]) if found else None
    return named[1].strip() if named else None


def find(text: str) -> list[Numbered]:
    """Every number in running text, its 代字 cut free of the words before it; series and ranges one by one."""
    found: list[Numbered] = []
    if "号" not in text:
        return found
    if _WIDE_DIGIT.search(text):  # few texts hold one, and to translate is slow
        text = text.translate(_WIDE)
    for match in _CORE.finditer(text):
        prefix, start = code_before(text, match.start())
        year = _year(match["year"], prefix)
        if prefix and year and not (_OTHER_REGISTERS.search(prefix) or _is_labelled_another(text, start)):
            found.extend(
                Numbered(f"{prefix}〔{year}〕{serial}号", start, match.end())
                for serial in _each(_serial(match["serial"]))
            )
    for match in _YEAR_FIRST.finditer(text):
        if number := _year_first(match):
            found.append(Numbered(number, match.start(), match.end()))
    for match in _UNBRACKETED.finditer(text) if "号文" in text else ():
        before = _CODE_BEFORE.search(text, max(0, match.start() - 9), match.start())
        code = code_of(before.group()) if before else ""
        if len(code) > 1:
            number = f"{code}〔{match['year']}〕{_serial(match['serial'])}号"
            found.append(Numbered(number, match.start() - len(code), match.end()))
    found.extend(_orders(text))
    return sorted(found, key=lambda n: n.start)


def _is_labelled_another(text: str, start: int) -> bool:
    return bool(_LABELS_ANOTHER.search(text, max(0, start - 12), start))


def series(number: str) -> list[str]:
    """The single numbers that a number in normal form stands for: 某发〔2020〕10号、11号 are two."""
    head, bracket, serials = number.partition("〕")
    if not bracket or not re.search("[、-]", serials):
        return [number]
    return [f"{head}〕{serial}号" for serial in _each(serials)]


def _each(serials: str) -> Iterator[str]:
    """``10号、11号`` and ``89-93号`` → every serial; a range that is none (93-12号) as it stands."""
    for part in serials.replace("号", "").split("、"):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit() and 0 < int(last) - int(first) < _MOST_SERIALS:
            yield from (str(n) for n in range(int(first), int(last) + 1))
        else:
            yield part


def _orders(text: str) -> Iterator[Numbered]:
    last: tuple[str, str, int] | None = None  # who gave the order before, its year, and where it ends
    for ordinal in _ORDINAL.finditer(text):
        window = text[max(0, ordinal.start() - _BEFORE_ORDINAL) : ordinal.start()]
        start, end = ordinal.start(), ordinal.end()
        kind, after = _KIND_BEFORE.search(window), _KIND_AFTER.match(text, end)
        year = _YEAR_BEFORE.search(window)
        if kind:
            start -= len(window) - kind.start()
            if re.search("[（(]", kind.group()) and text[end : end + 1] in ("）", ")"):
                end += 1  # 国务院令（第711号）
        elif after:
            end = after.end()
            start -= len(window) - year.start() if year else 0
        elif last and _AND.fullmatch(text, last[2], ordinal.start()) and _ENDS.match(text, end):
            # 海关总署公告2009年第12号、2010年第66号和第67号
            last = last[0], year.group() if year else last[1], end
            if number := normalise(last[0] + last[1] + ordinal.group()):
                yield Numbered(number, start - (len(window) - year.start() if year else 0), end)
            continue
        else:
            continue
        body, first = issuers(text, start)
        number = normalise(body + text[start:end]) if len(body) > 1 else None
        if number:
            yield Numbered(number, first, end)
            last = (
                (
                    body + kind.group()[: 2 if kind.group()[0] != "令" else 1],
                    year.group() if year else "",
                    end,
                )
                if kind
                else None
            )
