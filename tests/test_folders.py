"""A folder that is made anew while a file of it is open in another program, as Windows has it: it is told by name, and nothing is mixed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cwb.base.errors import CwbError
from cwb.base.folders import emptied, exchanged


def _folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "2025.parquet").write_text(text, encoding="utf-8")
    return path


def _texts(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    exchanged(_folder(tmp_path / "new", "new"), _folder(tmp_path / "lines", "old"))
    assert [path.name for path in tmp_path.iterdir()] == ["lines"]
    assert _texts(tmp_path / "lines") == ["new"]
    assert _texts(emptied(tmp_path / "lines")) == _texts(emptied(tmp_path / "not_there")) == []


@pytest.mark.parametrize("refuses", ["lines", "new"])
def test_one_that_is_in_use_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: str) -> None:
    new, lines = _folder(tmp_path / "new", "new"), _folder(tmp_path / "lines", "old")
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == refuses:
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(CwbError, match="open in another program") as caught:
        exchanged(new, lines)
    assert "Close it there, and run again." in str(caught.value)
    assert _texts(lines) == ["old"]


def test_one_that_cannot_be_emptied_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _folder(tmp_path / "rejects", "old")

    def refused(path: Path) -> None:
        raise PermissionError(13, "in use", str(path / "2025.parquet"))

    monkeypatch.setattr(shutil, "rmtree", refused)
    with pytest.raises(CwbError, match=r"2025\.parquet"):
        emptied(lines)
