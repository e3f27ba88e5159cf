"""A ledger that is written part by part has the same lines as one that is written at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cwb.council.config import Settings, load_config
from cwb.lines import build
from cwb.lines.engine import Engine, tables_folder

SETTINGS = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
HEADING = "Supplier Name,Payment Date,Net Amount,Transaction Number\n"
# By file: how many lines, the month of the first; the longest is of two financial years.
FILES = {"payments_a.csv": (1, 3), "payments_b.csv": (9, 2), "payments_c.csv": (2, 5), "payments_d.csv": (2, 6)}


@pytest.mark.parametrize("most", [1, 2, 3, 4, 9, 13, 14])
def test_parts_hold_every_line_once(
    most: int, council: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for name, (lines, month) in FILES.items():
        rows = [f"Firm{n} Ltd,{n + 1:02}/{month + n // 3:02}/2025,{100 + n}.50,{name}{n}\n" for n in range(lines)]
        (given / name).write_text(HEADING + "".join(rows), encoding="utf-8")
    settings = load_config(council(SETTINGS, spend=sorted(given.iterdir())) / "cwb.toml")
    whole = _lines(settings)
    assert len(whole) == 14
    assert len(list((tables_folder(settings) / "spend_lines").rglob("*.parquet"))) == 2  # two financial years

    shutil.rmtree(tables_folder(settings))
    monkeypatch.setattr(build, "_MOST_LINES", most)
    in_parts = _lines(settings)
    files = list((tables_folder(settings) / "spend_lines").rglob("*.parquet"))
    assert len(files) == 2 if most == 14 else len(files) > 2
    assert_frame_equal(whole, in_parts)


def _lines(settings: Settings) -> pd.DataFrame:
    build.prepare_lines(settings)
    return Engine(settings).frame("SELECT * FROM spend_lines ORDER BY source_file, source_row")


def test_the_file_of_a_part_has_no_more_than_its_lines(council: Callable[..., Path], tmp_path: Path) -> None:
    given = tmp_path / "payments.csv"
    given.write_text(HEADING + "".join(f"Firm Ltd,01/05/2025,{n}.00,{n}\n" for n in range(1, 8)), encoding="utf-8")
    settings = load_config(council(SETTINGS, spend=[given]) / "cwb.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_MOST_LINES", 3)
        build.prepare_lines(settings)
    files = sorted((tables_folder(settings) / "spend_lines").rglob("*.parquet"))
    # Rows 2 to 8 of the file: 2; 3 to 5; 6 to 8.
    assert [len(pd.read_parquet(path)) for path in files] == [1, 3, 3]
