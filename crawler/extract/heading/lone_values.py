"""What stands alone on its line between a page's heading and its text: a day, a document number, a promulgation note."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from archive.model import Place
from crawler.extract.linked_files.names import extension
from crawler.extract.text import clean
from crawler.extract.tree import before, first_text, inside, words
from crawler.extract.values import dates, numbers, promulgation
from crawler.extract.values.headfoot import ITEM, is_number, is_ordinal, is_organisation, order_head
from crawler.extract.work import Candidate

# Words of a sentence; 发布于某网, 临江发布 are those of a template.
_SAID = re.compile(r"[，。；《》]|公布|发布(?!于|\s|[|丨│]|$)|通过|印发|施行")
_BARS = re.compile(r"\s*[|丨│｜\[\]【】［］]\s*|\s[·•]\s")
_PIECES = re.compile(r"[\s|丨│｜]+")
# 根据有关规定，现注销下列企业：
_ANNOUNCES = re.compile("[^，,]*[，,].*[:：]$")
_PIPES = re.compile(r"\s*[|丨│｜]\s*")
# 发布：2031-05-05, 应急局发布于2031-04-30 15:20
_ONLINE = re.compile(
    r"^(?:(?:发布|发表|公布)\s*[:：]|[^。；\d]{0,20}(?:发布|发表)于)\s*(?=(?:19|20)\d{2}[-/.年])"
)
_LONGEST_LINE = 80  # characters of a line between heading and text
_LONGEST_LABEL = 12
_TAB = re.compile("(?:政策|文件)?(?:正文|全文)")
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "u"})
_ICONS = _INLINE | {"img", "br"}
_SIGNS = re.compile(r"[\s\ue000-\uf8ff]+")  # white space, and the signs of a font of icons: &#xe6a1;
_MOST_PIECES = 6
_ROWS = frozenset({"li", "tr", "dd", "dt", "p", "div"})
_SHORTEST_LINK = 8  # characters of a link that is a title
_BESIDE_LINK = 24  # characters of a row beside it
_SOURCE = re.compile(r"(?:网|网站|报|社|客户端|公众号|政府|局|委员会|办公室|[厅办])$")
# 原创 青川水务 青川水务 2031-04-02 10:10 发表于某省: who wrote it, the account, the day, the place
_BY_ACCOUNT = re.compile(
    r"(?P<own>原创\s+)?(?P<name>[^\s，。；：:\d]{2,20})(?P<again>\s+(?P=name))?\s*(?P<day>20\d{2}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日)\s*\d{1,2}:\d{2})"
    r"(?P<place>\s*发表于\s*[^\s\d，。]{2,6})?"
)
_ACCOUNT = re.compile(r"(?:发布|融媒体?|在线|微讯|微报|政务|之声|之窗|播报|公众号|头条)$")
# 来源：某局, 发布时间： 2031-03-01
_OF_TEMPLATE = re.compile(
    r"(?:来源|日期|时间|作者|编辑|次数|[点浏][击览]量?)\s*[:：]\s*[^\s:：](?:[^:：]|(?<=\d):(?=\d)){0,30}$"
)
# 2031年5月6日 星期二, the day of the visit at the head of many pages; with a clock behind it, it is the document's.
_TODAY = re.compile(
    r"日?\s*(?:星期|周)[一二三四五六日天](?!\s*(?:上午|下午|凌晨|中午|晚上)?\s*\d{1,2}[:：时点])"
)


def lone_values(
    head: etree._Element, container: etree._Element, read: set[etree._Element]
) -> list[Candidate]:
    """Candidates for the day and the number, as in ``<span class="time">2024-03-01 10:20</span>`` after the heading.

    ``read`` are elements whose labels have said what stands in them.
    """
    found: list[Candidate] = []
    around = next((a for a in head.iterancestors() if a in read), None)  # a card that holds the heading too
    within = inside(head, container)  # then a table behind it is the text
    pieces: set[etree._Element] = set()  # of a line that was read as one
    for count, element in enumerate(_after(head, read)):
        if element is container or count > 60 or (within and element.tag == "table"):
            break
        if element in pieces or not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        text = clean(first_text(element))
        if element.tag == "time" and not _date_alone(text):  # <time datetime="2031-01-25T10:00">昨天</time>
            text = (element.get("datetime") or "").replace("T", " ")
        if not text or element.find("br") is not None:  # 市水利局<br>2031-03-01
            text = _between_icons(element) or text
        text = _behind_piece(element) or text
        if (whole := _in_pieces(element)) is not None:
            text = whole
            pieces.update(element.iterdescendants())
        if _TODAY.search(text):
            continue
        if "。" in text or _ANNOUNCES.match(text) or ITEM.match(text):
            break  # the text has begun: a date behind it is a signature's
        said = _of_order(head, text) or ([] if _is_labelled(element) else of_line(text))
        if around is None or not inside(element, around) or any(c.field != "published_on" for c in said):
            found.extend(said)
    return found


def _of_order(head: etree._Element, text: str) -> list[Candidate]:
    """第12号 under 某市人民政府令: the number of an order says who gives it."""
    order = order_head([clean(words(head))]) if text and is_ordinal(text) else None
    if order is None:
        return []
    number = Candidate("document_number", "", f"{order[0]}{order[1]} {text}", Place.LINE)
    return [number, Candidate("issuing_body", "", order[0], Place.LINE)]


def number_over(head: etree._Element, read: set[etree._Element]) -> list[Candidate]:
    """The number on the line right over a heading, alone or between bars: 某局 ｜ 某发〔2031〕4号 ｜ 2031年03月01日."""
    over, between = before(head)
    parent = head.getparent()
    if over is None and parent is not None and not between.strip():
        over, between = before(parent)
    if over is None or between.strip() or over in read or next(over.iter("a"), None) is not None:
        return []
    said = clean(" ".join(map(str, over.itertext())))
    pieces = [said] if is_number(said) else _PIECES.split(said)
    found = [piece for piece in pieces if is_number(piece)] if len(said) <= _LONGEST_LINE else []
    if len(found) != 1:
        return []
    return [Candidate("document_number", "", numbers.without_label(found[0]), Place.LINE)]


def of_line(text: str) -> list[Candidate]:
    """What a line under a title says that is a promulgation note, a number or a day, and nothing else."""
    note = promulgation.read([text]) if text[:1] in ("(", "（") else None
    if note:
        return promulgation.candidates(note, Place.LINE)
    if not 6 <= len(text) <= _LONGEST_LINE:
        return []
    text = _ONLINE.sub("", text, count=1)
    if text[0] in "(（" and text[-1] in ")）" and "年" in text and dates.whole(text[1:-1]):
        return [Candidate("issued_on", "", text[1:-1], Place.HEADING)]  # a signature says more
    first, _, last = text.rpartition(" ")  # 某告字〔2031〕5号 2031/3/5
    numbered = text if numbers.own_line(text) else first if first and _date_alone(last) else ""
    if numbered and numbers.own_line(numbered):
        found = [Candidate("document_number", "", numbers.without_label(numbered), Place.LINE)]
        if numbered == first and "年" not in last:
            found.append(Candidate("published_on", "", last, Place.LINE))
        return found
    if (day := day_of_account(text)) is not None:
        return [Candidate("published_on", "", day, Place.LINE)]
    # 川市教育局 | 2031年06月12日 | 浏览量:24, 某发〔2031〕5号 | 2031-06-12
    piped = _PIPES.split(text)
    found = [
        Candidate("document_number", "", p, Place.LINE) for p in piped[:4] if len(piped) > 1 and is_number(p)
    ]
    parts = [*_BARS.split(text), *_date_and_rest(text)]
    dated = next((part for part in parts if 6 <= len(part) <= 30 and _date_alone(part)), None)
    return [*found, Candidate("published_on", "", dated, Place.LINE)] if dated else found


def day_of_account(line: str) -> str | None:
    """The day on the line that a messenger writes under a title: 青川发布 2031-04-02 10:10 发表于某省."""
    found = _BY_ACCOUNT.fullmatch(line)
    if found is None or not (found["own"] or found["again"] or found["place"] or is_account(found["name"])):
        return None
    return found["day"]


def is_account(name: str) -> bool:
    """Whether a name is called as offices call their accounts of messengers: 青川发布."""
    return _ACCOUNT.search(name) is not None


def day_online(candidates: Iterable[Candidate], signed: dates.Moment | None) -> list[Candidate]:
    """The day in brackets under a title that is later than the one signed: the template's, of the publication."""
    told = list(candidates)
    if signed is None or any(c.field == "published_on" for c in told):
        return []
    for candidate in told:
        if candidate.field == "issued_on" and candidate.place is Place.HEADING:
            day = dates.whole(candidate.raw)
            if day is not None and day.on > signed.on:
                return [Candidate("published_on", "", candidate.raw, Place.LINE)]
    return []


def _in_pieces(element: etree._Element) -> str | None:
    """A number or a day that inline elements part: ``<div><span>某金罚</span><span>决字〔2031〕36号</span></div>``."""
    pieces = [child for child in element if isinstance(child.tag, str)]
    if not 0 < len(pieces) <= _MOST_PIECES or any(child.tag not in _INLINE for child in pieces):
        return None
    line = clean(words(element))
    if not 6 <= len(line) <= _LONGEST_LINE:
        return None
    numbered = line.endswith(("号", "号）", "号)")) and numbers.own_line(line)
    return line if numbered or _date_alone(line.strip("（()）")) else None


def _is_labelled(element: etree._Element) -> bool:
    """``<label>来信日期</label><span>2031-05-01</span>``: a day of what no field of a record is."""
    previous, between = before(element)
    said = (between.strip() or (words(previous).strip() if previous is not None else "")).rstrip(":：")
    return 2 < len(said) <= _LONGEST_LABEL and said.endswith(("日期", "时间"))


def _between_icons(element: etree._Element) -> str:
    """The text of an element whose pieces stand behind icons: ``<i class="icon-time"></i>2031.04.03 <i class="icon-user"></i>某局``."""
    pieces = [child for child in element if isinstance(child.tag, str)]
    if not 0 < len(pieces) <= _MOST_PIECES:
        return ""
    if any(child.tag not in _ICONS or len(child) or _SIGNS.sub("", child.text or "") for child in pieces):
        return ""
    return clean(" ".join((element.text or "", *(child.tail or "" for child in element))))


def _behind_piece(element: etree._Element) -> str:
    """What stands behind the only named piece of a line: ``<h5><span>[某委]</span> 2031-04-01 字号：<a>T</a></h5>``."""
    first = next(iter(element), None)
    if first is None or first.tag not in _INLINE or not 0 < len(words(first).strip()) <= _LONGEST_LABEL:
        return ""
    told = clean(first.tail or "")
    labelled = words(first).strip().endswith((":", "：", "日期", "时间"))
    return told if not labelled and (_date_alone(told) or _date_and_rest(told)) else ""


def _date_and_rest(text: str) -> tuple[str, ...]:
    """The date with which a line of a template begins, 2031年3月20日 某办公室 点击：23, or ends: 某办公室 2031-03-20 10:20."""
    got = dates.search(text)
    if got is None or _SAID.search(text, got[2]):
        return ()
    day, rest = text[got[1] : got[2]], text[got[2] :]
    if got[1] == 0 and (day[-1:].isspace() or rest[:1].isspace()):
        return (day.rstrip(),)
    before = text[: got[1]]
    named = is_organisation(before) or (rest and _SOURCE.search(before.strip()) is not None)
    # 某水利网 2031-03-01 作者：防汛办 【大 中 小】
    ends = not rest or day[-1:].isspace() or rest[0] in "　 【[(（|"
    return (day.rstrip(),) if ends and before[-1:].isspace() and "年" not in day and named else ()


def _date_alone(text: str) -> bool:
    got = dates.search(text)
    return got[1] == 0 and got[2] >= len(text.rstrip()) if got else dates.holds_day(text)


def _is_row(element: etree._Element) -> bool:
    """``<li><a href="…">某通知</a><span>2031-01-11</span></li>``: a link to another page, and the day of that page."""
    if element.tag not in _ROWS:
        return False
    length = len(words(element).strip())
    for link in element.iter("a") if element.tag != "div" else element.iterchildren("a"):
        text = words(link).strip()
        if len(text) < _SHORTEST_LINK or length - len(text) > _BESIDE_LINK or _SOURCE.search(text):
            continue
        if not extension(link.get("href") or ""):
            return True
    return False


def _number_amid_labels(part: etree._Element) -> tuple[etree._Element, ...]:
    """The number without a label of a row of labels: ``<tr><td>某发〔2031〕8号</td><td>2031-03-01</td><td>来源：综合处</td>``.

    It begins the row, or stands behind a tab or a labelled value of the template: 正文 某发〔2031〕8号 发布日期：2031-03-01.
    """
    before_it, behind = "", True
    for element in part.iter():
        text = clean(first_text(element)) if isinstance(element.tag, str) else ""
        if not text:
            continue
        linked = element.tag == "a" or next(element.iterancestors("a"), None) is not None
        if behind and is_number(text) and not (before_it and linked):
            return (element,)
        value = before_it + text if before_it.endswith((":", "：")) else text
        behind = (linked and _TAB.fullmatch(text) is not None) or _OF_TEMPLATE.search(value) is not None
        before_it = text
    return ()


def _after(head: etree._Element, read: set[etree._Element]) -> list[etree._Element]:
    found: list[etree._Element] = []
    current: etree._Element | None = head
    for _ in range(4):
        if current is None or current.tag in ("body", "html"):
            break
        for sibling in current.itersiblings():
            if not isinstance(sibling.tag, str):
                continue
            walk = etree.iterwalk(sibling, events=("start",))
            for _, element in walk:
                # Its labels have said what its dates are, or they are days of other pages.
                if element in read or _is_row(element):
                    walk.skip_subtree()
                    found += _number_amid_labels(element) if element in read else ()
                else:
                    found.append(element)
            if len(found) > 80:
                return found
        current = current.getparent()
    return found
