"""Records that describe the rows of a list, not the page's own document."""

from __future__ import annotations

from lxml import etree

from crawler.extract.labels.blocks import ONE_OF_EACH, Block

_RECORDS_OF_ROWS = 3
_LEVELS_OF_ROWS = 6  # of elements between a row's record and the list


def without_rows(records: list[Block]) -> tuple[list[Block], list[Block]]:
    """(records, those that describe rows of a list): ``<tr>…<div style="display:none"><table>名称 文号</table></div></tr>``.

    Three or more that name the same of title, document number and index number, below neighbouring elements.
    """
    if len(records) < _RECORDS_OF_ROWS:
        return records, []
    below: dict[tuple[etree._Element, str], dict[etree._Element, list[Block]]] = {}
    for block in records:
        child = block.element
        for _, parent in zip(range(_LEVELS_OF_ROWS), block.element.iterancestors(), strict=False):
            for name in block.distinct & ONE_OF_EACH:
                below.setdefault((parent, name), {}).setdefault(child, []).append(block)
            child = parent
    rows: set[int] = set()
    lists: set[etree._Element] = set()
    for (parent, _), children in below.items():
        if len(children) >= _RECORDS_OF_ROWS:
            lists.update((parent, *(a for a in parent.iterancestors("table") if parent.tag == "tbody")))
            rows.update(id(block) for blocks in children.values() for block in blocks)
    kept = [block for block in records if id(block) not in rows and block.element not in lists]
    return kept, [block for block in records if id(block) in rows]
