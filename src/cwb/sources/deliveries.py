"""Rows that several files of one dataset deliver: which of them counts, and the account of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cwb.base.rows import SOURCE_LINE
from cwb.sources.report import FileReport, rows_of
from cwb.sources.row_validator import amount_of

# A year in the name of a file, and what follows it.
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d).*")


def once(
    tables: list[pd.DataFrame],
    reports: list[FileReport],
    key: Sequence[str],
    money: str = "",
    first_stated: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, list[FileReport]]:
    """All files of one dataset as one table, rows of the same `key` kept once: where files say different things of one, from the
    newest of them. `first_stated` (column → column) takes into a column what the oldest of them says in another.

    The other rows are duplicates in their files' reports, so that each file still adds up; a note there tells how many of them
    say another thing than the rows that count.
    """
    if not tables:
        return pd.DataFrame(), reports
    table = pd.concat([one.astype(object) for one in tables], ignore_index=True)
    table = table.where(table.notna(), None)
    first_stated = first_stated or {}
    table = table.assign(**{name: table[column] for name, column in first_stated.items()})
    if len(set(zip(table["source_file"], table["source_sheet"], strict=True))) == 1:
        return table, reports
    # Rows that repeat within one sheet stay: the n-th repetition is one only of an n-th repetition elsewhere.
    table["nth"] = table.groupby(["source_file", "source_sheet", *key], dropna=False).cumcount()
    same, content = [*key, "nth"], [name for name in table.columns if name not in SOURCE_LINE]
    versions = (~table.duplicated(content)).groupby([table[name] for name in same], dropna=False).transform("sum")
    files = sorted(set(table["source_file"]), key=_age, reverse=True)
    newest_first = table.iloc[table["source_file"].map(files.index).argsort(kind="stable")]
    for name, column in first_stated.items():
        oldest_first = newest_first.iloc[::-1]
        delivered = oldest_first.groupby([oldest_first[part] for part in same], dropna=False)
        table[name] = delivered[column].transform("first")
    # Where all files say the same, the first of them keeps the row.
    again = table.duplicated(same).where(versions == 1, newest_first.duplicated(same).reindex(table.index))
    # A raw row may give several rows of the table, one a year: it is a duplicate when nothing is left of it.
    raw = table["source_file"] + "#" + table["source_sheet"].fillna("") + "#" + table["source_row"].astype(str)
    gone = again & ~raw.isin(raw[~again]) & ~raw.duplicated()
    by_file = {report.file: report for report in reports}
    for name, rows in table[gone].groupby("source_file"):
        first = table[~again].merge(rows[list(key)].drop_duplicates(), on=list(key))["source_file"]
        report = by_file[str(name)].delivered_before(amount_of(rows, money), first)
        alike = rows[content].merge(table.loc[~again, content], on=content)
        if changed := len(rows) - len(alike):
            report = replace(report, notes=(*report.notes, _changed(changed, first)))
        by_file[str(name)] = report
    return table[~again].drop(columns="nth").reset_index(drop=True), list(by_file.values())


def _age(label: str) -> tuple[bool, list[int], str]:
    """The order of files from old to new, by name: by the year in it and the numbers after that ("2026-27-Q2"), then by name.

    A file without a year counts as newer than all with one, as a register without a date does.
    """
    year = _YEAR.search(Path(label).name)
    numbers = re.findall(r"\d+", year.group()) if year else []
    return not numbers, [int(number) for number in numbers], label


def _changed(rows: int, files: Iterable[str]) -> str:
    names = ", ".join(sorted(set(files)))
    verb = "says" if rows == 1 else "say"
    return f"{rows_of(rows)} delivered again in {names} {verb} another thing there, and what stands there counts: it is newer by name"
