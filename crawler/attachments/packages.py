"""The parts of an office file that is a zip file of XML, and how they refer to one another (ECMA-376 Part 2)."""

from __future__ import annotations

import posixpath

from lxml import etree

from crawler.attachments.archive_files import Members
from crawler.attachments.markup import parse_xml
from crawler.attachments.result import Budget, UnreadableError


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


def beside(members: Members, name: str, budget: Budget) -> etree._Element | None:
    """The root of a part beside the text, None where there is none. One that is broken is said to be; the text is not."""
    if name not in members:
        return None
    try:
        return parse_xml(members.read(name))
    except UnreadableError as error:
        budget.notes.append(f"{name}: {error}")
        return None


def unread(members: Members, name: str) -> str:
    """A line for a part that could not be read: when it changes, the line does."""
    return f"〔{name}〕{members.mark(name)}"


def holds_pictures(members: Members) -> bool:
    """Whether there are image files among the parts."""
    return any("/media/" in name for name in members.names())
