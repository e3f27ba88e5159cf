"""A processed table is made again when anything that it depends on changes, the code's reference tables among it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cwb import reference
from cwb.base import kept, privacy
from cwb.base.kept import hash_of, sha256_of
from cwb.base.privacy import WITHHELD
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings, load_config
from cwb.entities.matched import matched_key
from cwb.lines import schema
from cwb.lines.build import _key, prepare_lines
from cwb.lines.columns import SOURCE
from cwb.lines.engine import tables_folder
from cwb.lines.table import Table
from cwb.sources.datasets.postcodes import default_postcodes
from cwb.sources.inputs import hash_inputs, input_files
from cwb.sources.store import Lineage, input_key

TABLES = sorted(reference.digests())
TOML = """
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
"""
# Asked by no reader: what a validated table is, these cannot change. Stages after it take all of them.
SPEND = "Supplier Name,Payment Date,Net Amount\nRandall Roofing,04/04/2023,100.00\nAcme Ltd,05/04/2023,50.00\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the reference tables in place of the code's own, to be changed by a test."""
    copy = tmp_path / "reference"
    shutil.copytree(Path(reference.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(reference, "_FOLDER", copy)
    forget()
    yield copy
    forget()


def forget() -> None:
    for cached in (
        reference.digests,
        reference.table,
        reference.superseded_districts,
        reference.organisation_words,
        reference.given_names,
        privacy.evidenced_name,
        privacy.known_forms,
    ):
        cached.cache_clear()


def keys(settings: Settings) -> dict[str, str]:
    """The stamp of each stage over the same files."""
    validated = input_key(settings, {"spend:a.csv": "0"})
    return {
        "validated": validated,
        "matched": matched_key(settings, Lineage(validated, (), {})),
        "postcodes": default_postcodes(settings.shared_processed).name,
    }


@pytest.mark.parametrize("name", TABLES)
def test_each_reference_table_is_in_the_stamps(name: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(TOML, encoding="utf-8")
    settings = load_config(tmp_path / "cwb.toml")
    before = keys(settings)
    path = folder / f"{name}.csv"
    path.write_bytes(path.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    forget()
    after = keys(settings)
    assert after["validated"] != before["validated"]
    assert after["matched"] != before["matched"]
    assert (after["postcodes"] != before["postcodes"]) == (name == "districts_superseded")


def test_versions_settings_and_files_are_in_the_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stamp_of(1, files={"a": "0"})
    assert one == stamp_of(1, files={"a": "0"})
    assert one != stamp_of(2, files={"a": "0"})
    assert one != stamp_of(1, files={"a": "1"})
    monkeypatch.setattr("cwb.base.stamp._versions", lambda: {"cwb": "0"})
    assert one != stamp_of(1, files={"a": "0"})


def test_a_table_that_is_new_or_has_another_column_is_in_the_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cwb.toml").write_text(TOML, encoding="utf-8")
    settings, lineage = load_config(tmp_path / "cwb.toml"), Lineage("0", (), {})
    first, *others = schema.TABLES
    stamps = {_key(settings, lineage)}
    assert _key(settings, lineage) in stamps
    for tables in (
        (*schema.TABLES, Table("grants", "one grant", SOURCE)),
        (replace(first, columns=first.columns[:-1]), *others),
    ):
        monkeypatch.setattr(schema, "TABLES", tables)
        stamps.add(_key(settings, lineage))
    assert len(stamps) == 3


def test_without_its_word_of_evidence_a_name_is_not_shown(
    folder: Path, council: Callable[..., Path], tmp_path: Path
) -> None:
    ledger = tmp_path / "given.csv"
    ledger.write_text(SPEND, encoding="utf-8")
    settings = load_config(council(TOML, spend=[ledger]) / "cwb.toml")

    def shown() -> set[str]:
        prepare_lines(settings)
        table = tables_folder(settings) / "spend_lines"
        return {
            name
            for path in table.rglob("*.parquet")
            for name in pd.read_parquet(path, columns=["display_name"], partitioning=None)["display_name"]
        }

    assert shown() == {WITHHELD, "Acme Ltd"}
    words = folder / "evidence_words.csv"
    lines = [line for line in words.read_text(encoding="utf-8").splitlines() if "ltd|limited" not in line]
    words.write_text("\n".join(lines) + "\n", encoding="utf-8")
    forget()
    assert shown() == {WITHHELD}
    made = (settings.processed / "lineage.json").stat().st_mtime_ns
    assert shown() == {WITHHELD}
    assert (settings.processed / "lineage.json").stat().st_mtime_ns == made
    assert set(json.loads((settings.processed / "matched.json").read_text(encoding="utf-8"))) == {
        "key",
        "files",
        "sha256",
    }


def test_a_raw_file_is_hashed_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cwb.toml").write_text(TOML, encoding="utf-8")
    path = tmp_path / "data" / "raw" / "spend" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_text(SPEND, encoding="utf-8")
    settings = load_config(tmp_path / "cwb.toml")
    hashed: list[Path] = []
    monkeypatch.setattr("cwb.sources.inputs.sha256_of", lambda one: hashed.append(one) or sha256_of(one))
    monkeypatch.setattr("cwb.sources.inputs.SETTLED_NS", 0)
    first = input_files(settings)["spend"][0].sha256
    assert (input_files(settings)["spend"][0].sha256, len(hashed)) == (first, 1)
    # The bytes alone count for what is verified.
    assert hash_inputs(settings) == {"spend:spend/a.csv": first}
    assert len(hashed) == 2
    path.write_text(SPEND.replace("100", "200"), encoding="utf-8")
    assert input_files(settings)["spend"][0].sha256 != first


def test_a_table_is_hashed_once_until_the_drive_says_that_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = tmp_path / "lines.parquet", []
    path.write_bytes(b"first")
    monkeypatch.setattr(kept, "_HASHED", {})
    monkeypatch.setattr(kept, "sha256_of", lambda one: read.append(one) or sha256_of(one))
    assert (hash_of(path), hash_of(path), len(read)) == (sha256_of(path), sha256_of(path), 2), "a young file"
    monkeypatch.setattr(kept, "SETTLED_NS", 0)
    assert (hash_of(path), hash_of(path), len(read)) == (sha256_of(path), sha256_of(path), 3)


@pytest.mark.skipif(os.name == "nt", reason="the drive keeps no time of an entry's last change")
def test_a_byte_turned_under_the_old_time_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines.parquet"
    path.write_bytes(b"first")
    monkeypatch.setattr(kept, "_HASHED", {})
    monkeypatch.setattr(kept, "SETTLED_NS", 0)
    before, times = hash_of(path), path.stat()
    with path.open("r+b") as handle:
        handle.write(b"F")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hash_of(path) == sha256_of(path) != before
