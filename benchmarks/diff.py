"""Text diff beside difflib on characters, CPU in one run: ``python -m benchmarks.diff``.

Cases: one edit in a notice of 10 KB, one in a repetitive table of 10 KB, a rewrite of 1 MB. difflib gets only
the first: the others take it longer than anyone waits.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from archive.diff import diff_text

_CHANCE = random.Random(3)
_HAN = [chr(0x4E00 + n) for n in range(2500)]


def sentences(count: int) -> str:
    """So many sentences of 20 to 50 characters."""
    lines = ("".join(_CHANCE.choices(_HAN, k=_CHANCE.randrange(20, 50))) + "。" for _ in range(count))
    return "".join(line + ("\n" if n % 4 == 3 else "") for n, line in enumerate(lines))


def cpu(work: Callable[[], object], times: int) -> float:
    """Median CPU seconds of a call."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    notice = sentences(90)
    edited = notice[:1500] + "修改" + notice[1502:]
    row = "城东街道\t12\t合格\t城西街道\t12\t合格\n"
    table = row * 250
    table_edited = table[:1510] + "不" + table[1510:]
    old, new = sentences(9000), sentences(9000)
    ours = cpu(lambda: diff_text(notice, edited), 15)
    theirs = cpu(lambda: SequenceMatcher(None, notice, edited, autojunk=False).get_opcodes(), 3)
    size, ratio = len(notice.encode()) // 1000, ours / theirs
    print(
        f"edit in a notice of {size} KB: {ours * 1000:.2f} ms; difflib {theirs * 1000:.1f} ms; ratio {ratio:.4f}"
    )
    print(
        f"edit in a table of {len(table.encode()) // 1000} KB: {cpu(lambda: diff_text(table, table_edited), 15) * 1000:.2f} ms"
    )
    print(f"rewrite of {len(old.encode()) // 1000} KB: {cpu(lambda: diff_text(old, new), 3):.2f} s")


if __name__ == "__main__":
    main()
