"""The parts of an office file that is a zip file of XML, and how they refer to one another (ECMA-376 Part 2)."""

from __future__ import annotations

import posixpath

from crawler.attachments.archive_files import Members
from crawler.attachments.markup import parse_xml


def main_part(members: Members, usual: str) -> str:
    """The part that the file is about; ``usual`` where the file names none."""
    for kind, name in relations(members, "").values():
        if kind == "officeDocument" and name in members:
            return name
    return usual


def relations(members: Members, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: its name for it → (kind, path of the part); ``part`` is empty for the file itself."""
    folder, name = posixpath.split(part)
    found = posixpath.join(folder, "_rels", f"{name}.rels")
    if found not in members:
        return {}
    related: dict[str, tuple[str, str]] = {}
    for relation in parse_xml(members.read(found)):
        target = str(relation.get("Target") or "").replace("\\", "/")
        if relation.get("TargetMode") != "External":
            path = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = str(relation.get("Type") or "").rpartition("/")[2]
            related[str(relation.get("Id") or "")] = (kind, path.lstrip("/"))
    return related


def holds_pictures(members: Members) -> bool:
    """Whether there are image files among the parts."""
    return any("/media/" in name for name in members.names())
