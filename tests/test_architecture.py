"""Data flows one way, and so do imports: every folder is a stage, and a module imports only from stages before its own."""

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
    "sample",
    "cli",
)


def part_of(module: str) -> str | None:
    """The first folder or module below cwb; None for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "cwb" else None


def imports_of(path: Path) -> set[str]:
    """Modules of cwb that a file imports anywhere in it, for its types too. Of a package whose modules it names, these."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cwb":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if is_module(name) else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("cwb.")}
    return found


def is_module(name: str) -> bool:
    path = ROOT.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def backward_imports() -> set[tuple[str, str]]:
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
            if STAGES.index(part) < STAGES.index(other):
                found.add((part, other))
    return found


def test_imports_go_one_way() -> None:
    assert backward_imports() == set()


def test_every_folder_is_a_stage_and_nothing_is_loose() -> None:
    found = {path.name for path in ROOT.iterdir() if path.name != "__pycache__"}
    assert found == {*STAGES, "__init__.py", "__main__.py"}


def test_stages_have_no_circles() -> None:
    """Within a stage, too, no modules import one another, be it for their types or within a function."""
    for folder in STAGES:
        modules = {
            "cwb." + ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
            for path in (ROOT / folder).rglob("*.py")
        }
        edges = {name: imports_of(path) & modules.keys() for name, path in modules.items()}
        done: set[str] = set()
        while free := [name for name in edges if name not in done and edges[name] <= done | {name}]:
            done |= set(free)
        assert set(edges) - done == set()
