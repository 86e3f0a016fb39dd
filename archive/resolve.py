"""Which document of the archive a citation means: `citations.target`, whichever of the two arrives first.

A document may be cited by its number, by its title, or by the title of what it prints (关于印发《…办法》的通知 is where
《…办法》 stands). These names are kept as keys in `names`, and beside each citation the keys that it cites. When
documents change, the citations that they make, and those that cite a name they have or had, are decided anew: the
outcome depends on what the archive holds, never on the order in which it came.

Keys are digests: what is withdrawn from the archive does not live on in them.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlite_utils import Database

from archive.citations import number_key
from archive.model import Relation

NUMBER, TITLE, PRINTED = 1, 2, 3  # kinds of names, the surest first
_SHORTEST_TITLE = 5  # letters; 《通知》 names nothing
# A number without its office.
_BARE = re.compile(r"(?:〔|(?:公告|通告|通报|命令|令|公示)?(?:\d{4}年)?第\d+号$)")
_PRINTS = re.compile(
    r"(?:印发|公布|发布|颁布|下发)(?:修订后的|新修订的|修订的)?(?P<name>.+?)的?(?:通知|公告|决定|令|函)$"
)
_SERIES = re.compile(r"(\d+)(?:号)?(?:-(\d+))?")
_MOST_SERIALS = 60  # of one number: 某发〔2025〕10号、11号, 89-93号


class _Cited(NamedTuple):
    id: int
    relation: str
    number_key: int | None
    title_key: int | None
    target: int | None
    document: int
    site: str
    issued_on: str | None


class _Candidate(NamedTuple):
    document: int
    url: str
    kind: int
    site: str
    issued_on: str | None
    document_number: str | None
    body_sha256: str | None


def create_names(db: Database) -> None:
    """Create `names` and the keys of citations. Called by a migration."""
    db.conn.execute(
        "CREATE TABLE names (document INTEGER NOT NULL REFERENCES documents(id), kind INTEGER NOT NULL,"
        " key INTEGER NOT NULL, PRIMARY KEY (document, kind, key)) WITHOUT ROWID"
    )
    db.conn.execute("CREATE INDEX names_key ON names (key)")
    for column in ("number_key", "title_key"):
        db.table("citations").add_column(column, int)
        db.table("citations").create_index([column])
    db.conn.execute("CREATE INDEX documents_merged ON documents (merged_into) WHERE merged_into IS NOT NULL")
    resolve(db.conn, [row[0] for row in db.conn.execute("SELECT id FROM documents").fetchall()])


def resolve(db: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Decide the targets of all citations that changed documents make or may be meant by. In the caller's transaction."""
    changed = json.dumps(_with_merged(db, documents))
    keys = json.dumps(list(_rename(db, changed)))
    _key_citations(db, changed)
    affected: dict[int, _Cited] = {}
    for column, values in (("c.number_key", keys), ("c.title_key", keys), ("v.document", changed)):
        rows = db.execute(f"{_CITED} WHERE {column} IN (SELECT value FROM json_each(?))", [values])  # noqa: S608
        affected.update((row[0], _Cited(*row)) for row in rows)
    candidates = _candidates(db, affected.values())
    targets = ((_target(cited, candidates), cited) for cited in affected.values())
    db.executemany(
        "UPDATE citations SET target = ? WHERE id = ?",
        [(target, cited.id) for target, cited in targets if target != cited.target],
    )


def _with_merged(db: sqlite3.Connection, documents: Iterable[int]) -> list[int]:
    found = list(documents)
    rows = db.execute(
        "SELECT id FROM documents WHERE merged_into IN (SELECT value FROM json_each(?))", [json.dumps(found)]
    )
    return list(dict.fromkeys([*found, *(row[0] for row in rows)]))


def _rename(db: sqlite3.Connection, changed: str) -> set[int]:
    """Store the names that documents have now; the keys of these and of those they had."""
    printed: dict[int, list[str]] = defaultdict(list)  # by their texts, attached to them
    for document, title in db.execute(
        "SELECT d.id, c.title FROM documents d JOIN citations c ON c.version = d.current_version"
        " WHERE d.id IN (SELECT value FROM json_each(?)) AND c.relation = ? AND c.title IS NOT NULL",
        [changed, Relation.ATTACHES.value],
    ):
        printed[document].append(title)
    names: set[tuple[int, int, int]] = set()
    for document, site, number, title in db.execute(
        "SELECT id, site, document_number, title FROM documents WHERE id IN (SELECT value FROM json_each(?))"
        " AND merged_into IS NULL",
        [changed],
    ):
        titles = {PRINTED: [*_printed(title), *printed[document]], TITLE: [title]}
        names.update((document, NUMBER, key) for key in number_keys(number, site))
        names.update(
            (document, kind, key)
            for kind, named in titles.items()
            for key in map(title_key, named)
            if key is not None
        )
    stored = "SELECT document, kind, key FROM names WHERE document IN (SELECT value FROM json_each(?))"
    had = {tuple(row) for row in db.execute(stored, [changed])}
    db.executemany("DELETE FROM names WHERE document = ? AND kind = ? AND key = ?", had - names)
    db.executemany("INSERT INTO names VALUES (?, ?, ?)", names - had)
    return {key for _, _, key in had | names}


def _printed(title: str | None) -> list[str]:
    """The title of what a document prints, where its own names it after 印发."""
    found = _PRINTS.search(title or "")
    return [found["name"].strip("《》〈〉“”")] if found else []


def _key_citations(db: sqlite3.Connection, changed: str) -> None:
    """Give the citations of documents the keys that they have not had from their writing."""
    # + keeps SQLite from the indexes of the keys: most citations of the whole archive lack one of them.
    rows = db.execute(
        "SELECT c.id, d.site, c.document_number, c.title FROM citations c JOIN versions v ON v.id = c.version"
        " JOIN documents d ON d.id = v.document WHERE v.document IN (SELECT value FROM json_each(?))"
        " AND +c.number_key IS NULL AND +c.title_key IS NULL",
        [changed],
    ).fetchall()
    db.executemany(
        "UPDATE citations SET number_key = ?, title_key = ? WHERE id = ?",
        [(*cited_keys(number, title, site), key) for key, site, number, title in rows],
    )


def _candidates(db: sqlite3.Connection, affected: Iterable[_Cited]) -> dict[int, list[_Candidate]]:
    """The documents that have each of the names that are cited."""
    keys = {key for cited in affected for key in (cited.number_key, cited.title_key) if key is not None}
    found: dict[int, list[_Candidate]] = defaultdict(list)
    rows = db.execute(
        "SELECT n.key, d.id, d.url, n.kind, d.site, d.issued_on, d.document_number, d.body_sha256 FROM names n"
        " JOIN documents d ON d.id = n.document WHERE n.key IN (SELECT value FROM json_each(?)) AND d.merged_into IS NULL",
        [json.dumps(list(keys))],
    )
    for key, *values in rows:
        found[key].append(_Candidate(*values))
    return found


def _target(cited: _Cited, candidates: Mapping[int, list[_Candidate]]) -> int | None:
    for key, kinds in ((cited.number_key, (NUMBER,)), (cited.title_key, _kinds(cited.relation))):
        if key is None:
            continue
        named = [c for c in candidates.get(key, ()) if c.kind in kinds and c.document != cited.document]
        best = _best(named, cited)
        if best is not None:
            return best
    return None


def _kinds(relation: str) -> tuple[int, ...]:
    """What a notice prints may stand in the archive by itself; that another notice prints it too says nothing."""
    return (TITLE,) if relation == Relation.ATTACHES else (TITLE, PRINTED)


def _best(candidates: list[_Candidate], cited: _Cited) -> int | None:
    """One of several: of the same site, not later than the citing document, the latest; else none is sure."""
    if not candidates:
        return None
    surest = min(c.kind for c in candidates)
    candidates = [c for c in candidates if c.kind == surest]
    own = [c for c in candidates if c.site == cited.site]
    if not own and surest != NUMBER and not _are_copies(candidates):
        return None  # 《政府工作报告》 of several other governments
    pool = own or candidates
    if cited.issued_on:
        earlier = [c for c in pool if c.issued_on is not None and c.issued_on <= cited.issued_on]
        pool = earlier or [c for c in pool if c.issued_on is None] or pool
    latest = max(c.issued_on or "" for c in pool)
    return min((c.url, c.document) for c in pool if (c.issued_on or "") == latest)[1]


def _are_copies(candidates: list[_Candidate]) -> bool:
    numbers = {c.document_number for c in candidates}
    bodies = {c.body_sha256 for c in candidates}
    return (
        len(candidates) == 1
        or (len(numbers) == 1 and None not in numbers)
        or (len(bodies) == 1 and None not in bodies)
    )


def number_keys(number: str | None, site: str) -> list[int]:
    """Keys of a document number, one for each number of a series. One without its office counts on its site only."""
    if not number:
        return []
    head, bracket, serials = number.partition("〕")
    singles = [number_key(number)]
    if bracket and re.search("[、-]", serials):
        singles = []
        for first, last in _SERIES.findall(serials):
            end = int(last or first)
            if 0 <= end - int(first) < _MOST_SERIALS:
                singles.extend(f"{head}〕{n}号" for n in range(int(first), end + 1))
    return [_digest(f"{site}\n{single}" if _BARE.match(single) else single) for single in singles]


def cited_keys(number: str | None, title: str | None, site: str) -> tuple[int | None, int | None]:
    """The keys of what a citation names: of the first number of a series, and of the title."""
    return next(iter(number_keys(number, site)), None), title_key(title)


def title_key(title: str | None) -> int | None:
    """Key of a title: its letters and digits, widths folded; None where it names nothing."""
    folded = unicodedata.normalize("NFKC", title or "")
    letters = "".join(c for c in folded if c.isalnum()).casefold()
    return _digest(f"《{letters}》") if len(letters) >= _SHORTEST_TITLE else None


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


_CITED = (
    "SELECT c.id, c.relation, c.number_key, c.title_key, c.target, d.id, d.site, d.issued_on FROM citations c"
    " JOIN versions v ON v.id = c.version JOIN documents d ON d.id = v.document"
)
