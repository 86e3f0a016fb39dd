"""Citations find the documents they mean, whichever comes first, and keep to them when things change."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.batch import Batch
from archive.model import Attachment, AttachmentState, Citation, Disclosure, Relation
from archive.record import Recorder, SiteRow
from archive.resolve import number_keys, title_key
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url


def cites(
    number: str | None = None, title: str | None = None, relation: Relation = Relation.CITES
) -> Citation:
    return Citation(relation=relation, document_number=number, title=title)


def targets(office: Office) -> dict[str, list[str | None]]:
    """Title of each document → titles of the documents that its current version's citations mean."""
    with office.read() as db:
        rows = db.execute(
            "SELECT d.title, t.title FROM documents d JOIN citations c ON c.version = d.current_version"
            " LEFT JOIN documents t ON t.id = c.target WHERE d.merged_into IS NULL ORDER BY d.title, c.id"
        ).fetchall()
    found: dict[str, list[str | None]] = {}
    for citing, target in rows:
        found.setdefault(citing, []).append(target)
    return found


def collect(office: Office, pages: dict[str, Disclosure]) -> None:
    office.collect(dict(pages))


OLD = notice(1, title="临江市供水办法", document_number="临政发〔2020〕1号", issued_on=date(2020, 1, 1))
NEW = notice(
    2, title="临江市供水条例实施办法", document_number="临政发〔2026〕9号", issued_on=date(2026, 1, 1),
    citations=(cites("临政发〔2020〕1号", "临江市供水办法", Relation.REPEALS), cites(None, "临江市用水定额标准")),
)  # fmt: skip
QUOTA = notice(
    3,
    title="关于印发《临江市用水定额标准》的通知",
    document_number="临水〔2021〕7号",
    issued_on=date(2021, 5, 1),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_either_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    office = Office(tmp_path, SitePolicy())
    known: dict[str, Disclosure] = {}
    for n in order:
        known[url(n)] = (OLD, NEW, QUOTA)[n]
        collect(office, known)
    assert targets(office) == {
        "临江市供水条例实施办法": ["临江市供水办法", "关于印发《临江市用水定额标准》的通知"]
    }


def test_no_document_means_itself_and_a_predecessor_of_the_same_name_is_the_earlier_one(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, SitePolicy())
    first = notice(1, title="青山县人民政府工作规则", issued_on=date(2019, 1, 1))
    second = notice(
        2, title="青山县人民政府工作规则", issued_on=date(2024, 1, 1),
        citations=(cites(None, "青山县人民政府工作规则", Relation.REPEALS),),
    )  # fmt: skip
    third = notice(
        3, title="青山县人民政府工作规则", issued_on=date(2026, 1, 1),
        citations=(cites(None, "青山县人民政府工作规则", Relation.REPEALS),),
    )  # fmt: skip
    collect(office, {url(1): first, url(2): second, url(3): third})
    with office.read() as db:
        rows = db.execute(
            "SELECT d.url, t.url FROM citations c JOIN documents d ON d.current_version = c.version"
            " LEFT JOIN documents t ON t.id = c.target ORDER BY d.id"
        ).fetchall()
    assert [tuple(row) for row in rows] == [(url(2), url(1)), (url(3), url(2))]


def test_a_number_without_its_office_counts_on_its_own_site_only() -> None:
    assert number_keys("第9号", "a") != number_keys("第9号", "b")
    assert number_keys("公告2024年第5号", "a") != number_keys("公告2024年第5号", "b")
    assert number_keys("〔2021〕40号", "a") != number_keys("〔2021〕40号", "b")
    assert number_keys("国令第9号", "a") == number_keys("国务院第9号令", "b")
    assert number_keys("临政发〔2020〕10号、12号-13号", "a") == [
        key for n in (10, 12, 13) for key in number_keys(f"临政发〔2020〕{n}号", "b")
    ]
    assert title_key("通知") is None
    assert title_key("《临江市〈供水〉办法》") == title_key("临江市供水办法")


def test_one_of_a_series_is_found_under_its_own_number(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    series = notice(1, title="关于三家机构的批复", document_number="临金〔2025〕10号、11号、12号")
    citing = notice(2, title="关于执行批复的通知", citations=(cites("临金〔2025〕11号"),))
    collect(office, {url(2): citing})
    collect(office, {url(2): citing, url(1): series})
    assert targets(office)["关于执行批复的通知"] == ["关于三家机构的批复"]


def test_what_a_notice_prints_is_not_resolved_to_another_notice_that_prints_it(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    attach = (cites(None, "临江市防汛预案汇编", Relation.ATTACHES),)
    one = notice(1, title="关于印发临江市防汛预案汇编的通知", citations=attach)
    two = notice(2, title="关于转发防汛文件的通知", citations=attach)
    collect(office, {url(1): one, url(2): two})
    assert set(itertools.chain(*targets(office).values())) == {None}


@pytest.mark.parametrize(
    ("numbers", "texts", "meant"),
    [
        (
            ("国发〔2030〕1号", "国发〔2030〕1号"),
            ("甲。", "乙。"),
            True,
        ),  # two sites hold copies of one document
        ((None, None), ("甲。", "甲。"), True),
        (
            ("河政发〔2030〕1号", "江政发〔2030〕1号"),
            ("甲。", "乙。"),
            False,
        ),  # 《政府工作报告》 of two governments
        ((None, None), ("甲。", "乙。"), False),
    ],
)
def test_a_title_that_several_other_sites_hold_means_one_where_they_are_copies(
    tmp_path: Path, numbers: tuple[str | None, ...], texts: tuple[str, ...], meant: bool
) -> None:
    for n, (number, text) in enumerate(zip(numbers, texts, strict=True)):
        other = Office(tmp_path, SitePolicy(), site=SiteRow(f"site-{n}", f"第{n}站"))
        page = notice(7, text, title="青山县人民政府工作规则", document_number=number, index_number=None)
        other.collect({f"http://site-{n}.example/t20300101_{n}.html": page})
    office = Office(tmp_path, SitePolicy())
    collect(
        office,
        {url(1): notice(1, title="关于执行规则的通知", citations=(cites(None, "青山县人民政府工作规则"),))},
    )
    assert targets(office)["关于执行规则的通知"] == ["青山县人民政府工作规则" if meant else None]


def test_an_edit_that_changes_the_number_lets_go(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    pages = {url(0): OLD, url(1): NEW}
    collect(office, pages)
    assert targets(office)["临江市供水条例实施办法"][0] == "临江市供水办法"
    other = notice(1, title="临江市排水办法", document_number="临政发〔2020〕2号", issued_on=date(2020, 1, 1))
    collect(office, {**pages, url(0): other})
    assert targets(office)["临江市供水条例实施办法"][0] is None
    collect(office, pages)
    assert targets(office)["临江市供水条例实施办法"][0] == "临江市供水办法"


def test_a_merged_document_is_meant_no_more(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    pages: dict[str, Disclosure] = {url(0): OLD, url(5): OLD, url(1): NEW}
    collect(office, pages)
    office.collect({url(0): OLD, url(1): NEW}, aliases={url(0): (url(5),)})
    with office.read() as db:
        merged, kept = db.execute(
            "SELECT id, merged_into FROM documents WHERE merged_into IS NOT NULL"
        ).fetchone()
        assert not db.execute("SELECT 1 FROM names WHERE document = ?", [merged]).fetchall()
        assert {row[0] for row in db.execute("SELECT target FROM citations WHERE target IS NOT NULL")} == {
            kept
        }


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["临政发〔2020〕1号", "临政发〔2020〕2号", "国令第9号", "国务院第9号令", "第9号", None]
        ),
        st.sampled_from(
            ["临江市供水办法", "关于印发《临江市供水办法》的通知", "临江市排水办法", "政府工作报告"]
        ),
        st.sampled_from([None, date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)]),
        st.lists(
            st.sampled_from(
                [
                    ("临政发〔2020〕1号", None),
                    ("国令第9号", None),
                    ("第9号", None),
                    (None, "临江市供水办法"),
                    (None, "临江市排水办法"),
                    ("临政发〔2020〕2号", "临江市排水办法"),
                ]
            ),
            max_size=2,
        ),
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=DOCUMENTS, seed=st.randoms(use_true_random=False))
def test_targets_do_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, documents: list[tuple[object, ...]], seed: object
) -> None:
    pages = {
        url(n): notice(
            n, title=title, document_number=number, issued_on=issued,
            citations=tuple(cites(*c) for c in cited),  # type: ignore[attr-defined]
        )
        for n, (number, title, issued, cited) in enumerate(documents)
    }  # fmt: skip
    outcomes = []
    shuffled = list(pages)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (list(pages), shuffled):
        office = Office(tmp_path_factory.mktemp("archive"), SitePolicy())
        known: dict[str, Disclosure] = {}
        for address in order:
            known[address] = pages[address]
            collect(office, known)
        with office.read() as db:
            rows = db.execute(
                "SELECT d.url, c.document_number, c.title, t.url FROM citations c JOIN documents d ON d.current_version = c.version"
                " LEFT JOIN documents t ON t.id = c.target"
            ).fetchall()
        outcomes.append(sorted(map(str, map(tuple, rows))))
    assert outcomes[0] == outcomes[1]


def work_of(office: Office, number: int, text: str) -> int:
    """What recording one edit makes SQLite do, in hundreds of steps of its machine; the same every time."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    real = Recorder.record

    def counting(self: Recorder, run: int, batch: Batch) -> None:
        self._db.set_progress_handler(count, 100)
        real(self, run, batch)
        self._db.set_progress_handler(None, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recorder, "record", counting)
        office.collect({url(number): notice(number, text, citations=(cites("临政发〔2020〕1号"),))})
    return steps


def test_an_edit_costs_as_much_in_a_large_archive_as_in_a_small_one(tmp_path: Path) -> None:
    """Citations without a title, and events that are not told yet, were looked through from the first to the last."""
    work = []
    for count in (20, 400):
        office = Office(tmp_path / str(count), SitePolicy())
        pages = {url(n): notice(n, citations=(cites(f"临政发〔2020〕{n}号"),)) for n in range(count)}
        office.collect(pages)
        work.append(work_of(office, 1, "改。"))
    assert work[1] < 1.5 * work[0]


@pytest.mark.parametrize("revision", ["r1", "r2"], ids=["hash learned", "another extractor"])
def test_a_citation_keeps_its_target_when_its_version_is_written_anew(tmp_path: Path, revision: str) -> None:
    """Found when the bytes of a file were first read: the version's rows were written anew, and meant nothing."""
    office = Office(tmp_path, SitePolicy())
    file = Attachment(name="标准.doc", url="http://linjiang.example/gongwen/1.doc")
    known = {url(1): OLD, url(2): replace(NEW, attachments=(file,)), url(3): QUOTA}
    office.collect(dict(known))
    before = targets(office)
    fetched = replace(file, sha256="ab" * 32, size=3, state=AttachmentState.FETCHED)
    office.collect({**known, url(2): replace(NEW, attachments=(fetched,))}, revision=revision)
    assert (office.feed(), targets(office)) == ([], before)
    assert None not in before["临江市供水条例实施办法"]
