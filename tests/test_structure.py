"""Rules of the code base that no other tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from sqlite_utils import Database

from archive import search
from archive.migrations import alert_migrations, archive_migrations, capture_migrations
from archive.model import CODE_WORDS, FIELDS
from crawler.extract.fields import FieldBook

ROOT = Path(__file__).parents[1]
SOURCES = sorted(p for d in ("archive", "crawler", "scheduler") for p in (ROOT / d).rglob("*.py"))
MAY_IMPORT = {
    "archive": {"archive"},
    "crawler": {"archive", "crawler"},
    "scheduler": {"archive", "crawler", "scheduler"},
}
# Parts of the crawler that must stay usable without the others named: readers know nothing of those who ask them.
MUST_NOT_IMPORT = {
    "extract": {"lists", "scripts", "platforms", "survey", "middlewares", "spiders"},
    "scripts": {"lists", "platforms", "survey", "middlewares", "spiders"},
    "lists": {"survey", "middlewares", "spiders"},
    "platforms": {"survey", "middlewares", "spiders"},
    "survey": {"middlewares", "spiders"},
}
# They read the text of scripts, know nothing of pages and build on each other alone: any part may.
LEAVES = {"crawler.scripts.data", "crawler.scripts.scan", "crawler.scripts.written"}
# Declarations and tables, in which length is not depth.
LONG_FUNCTIONS = {"create_archive_tables"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_source_file(path: Path) -> None:
    text = path.read_text()
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(text)
    package = path.relative_to(ROOT).parts[0]
    imported = {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    imported |= {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert imported & set(MAY_IMPORT) <= MAY_IMPORT[package], (
        f"{name}: imports run scheduler → crawler → archive"
    )
    assert text.count("\n") <= 400, f"{name}: split it along what it is about"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in LONG_FUNCTIONS:
            assert (node.end_lineno or 0) - node.lineno <= 60, f"{name}: {node.name} is too long"
    assert not re.search(r"[\w-]+\.gov\.cn/", re.sub(r"#.*|\"\"\".*?\"\"\"", "", text, flags=re.S)), (
        f"{name}: a hostname in Python"
    )
    assert path.name != "utils.py"
    assert not text.strip() or ast.get_docstring(tree), f"{name}: say what the module is for"


@pytest.mark.parametrize("part", MUST_NOT_IMPORT)
def test_parts_of_the_crawler(part: str) -> None:
    wrong = {
        f"{path.name}: {node.module}"
        for path in (ROOT / "crawler" / part).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module not in LEAVES
        if {f"crawler.{other}" for other in MUST_NOT_IMPORT[part]}
        & {".".join(node.module.split(".")[:2]), *(f"{node.module}.{a.name}" for a in node.names)}
    }
    assert not wrong, f"crawler/{part} imports what builds on it"


@pytest.mark.parametrize("leaf", sorted(LEAVES))
def test_leaves_build_on_each_other_alone(leaf: str) -> None:
    tree = ast.parse((ROOT / f"{leaf.replace('.', '/')}.py").read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in imported if name.split(".")[0] in MAY_IMPORT} <= LEAVES


def test_the_process_that_writes_loads_no_parser() -> None:
    """Each collection would pay for it once more: its children have loaded it already."""
    command = "import sys, crawler.run; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"bs4", "lxml", "scrapy", "twisted"} & set(done.stdout.split())


def test_each_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:3] for path in files]
    assert sorted(set(numbers)) == numbers
    assert [path.read_text("utf-8")[2:5] for path in files] == numbers


def test_a_decision_is_half_a_page() -> None:
    """Rules in all their cases belong into the reference beside it, where their readers look for them."""
    lengths = {
        path.name: len(path.read_text("utf-8").split()) for path in (ROOT / "docs/decisions").glob("*.md")
    }
    assert {name: length for name, length in lengths.items() if length > 320} == {}


def test_the_map_names_every_package_and_nothing_that_is_not_there() -> None:
    named = set(
        re.findall(
            r"`((?:archive|config|crawler|scheduler)/[\w/.]+)`",
            (ROOT / "docs" / "architecture.md").read_text(),
        )
    )
    assert not [name for name in named if not (ROOT / name).exists()]
    packages = {
        "/".join(path.relative_to(ROOT).parts[:2])
        for path in SOURCES
        if len(path.relative_to(ROOT).parts) > 2
    }
    assert packages <= named


def test_constraints_name_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert lines
    assert not [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", line)]


def test_constraints_can_be_installed_on_the_oldest_python_that_is_promised() -> None:
    # Debian 12 has Python 3.11.2: a release that asks for 3.11.5 makes `make venv` fail there.
    with (ROOT / "pyproject.toml").open("rb") as file:
        promised = tomllib.load(file)["project"]["requires-python"]
    oldest = promised.removeprefix(">=") + ".0"
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    asking = {
        name: found.metadata["Requires-Python"]
        for name in pinned
        if (found := next(iter(distributions(name=name)), None)) and found.version == pinned[name]
    }
    assert len(asking) > 50
    assert not [name for name, range_ in asking.items() if range_ and oldest not in SpecifierSet(range_)]


def test_every_dependency_is_defended() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    names = {re.split(r"[<>=]", line, maxsplit=1)[0] for line in wanted}
    given = {"apscheduler", "beautifulsoup4", "datasette", "scrapy", "sqlite-utils"}
    told = set(
        re.findall(r"[\w-]+", (ROOT / "docs/decisions/007-dependencies.md").read_text("utf-8").lower())
    )
    assert names - given <= told


def test_no_group_is_repeated_possessively() -> None:
    # Before 3.11.5 Python matches "aca" with (?:ab?c)*+ wholly, where (?>(?:ab?c)*) matches "ac" (cpython#106052): a text's
    # fingerprint would depend on the Python that took it.
    possessive = re.compile(r"(?<![(\\])\)(?:[*+?]|\{\d*,?\d*\})\+")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and possessive.search(node.value)
    ]
    assert not found


def test_every_table_column_and_field_is_documented() -> None:
    text = (ROOT / "docs" / "schema.md").read_text()
    for migrations in (archive_migrations, capture_migrations, alert_migrations):
        db = Database(memory=True)
        search.register(db.conn)
        migrations.apply(db)
        for table in db.tables:
            if table.name.startswith(("search", "_sqlite")):
                continue  # the index and what keeps it: archive/search.py
            assert f"### {table.name}" in text
            assert not [c.name for c in table.columns if f"`{c.name}`" not in text], table.name
    assert not [f.name for f in FIELDS if f"`{f.name}`" not in text or f.zh not in text]


def test_every_code_has_a_word_that_readers_are_shown() -> None:
    codes = FieldBook.load(ROOT / "config" / "fields.yml").codes
    assert {code for spellings in codes.values() for code in spellings.values()} == CODE_WORDS.keys()
