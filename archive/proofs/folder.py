"""The folder of a proof: captures, text, paths, sums, a script that checks them, and a page that says what they show."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path, PurePosixPath
from string import Template
from typing import Any
from urllib.parse import urlsplit

from archive import feed, ledger
from archive.backup import sync
from archive.captures import CaptureDamagedError, CaptureMissingError, CaptureStore, CaptureWithdrawnError
from archive.export.whole_file import name_the_file
from archive.model import COLUMN_FIELDS, SHANGHAI
from archive.proofs import observed
from archive.proofs.observed import Head, Observation, ProofError, Source
from archive.rows import to_column
from archive.store import TargetError
from archive.times import iso, parse

_NAMES = frozenset(
    (
        "html",
        "htm",
        "json",
        "xml",
        "txt",
        "pdf",
        "doc",
        "docx",
        "wps",
        "xls",
        "xlsx",
        "et",
        "ofd",
        "ppt",
        "pptx",
        "zip",
        "rar",
    )
)
_BY_TYPE = {"text/html": "html", "application/json": "json", "application/pdf": "pdf", "text/plain": "txt"}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was written: files, bytes, and the heads that the observations lead to. ``missing``: attachments left out, by URL."""

    files: int
    size: int
    observations: int
    heads: tuple[Head, ...]
    missing: tuple[str, ...]


def write_proof(
    db: sqlite3.Connection,
    captures: CaptureStore,
    document: int,
    number: int | None,
    dest: Path,
    *,
    now: datetime,
    wanted: Sequence[str] = (),
    attachments: bool = True,
) -> Proof:
    """Write the proof of a version into the new directory ``dest``, which appears whole or not at all.

    ``wanted`` are heads of the ledger that somebody holds. Raises TargetError when ``dest`` exists, ProofError when the
    version was withdrawn, or the archive cannot prove it; LookupError when there is no such version.
    """
    if dest.exists() or dest.is_symlink():
        raise TargetError(f"{dest} exists; a proof is written into a directory of its own: give another name")
    stored = feed.load_version(db, document, number)
    row = db.execute(
        "SELECT id, withdrawn_at, withdrawn_reason FROM versions WHERE document = ? AND number = ?",
        [document, stored.number],
    ).fetchone()
    if row["withdrawn_at"] is not None:
        raise ProofError(
            f"#{document}@{stored.number} was withdrawn on {_shanghai(row['withdrawn_at'])} ({row['withdrawn_reason']}):"
            " nothing is left to prove"
        )
    files, seen, missing = _collect(db, captures, observed.sources(db, row["id"], attachments=attachments))
    heads = observed.heads(db, [o.entry[0] for o, _, _ in seen], wanted)
    files["proof.json"] = observed.dump(_proof(document, stored.number, seen, heads))
    files["record.json"] = observed.dump(_record(db, document, stored))
    if stored.disclosure.body_text:
        files["text.txt"] = stored.disclosure.body_text.encode()
    files["verify.py"] = resources.files("archive.proofs").joinpath("verify.py").read_bytes()
    listed = {a.url for a in stored.disclosure.attachments if a.sha256 is None}
    left_out = tuple(dict.fromkeys([*missing, *sorted(listed)])) if attachments else ()
    files["README.md"] = _readme(db, document, stored, left_out, attachments, now)
    _write(files, dest)
    return Proof(len(files) + 1, sum(map(len, files.values())), len(seen), tuple(heads), left_out)


def _shanghai(at: str) -> str:
    return f"{parse(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M} (Asia/Shanghai)"


def _collect(
    db: sqlite3.Connection, captures: CaptureStore, sources: Sequence[Source]
) -> tuple[dict[str, bytes], list[tuple[Observation, str, str | None]], list[str]]:
    """Files of the captures; each observation with the files of its body and headers; attachments that are not kept or shown any more."""
    files: dict[str, bytes] = {}
    seen: list[tuple[Observation, str, str | None]] = []
    missing = []
    for place, source in enumerate(sources, start=1):
        if observed.is_withheld(db, source):
            if source.role == "attachment":
                missing.append(source.url)
                continue
            raise ProofError(
                f"the answer of {source.url} holds a document that was withdrawn, too: it is shown to nobody"
            )
        try:
            body, capture = captures.body(source.sha256), captures.capture(source.capture)
        except (CaptureMissingError, CaptureDamagedError) as error:
            if source.role == "attachment" and not isinstance(error, CaptureDamagedError):
                missing.append(source.url)
                continue
            gone = "was withdrawn" if isinstance(error, CaptureWithdrawnError) else "cannot be had"
            raise ProofError(f"the capture of {source.url} {gone}: {error}") from error
        stem = f"captures/{place}-{source.role}"
        name = f"{stem}.{_ending(source, dict(capture.headers))}"
        headers = ledger.encode_headers(capture.headers)
        files[name] = body
        files[f"{stem}.capture.json"] = observed.dump({**asdict(capture), "locator": source.locator})
        if capture.certificate_sha256 and (der := captures.certificate(capture.certificate_sha256)):
            files[f"{stem}.certificate.der"] = der
        digest = hashlib.sha256(headers).hexdigest()
        for one in observed.observations(db, source):
            came = (
                one.leaf.headers_sha256 == digest
            )  # else those of another site's equal answer, or none were noted
            if came:
                files[f"{stem}.headers.json"] = headers
            seen.append((one, name, f"{stem}.headers.json" if came else None))
    if not seen:
        raise ProofError("the archive keeps no capture of this version; run `gongkai verify`")
    return files, seen, missing


def _ending(source: Source, headers: dict[str, str]) -> str:
    """The end of a file's name: one that is known, never what an address says."""
    said = (
        next((v for k, v in headers.items() if k.lower() == "content-type"), "")
        .partition(";")[0]
        .strip()
        .lower()
    )
    try:
        ending = PurePosixPath(urlsplit(source.url).path).suffix.removeprefix(".").lower()
    except ValueError:
        ending = ""
    return _BY_TYPE.get(said) or (ending if ending in _NAMES else "bin")


def _proof(
    document: int, number: int, seen: Sequence[tuple[Observation, str, str | None]], heads: Sequence[Head]
) -> dict[str, Any]:
    return {
        "format": "gongkai proof 1",
        "version": f"#{document}@{number}",
        "observations": [
            {
                "body": body, "headers": headers,
                "leaf": [o.leaf.url, o.leaf.at, o.leaf.outcome, o.leaf.headers_sha256, o.leaf.body_sha256],
                "path": observed.as_json(o.path), "entry": list(o.entry),
            }
            for o, body, headers in seen
        ],
        "heads": [
            {
                "seq": head.seq, "at": head.at, "previous_head": head.previous_head, "head": head.head,
                "paths": {str(entry): observed.as_json(path) for entry, path in head.paths.items()},
            }
            for head in heads
        ],
    }  # fmt: skip


def _record(db: sqlite3.Connection, document: int, stored: feed.StoredVersion) -> dict[str, Any]:
    record = stored.disclosure
    row = db.execute("SELECT site, url FROM documents WHERE id = ?", [document]).fetchone()
    return {
        "document": document, "version": stored.number, "site": row["site"], "url": row["url"],
        "first_seen_at": iso(stored.first_seen_at), "last_seen_at": iso(stored.last_seen_at),
        "extractor_revision": stored.extractor_revision,
        "fields": {s.name: {"label": s.zh, "value": to_column(getattr(record, s.name))} for s in COLUMN_FIELDS},
        "attachments": [
            {"name": a.name, "url": a.url, "media_type": a.media_type, "sha256": a.sha256, "size": a.size}
            for a in record.attachments
        ],
        "evidence": [asdict(e) for e in stored.evidence],
    }  # fmt: skip


def _readme(
    db: sqlite3.Connection,
    document: int,
    stored: feed.StoredVersion,
    missing: Sequence[str],
    attachments: bool,
    now: datetime,
) -> bytes:
    template = resources.files("archive.proofs").joinpath("readme.txt").read_text("utf-8")
    url = db.execute("SELECT url FROM documents WHERE id = ?", [document]).fetchone()[0]
    epoch, _ = feed.epoch_and_head(db)
    zh = en = ""
    if not attachments and stored.disclosure.attachments:
        zh, en = "\n- 附件未收入。", "\n- The attachments were left out."
    elif missing:
        listed = "".join(f"\n  - {url}" for url in missing)
        zh, en = (
            f"\n- 存档没有或不再出示下列附件：{listed}",
            f"\n- The archive does not hold these attachments, or shows them no more: {listed}",
        )
    text = Template(template).substitute(
        title=stored.disclosure.title or "（无标题 no title）", url=url, number=stored.number, epoch=epoch,
        first_seen_at=iso(stored.first_seen_at), last_seen_at=iso(stored.last_seen_at), made_at=iso(now),
        missing_zh=zh, missing_en=en,
    )  # fmt: skip
    return text.encode()


def _write(files: dict[str, bytes], dest: Path) -> None:
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    dest.parent.mkdir(parents=True, exist_ok=True)
    partial = dest.with_name(f".{dest.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        (partial / "captures").mkdir(parents=True)
        for name, data in {**files, "SHA256SUMS": sums.encode()}.items():
            (partial / name).write_bytes(data)
            sync(partial / name)
        sync(partial / "captures")
        partial.rename(dest)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        name_the_file(error, dest)
        raise
    sync(dest.parent)
