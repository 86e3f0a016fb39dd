"""Read one parsed page: where its labels, its heading and its text stand, as candidates for the record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from archive.model import Place, Severity
from crawler.extract.body import after_text, further_pages
from crawler.extract.body import lines as texts
from crawler.extract.body.below_title import Found
from crawler.extract.body.container import announced_cell, find_container, framing_container
from crawler.extract.body.general_reader import proposed
from crawler.extract.body.kept_lines import without_furniture, without_junk
from crawler.extract.fields import FieldBook
from crawler.extract.heading import heading_words, placed, title
from crawler.extract.heading.headlines import read_head, without_day, without_sentence
from crawler.extract.labels import blocks, columns, hidden
from crawler.extract.labels.hits import Hit, label_hits
from crawler.extract.labels.pairs import Pair, pairs_of
from crawler.extract.labels.records import apart, no_text, outside
from crawler.extract.labels.row_records import without_rows
from crawler.extract.labels.skeleton import ROWS, skeleton
from crawler.extract.labels.soup import CLOSE, OPEN, Event
from crawler.extract.linked_files import attachments
from crawler.extract.links import base_of
from crawler.extract.no_document import limits, page_of_links, stand_in
from crawler.extract.page_data import form_fields, meta, script_values, stamps
from crawler.extract.struck import without_struck
from crawler.extract.text import compare_key
from crawler.extract.tree import comes_after, inside, remove, select, words, write_out
from crawler.extract.work import Candidate, Work

_LONGEST_LINE = 200  # characters of the line under a title
_MOST_BETWEEN = 3  # elements between two that hold labels
_OF_A_PAGE = frozenset({"index_number", "document_number", "published_on"})
_EXPLAINS = re.compile("解读|图解|读懂|看懂|答记者问|问答")
_SHORTEST_EXPLANATION = 9  # characters of a title: 政策解读 is the name of a column


def json_values(
    work: Work, record: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], place: Place
) -> None:
    """Candidates, body and files of a JSON record into ``work``; see crawler.extract.page_data.meta."""
    found, markup = meta.json_candidates(record, keys, place)
    work.candidates.extend(found)
    work.json_body = work.json_body or markup
    work.files.extend(meta.json_files(record, keys))


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    data = text.encode("utf-8", errors="replace")
    try:
        return etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:  # "Document is empty"
        return None


def read_html(work: Work, text: str, *, any_card: bool = True, generally: bool = False) -> None:
    """Candidates, lines and attachments of an HTML page into ``work``; unparseable markup gives none.

    ``any_card``: labels without number, index number and day of a page are its card too, and no text. ``generally``: the text is
    what a general reader of articles proposes, and nothing where it proposes none.
    """
    root = _parse(text)
    if root is None:
        return
    # lxml makes an object of an element anew in each walk, unless something holds it
    _held = list(root.iter())
    found, work.site = meta.meta_candidates(root, work.book)
    work.candidates.extend(found)
    for item in meta.ld_json(root):
        json_values(work, item, work.book.ld_json, Place.EMBEDDED)
    _as_shown(work, root, text)
    base = base_of(root, work.url)
    work.further = further_pages.addresses(root, text, work.first or work.url, base)
    hits = label_hits(root, work.book)
    records, rows = without_rows(_cards(hits, work.book, any_card=any_card))
    cell = announced_cell(hits)
    metadata = [
        p for b in records if b.structured for p in blocks.metadata(b, work.book) if not inside(cell, p)
    ] + [block.element for block in rows]
    bars = _bars((b for b in records if "published_on" in b.distinct), work.book)
    container, work.how, under = _text_element(work, root, cell, metadata, bars, generally=generally)
    heading = title.of_page(
        under.title if under else None,
        root,
        container,
        work.book,
        work.site,
        [*_named(work), *work.listed_as],
    )
    chosen = apart(outside(records, container, work.book, heading), container, work.book)
    others = _read_blocks(
        work, chosen, container, heading_words.parted(heading)[0] if heading is not None else None
    )
    chosen = [block for block in chosen if block.parts]
    skip = [*no_text(chosen, container, work.book), *others]
    if container is not None:
        beside = under.beside if under and work.how == "beneath" else ()
        container = _read_lines(work, container, {*skip, *beside, *title.elements(root)}, heading)
    bars = _bars(chosen, work.book)
    cards = [part for block in chosen for part in block.parts if block.structured]
    for candidate in title.candidates(
        root, heading, container, lines=work.lines, book=work.book, site=work.site, named=_named(work),
        read_parts=skip, bars=bars, cards=cards,
    ):  # fmt: skip
        work.add(candidate)
    work.candidates = placed.without_column(work.candidates, work.site)
    _tell_other(work, root, container, heading)
    stamps.drop(work)
    work.attachments = attachments.find(root, container, base, cards=cards, heading=heading, markup=text)
    work.markup = text
    page_of_links.weigh(work, root, container, heading)
    if not work.further and not work.lines and not work.attachments:
        work.further = stand_in.framed(root, framing_container(root, work.book), base, work.url)
        work.bare = _is_bare(root)
    work.listed = work.listed or (bool(rows) and work.how == "density")


def _text_element(
    work: Work,
    root: etree._Element,
    cell: etree._Element | None,
    metadata: Collection[etree._Element],
    bars: Collection[etree._Element],
    *,
    generally: bool,
) -> tuple[etree._Element | None, str, Found | None]:
    """See crawler.extract.body.container.find_container; ``generally``: by what a general reader proposes, as good as a guess."""
    if generally:
        return proposed(root, work.book), "density", None
    return find_container(
        root, work.book, selectors=work.rules.body, labelled=lambda: cell, skip=metadata, bars=bars, named=_named(work),
        listed=work.listed_as,
    )  # fmt: skip


def _bars(records: Iterable[blocks.Block], book: FieldBook) -> list[etree._Element]:
    """The lines of labels, as under a title."""
    return [part for block in records if not block.structured for part in blocks.label_rows(block, book)]


def _cards(hits: list[Hit], book: FieldBook, *, any_card: bool) -> list[blocks.Block]:
    """The blocks that may say something of the page's document: no table of words whose columns are called like labels."""
    cards = (b for b in blocks.group(hits, book) if blocks.is_record(b) and not columns.is_text(b, book))
    return [card for card in cards if any_card or card.distinct & _OF_A_PAGE]


def _is_bare(root: etree._Element) -> bool:
    body = root.find("body")
    return body is None or (
        not texts.visible_length(body)
        and next(body.iter("img", "iframe", "embed", "object", "canvas"), None) is None
    )


def _stands_over(container: etree._Element, heading: etree._Element | None) -> bool:
    return heading is not None and not inside(heading, container) and comes_after(heading, container)


def _read_lines(
    work: Work, container: etree._Element, away: set[etree._Element], heading: etree._Element | None
) -> etree._Element | None:
    """The lines of the text's element, without what is no part of it, and what the labels at its start say.

    Returns that element; None if it is no text: 欢迎访问某局网站！ in front of the title of a page of files or pictures.
    """
    guessed = work.how in ("density", "beneath")
    if guessed:
        away.update((*texts.link_lists(container), *texts.forms(container), *texts.feet(container)))
    if heading is not None and heading is not container:
        away.add(heading)
        work.headed = inside(heading, container)
    head = read_head(texts.lines(container, work.book, skip=away, bars=True, marks=True), work.book)
    work.lines = without_furniture(head.lines)
    if guessed:
        work.lines = texts.without_menu(work.lines, container)
    if guessed or work.headed:
        over = not work.headed and heading is not None and comes_after(container, heading)
        work.lines, day, name = without_day(work.lines, headed=work.headed or over)
        head.candidates += [Candidate("published_on", "", day, Place.LINE)] if day else []
        if name and heading is None and placed.may_be_title(name, work.book, work.site):
            head.candidates.append(Candidate("title", "", name, Place.LINE))
    if _stands_over(container, heading) and work.how == "density" and not any("。" in x for x in work.lines):
        work.lines = []
        return None
    for candidate in head.candidates:
        work.add(replace(candidate, raw=without_struck(candidate.raw)))
    work.lines = without_junk(work.lines, work.book)
    if work.lines:
        work.lines += after_text.signature_behind(container, work.lines, work.book)
    return container


def _as_shown(work: Work, root: etree._Element, text: str) -> None:
    """Bring the tree nearer to what a browser shows: without what the site's rules remove, with what scripts write."""
    for selector in work.rules.remove:
        for element in select(root, selector):
            remove(element)
    if "document.write" in text:
        script_values.show(root)
    form_fields.show(root, work.book)
    if "…" in text or "..." in text:
        write_out(root)
    if "line-through" in text:
        hidden.write_strikes(root)
    if any(mark in text for mark in hidden.LEAVES):
        hidden.drop_dialogs(root)
    if any(mark in text for mark in hidden.MARKS):
        hidden.drop_pieces(root, work.book)


def _tell_other(
    work: Work, root: etree._Element, container: etree._Element | None, heading: etree._Element | None
) -> None:
    """Say so where a page shows the text of another document too: one of two is read."""
    if container is None or not work.lines:
        return
    own = [key for c in work.candidates if c.field == "title" and (key := compare_key(c.raw))]
    if (other := after_text.other_document(root, container, heading, own, work.book)) is not None:
        work.say("conflicting_title", f"title: the page shows the text of {other!r} too, which is not read")


def _named(work: Work) -> list[str]:
    """What the page or its record calls the document; the row of a catalogue may cut a title off."""
    return [c.raw for c in work.candidates if c.field == "title" and c.place is not Place.LIST]


def _read_blocks(
    work: Work, chosen: list[blocks.Block], container: etree._Element | None, heading: str | None
) -> list[etree._Element]:
    """Candidates of blocks into ``work``. Returns the parts of blocks that are said of other documents, or of the site."""
    own_titles = [heading, *(c.raw for c in work.candidates if c.field == "title" and c.place is Place.META)]
    own = [compare_key(t) for t in own_titles if t]
    if _explains(own):
        chosen = [block for block in chosen if not _is_explained(block, container, work.book)]
    others = after_text.take_others(chosen, container, own, work.book)
    chosen = [block for block in chosen if block.parts]
    structures = frozenset(block.element for block in chosen if block.kind != "loose")
    for block in chosen:
        pairs = pairs_of(_fragment(block, container, structures, work.book), work.book)
        if _of_another(block, pairs, container, own, work.book):
            continue
        place = Place.TABLE if block.structured else Place.LINE
        told, sentence = without_sentence(pairs) if place is Place.LINE else (pairs, "")
        if sentence:  # the text's first line stands glued to its source: not metadata alone
            block.parts.clear()
        for pair in told:
            if pair.field != "body_text":
                work.add(Candidate(pair.field, pair.label, pair.value, place))
    return others


def _explains(own: list[str]) -> bool:
    """Whether a page is the explanation of another document, by what it is called."""
    return any(len(o) >= _SHORTEST_EXPLANATION and _EXPLAINS.search(o) for o in own)


def _is_explained(block: blocks.Block, container: etree._Element | None, book: FieldBook) -> bool:
    """Whether a record behind the text of an explanation is that of the document explained: with its number or index.

    Of elements on both sides of the text, the block loses those behind it.
    """
    if container is None or block.distinct.isdisjoint(blocks.ONE_OF_EACH):
        return False
    behind = [part for part in block.parts if comes_after(part, container)]
    told = {hit.field for part in behind for hit in label_hits(part, book)}
    if told.isdisjoint(("index_number", "document_number")):
        return False
    block.parts[:] = [part for part in block.parts if part not in behind]
    return not block.parts


def _of_another(
    block: blocks.Block, pairs: list[Pair], container: etree._Element | None, own: list[str], book: FieldBook
) -> bool:
    """Whether a record is another document's: title, number and date behind the text, by columns or under 相关文件; on a page
    that explains a document, anywhere, where its title is none of an explanation."""
    titles = [compare_key(pair.value) for pair in pairs if pair.field == "title"]
    if not own or not titles:
        return False
    if _explains(own):
        return not any(map(_EXPLAINS.search, titles))
    by_columns = block.kind == "table" and bool(columns.record(block, book))
    behind = container is not None and comes_after(block.parts[0], container)
    related = after_text.is_under_related(block.parts[0])
    return (behind or by_columns or related) and not any(t in o or o in t for t in titles if t for o in own)


def _fragment(
    block: blocks.Block,
    container: etree._Element | None,
    structures: Collection[etree._Element],
    book: FieldBook,
) -> list[Event]:
    """Skeleton of a block without the document's text and without records inside it, which are read by themselves."""
    away = () if container is None else (container,)
    if block.kind == "loose":
        run = _run(block.parts, book)
        return skeleton(run, book, without=away, inner=structures, dropped=ROWS - {"li"})
    if pairs := columns.record(block, book):
        rows = (skeleton(pair, book, without=away, inner=structures) for pair in pairs)
        return [
            (OPEN, "table"),
            *(e for row in rows for e in ((OPEN, "tr"), *row, (CLOSE, "tr"))),
            (CLOSE, "table"),
        ]
    parts = blocks.label_rows(block, book, with_values=True)
    made = skeleton(parts, book, without=away, inner=structures)
    return made if parts == block.parts else [(OPEN, block.kind), *made, (CLOSE, block.kind)]


def _run(parts: list[etree._Element], book: FieldBook) -> list[etree._Element]:
    """The parts and what stands between them: a value may be an element of its own without any label."""
    run: list[etree._Element] = [parts[0]]
    between: list[etree._Element] = []
    for sibling in parts[0].itersiblings():
        if not isinstance(sibling.tag, str) or sibling.tag in ("table", "script", "style"):
            continue
        if sibling in parts:
            run.extend((*between, sibling))
            between = []
        elif len(between) >= _MOST_BETWEEN or blocks.text_length(sibling, _LONGEST_LINE) > _LONGEST_LINE:
            break
        else:
            between.append(sibling)
    rest = [part for part in parts if part not in run]
    # <div>内容描述</div><div>…</div>: the value of a label at the end is the next element.
    lone = between and book.field_of(words(run[-1])) is not None
    return [*run, *(between[:1] if lone else ()), *rest]


def read_json_body(work: Work, markup: str) -> None:
    """The body that a JSON record holds as HTML, in place of the page's own."""
    root = _parse(f"<div id='gk-body'>{markup}</div>") if limits.check(markup) is None else None
    if root is None:
        work.say("body_not_parsed", "the body inside JSON is too deep or too large to parse", Severity.ERROR)
        return
    work.lines = without_junk(texts.lines(root, work.book, marks=True), work.book)
    work.how = "json"
    known = {a.url for a in work.attachments}
    more = attachments.find(root, root, work.url, markup=markup)
    work.attachments += tuple(a for a in more if a.url not in known)
