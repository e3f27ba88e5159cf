"""A small council's report, and somebody who changes it and puts all its hashes right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cwb.base.errors import Fault
from cwb.base.kept import sha256_of
from cwb.publish import verify as module
from cwb.publish.check_value import INDEX, bearing, grouped, listed_hash
from cwb.publish.manifest import NAME, encode

PERIOD = "2023-24"
_SPEND = "Supplier Name,Supplier ID,Payment Date,Transaction Number,Amount,Purpose\n"
RAW = {
    "spend/april.csv": _SPEND + "".join(f"Firm {n} Ltd,V{n},0{n}/04/2023,{n},{n}000.00,Works\n" for n in range(1, 8)),
    "spend/april.csv.source.toml": 'publisher = "The council"\nretrieved = 2024-05-01\n',
    "vendors/vendors.csv": "Supplier ID,Supplier Name,Postcode\n"
    + "".join(f"V{n},Firm {n} Ltd,{'SG1 1AA' if n < 4 else 'M1 1AE'}\n" for n in range(1, 7)),
    "contracts/register.csv": "Title of agreement,Supplier name,Start date,End date,Contract value,Contract reference\n"
    "Repairs,Firm 1 Ltd,01/04/2023,31/03/2025,90000,C1\n",
}  # fmt: skip


def write_council(settings: str, folder: Path, name: str = "Tried Council") -> None:
    """A project of an illustrative council of seven payments."""
    settings = settings.replace('name = "Stevenage Borough Council"', f'name = "{name}"\nillustrative = true', 1)
    (folder / "cwb.toml").write_text(settings, encoding="utf-8")
    for file, text in RAW.items():
        path = folder / "data" / "raw" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Tampered:
    """A copy of the project, whose report may be changed in any way."""

    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "reports" / PERIOD

    @property
    def manifest(self) -> dict[str, object]:
        body: dict[str, object] = json.loads((self.report / NAME).read_text(encoding="utf-8"))
        return body

    def change(self, name: str, old: str, new: str) -> None:
        """Write another text into a file of the project, everywhere it stands; it must stand there."""
        path = (
            self.folder / name
            if name.split("/", maxsplit=1)[0] in ("data", "notebooks", "cwb.toml")
            else self.report / name
        )
        text = path.read_bytes().decode("utf-8")
        assert old in text, f"{old} is not in {name}"
        path.write_bytes(text.replace(old, new).encode("utf-8"))

    def tell(self, **entries: object) -> None:
        """Change entries of the manifest, and its own hash."""
        (self.report / NAME).write_bytes(encode({**self.manifest, **entries}))

    def sign(self) -> None:
        """List every file as it is now, with its hash, and print the check value that follows."""
        files = [path for path in self.report.rglob("*") if path.is_file() and path != self.report / NAME]
        names = sorted(path.relative_to(self.report).as_posix() for path in files)
        self.tell(
            outputs=[
                {"name": n, "sha256": listed_hash(self.report, n), "bytes": (self.report / n).stat().st_size}
                for n in names
            ]
        )
        index = self.report / INDEX
        if index.is_file():
            index.write_bytes(bearing(index.read_bytes(), grouped(sha256_of(self.report / NAME))))

    def findings(self) -> list[dict[str, object]]:
        told: list[dict[str, object]] = json.loads((self.report / "findings.json").read_text(encoding="utf-8"))
        return told

    def write_findings(self, findings: list[dict[str, object]]) -> None:
        text = json.dumps(findings, indent=1, ensure_ascii=False) + "\n"
        (self.report / "findings.json").write_text(text, encoding="utf-8", newline="\n")

    def faults(self) -> list[Fault]:
        return module.verify(self.report, self.folder / "cwb.toml")


Change = Callable[[Tampered], object]


def copied(folder: Path, target: Path) -> Tampered:
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("processed"))
    return Tampered(target)
