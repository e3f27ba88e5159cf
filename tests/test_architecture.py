"""Data flows one way, and so do imports: a module imports only from stages before its own (docs: design).

What is still old stands in `OLD`, with the stage that it belongs to; that list only shrinks.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "cwb"
# In the order in which data flows. `reference` holds tables and no code of ours: everything may read them.
STAGES = (
    "reference",
    "base",
    "council",
    "sources",
    "entities",
    "lines",
    "evidence",
    "charts",
    "packs",
    "publish",
    "cli",
)
# Modules and folders that still stand under an old name, and the stage that they are part of.
OLD = {
    "categories": "sources",
    "inputs": "sources",
    "place_store": "sources",
    "register_store": "sources",
    "store": "sources",
    "fetch": "sources",
    "templates": "sources",
    "places": "sources",
    "matching": "entities",
    "matched": "entities",
    "organisations": "entities",
    "social_enterprise": "entities",
    "tables": "charts",
    "figures": "charts",
    "dataset": "packs",
    "holdings": "packs",
    "measures": "packs",
    "pack": "publish",
    "check": "publish",
    "commands": "publish",
    "sample": "publish",
}
# Imports against the direction, each to be gone with the old module that makes it: this list only shrinks too.
AGAINST = {
    ("figures", "measures"),
    ("matching", "tables"),
}
MOST_OLD, MOST_AGAINST = 21, 2


def part_of(module: str) -> str | None:
    """The first folder or module below cwb; None for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "cwb" else None


def imports_of(path: Path) -> set[str]:
    """Modules of cwb that a file imports when it is imported or run; those for types alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cwb"):
            found |= {node.module} if node.module != "cwb" else {f"cwb.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("cwb.")}
    return found


def stage_of(part: str) -> str:
    return OLD.get(part, part)


def crossings() -> set[tuple[str, str]]:
    """Pairs of parts where one imports another of a later stage."""
    found = set()
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        part = parts[0]
        if part.startswith("__"):
            continue
        for module in imports_of(path):
            other = part_of(module)
            if other is None or other.startswith("__") or other == part:
                continue
            if STAGES.index(stage_of(part)) < STAGES.index(stage_of(other)):
                found.add((part, other))
    return found


def test_imports_go_one_way() -> None:
    assert crossings() == AGAINST


def test_every_module_is_in_a_stage() -> None:
    parts = {
        path.stem if path.is_file() else path.name for path in ROOT.iterdir() if not path.name.startswith("__")
    }
    assert parts - set(STAGES) == set(OLD)


def test_what_is_old_only_shrinks() -> None:
    assert len(OLD) <= MOST_OLD
    assert len(AGAINST) <= MOST_AGAINST


def test_stages_have_no_circles() -> None:
    """Within a stage, too, no two modules import one another while they are being imported."""
    for folder in ("base", "council", "lines", "evidence", "packs"):
        modules = {
            "cwb." + ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
            for path in (ROOT / folder).rglob("*.py")
        }
        edges = {name: {m for m in top_level(path) if m in modules} for name, path in modules.items()}
        done: set[str] = set()
        while free := [name for name in edges if name not in done and edges[name] <= done | {name}]:
            done |= set(free)
        assert set(edges) - done == set()


def top_level(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cwb.")
    }
