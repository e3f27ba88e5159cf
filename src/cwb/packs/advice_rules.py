"""The dated rules that make recommendations of findings: ours in `reference/recommendations.csv`, a council's own beside cwb.toml.

One row is a rule, and everything in it is data:

    condition   SQL over one row: the pack's findings by id (with `_low` and `_high`), their changes (`_since_before`,
                `_since_baseline`), the columns of `picks`, and the words of `advice_facts.SETTING`. NULL is "not known"
    picks       SQL over the pack's exhibits by id, of which the first row counts: a category, a contract, names
    text, because   sentences with places for findings and picked values: {lost:supplier|suppliers}, {worth:gbp}
    role        who owns it; `settled_by`, who can find out where it is not known (nobody: then nothing is recommended)
    start_by    SQL for the day by which it must start; `pounds`, SQL for the pounds a year at stake
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

import duckdb

from cwb.base.errors import ConfigError, Fault
from cwb.base.privacy import shown_text
from cwb.council.config import Settings
from cwb.packs.measure import Measure
from cwb.reference import table

NAME = "recommendations"
_OURS = f"{NAME}.csv of cwb"
_NEEDED = ("rule", "valid_from", "pack", "finding", "condition", "text", "because", "role", "start_by", "source")
_SQL = ("condition", "picks", "start_by", "pounds")
_SENTENCES = ("text", "because")


@dataclass(frozen=True)
class Rule:
    """One rule with where it stands; `valid_to` is its last day, None while it is in force."""

    rule: str
    valid_from: date
    valid_to: date | None
    pack: str
    finding: str
    condition: str
    picks: str
    text: str
    because: str
    role: str
    settled_by: str
    start_by: str
    pounds: str
    source: str
    file: str
    row: int

    def fault(self, column: str, rule: str, remedy: str) -> Fault:
        """A fault of one of its cells."""
        return Fault(rule, remedy, self.file, row=self.row, column=column, value=str(getattr(self, column)))


HEADINGS = tuple(field.name for field in fields(Rule) if field.name not in ("file", "row"))


def places(sentence: str) -> Iterator[tuple[str, str]]:
    """The names in a sentence's places, and how each is to be written; raise `ValueError` for a bracket that stands alone."""
    for _, name, spec, _ in Formatter().parse(sentence):
        if name is not None:
            yield name, spec or ""


def rules_of(settings: Settings, pack: str, day: date) -> tuple[Rule, ...]:
    """The rules of a pack, by its id, in force on a day, each in the council's words for roles; raise `ConfigError` with every fault."""
    in_force = (
        rule
        for rule in _all_rules(settings)
        if rule.pack == pack and rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    )
    return tuple(in_force)


def check_rules(settings: Settings, packs: Mapping[str, Sequence[Measure]]) -> None:
    """Raise `ConfigError` with every fault of a council's own rules, before anything is built; `packs` are the measures of each."""
    known = {
        pack: {name for measure in measures for name in measure.finding_ids} for pack, measures in packs.items()
    }
    faults = []
    for rule in _all_rules(settings):
        if rule.pack not in known:
            faults.append(rule.fault("pack", "no pack is called so", f"There are {', '.join(sorted(known))}."))
        elif rule.finding not in known[rule.pack]:
            remedy = "The glossary of the pack and findings.json list the ids."
            faults.append(rule.fault("finding", f"{rule.pack} has no finding of this id", remedy))
    if faults:
        raise ConfigError(faults)


def _all_rules(settings: Settings) -> list[Rule]:
    """Our rules, those of the council's own in place of the same id."""
    own: tuple[Rule, ...] = ()
    if name := settings.recommendations.table:
        own = _read(_own_rows(settings.folder / name), name)
    replaced = {rule.rule for rule in own}
    return [*(rule for rule in _ours() if rule.rule not in replaced), *own]


@cache
def _ours() -> tuple[Rule, ...]:
    return _read([(n, row) for n, row in enumerate(table(NAME).to_dict("records"), start=3)], _OURS)


def _own_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a council's own table, numbered as a spreadsheet does; raise `ConfigError` where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [(n, {k: (v or "").strip() for k, v in row.items() if k}) for n, row in enumerate(reader, 2)]
            headings = reader.fieldnames or ()
    except FileNotFoundError:
        remedy = "Put it beside cwb.toml, or take its name out of [recommendations]."
        raise ConfigError(Fault("the table of recommendations is missing", remedy, path.name)) from None
    except (csv.Error, UnicodeDecodeError):
        raise ConfigError(Fault("the table is CSV in UTF-8", "Save it as CSV UTF-8.", path.name)) from None
    if missing := [name for name in HEADINGS if name not in headings]:
        remedy = f"The first row is {', '.join(HEADINGS)}."
        raise ConfigError(Fault(f"no column {', '.join(missing)}", remedy, path.name, row=1))
    return rows


def _read(rows: Sequence[tuple[int, Mapping[str, str]]], file: str) -> tuple[Rule, ...]:
    """Rows as rules; raise `ConfigError` with all faults at once."""
    faults: list[Fault] = []
    rules: list[Rule] = []
    for number, row in rows:
        found = list(_faults_of(row, file, number))
        if row["rule"] and any(rule.rule == row["rule"] for rule in rules):
            found.append(
                Fault("a rule of this id stands above", "Give it another.", file, row=number, column="rule")
            )
        faults += found
        if not found:
            days = {
                name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")
            }
            rules.append(Rule(**{name: row[name] for name in HEADINGS} | days, file=file, row=number))  # type: ignore[arg-type]
    if faults:
        raise ConfigError(faults)
    return tuple(rules)


def _faults_of(row: Mapping[str, str], file: str, number: int) -> Iterator[Fault]:
    def fault(column: str, rule: str, remedy: str) -> Fault:
        return Fault(rule, remedy, file, row=number, column=column, value=row[column])

    yield from (fault(name, "the cell is empty", "Fill it in.") for name in _NEEDED if not row[name])
    for name in ("valid_from", "valid_to"):
        if row[name] and not _is_day(row[name]):
            yield fault(name, "not a day", "Write it as 2026-04-01.")
    for name in _SENTENCES:
        try:
            list(places(row[name]))
            literal = "".join(text for text, *_ in Formatter().parse(row[name]))
        except ValueError:
            yield fault(name, "a curly bracket stands alone", "Put each name between { and }.")
            continue
        if any(character.isdigit() for character in literal):
            yield fault(
                name, "a number is typed into it", "Name the finding or picked column that has it: {name}."
            )
    for name in ("role", "settled_by"):
        if shown_text(row[name]) != row[name]:
            yield fault(name, "it may name a person", "Name the role that owns it.")
    for name in _SQL:
        if row[name] and not _is_sql(row[name], is_query=name == "picks"):
            remedy = "Write one SELECT." if name == "picks" else "Write one expression over the findings."
            yield fault(name, "not SQL that can be read", remedy)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_sql(text: str, is_query: bool) -> bool:
    query = text if is_query else f"SELECT ({text})"
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error:
        return False
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT
