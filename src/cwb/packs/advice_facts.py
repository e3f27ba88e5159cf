"""What rules of recommendations are judged by: one row of facts, the pack's exhibits, and how a fact is written in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from string import Formatter

import duckdb
import pandas as pd
import pyarrow as pa

from cwb.base.database import sandbox
from cwb.base.errors import ConfigError
from cwb.base.privacy import NOT_STATED, TEXT_WITHHELD, TITLE_WITHHELD, WITHHELD
from cwb.charts.wording import counted, listed, mid_sentence, sentence_case
from cwb.council.periods import long_date
from cwb.evidence.definitions import SINCE
from cwb.evidence.headcounts import HIDDEN_TEXTS
from cwb.packs.advice_rules import Rule
from cwb.packs.compare import compare, moved, period_before
from cwb.packs.measure import Measure, Measured, PackData
from cwb.packs.questions import Finding, number, undefined

_NAMELESS = (WITHHELD, TITLE_WITHHELD, TEXT_WITHHELD, NOT_STATED, *HIDDEN_TEXTS)
_WORD = re.compile(r"\w+")
_MOST_NAMED = 3
_UNITS = ("gbp", "count", "share", "kgco2e")


@dataclass(frozen=True)
class Facts:
    """`findings` by the names that rules use, the settings' words, the exhibits that rules pick from, and why an exhibit is
    undefined."""

    findings: Mapping[str, Finding]
    setting: Mapping[str, object]
    exhibits: Mapping[str, pd.DataFrame]
    why_not: Mapping[str, Finding]

    def named_in(self, *texts: str) -> list[Finding]:
        """The findings that texts name, in their order, bounds as the finding itself."""
        words = [word for text in texts for word in _WORD.findall(text)]
        names = dict.fromkeys(w if w in self.findings else re.sub(r"_(low|high)$", "", w) for w in words)
        return [self.findings[name] for name in names if name in self.findings]


@dataclass(frozen=True)
class Judged:
    """What a rule says of the facts: whether it holds (None: not known), its day and pounds, and what it picked."""

    holds: bool | None
    start_by: date | None
    pounds: float | None
    picked: Mapping[str, object]


def facts_of(measures: Sequence[Measure], data: PackData, rules: Sequence[Rule]) -> Facts:
    """The findings of a pack's measures with the changes that rules name, and its exhibits' tables, names that are withheld left empty."""
    measured = [measure(data) for measure in measures]
    findings = {finding.id: finding for one in measured for finding in one.findings.values()}
    rule_texts = " ".join(
        f"{rule.condition} {rule.text} {rule.because} {rule.start_by} {rule.pounds}" for rule in rules
    )
    words = set(_WORD.findall(rule_texts))
    for suffix, then in (("before", period_before(data.period)), ("baseline", data.baseline)):
        asked = [
            f for name, f in list(findings.items()) if any(w.startswith(f"{name}{SINCE}{suffix}") for w in words)
        ]
        for name, found in compare(data, asked, then).items():
            moved_id = f"{name}{SINCE}{then}"
            change = found.change or undefined(data, (moved_id,), found.why_not)[moved_id]
            findings[f"{name}{SINCE}{suffix}"] = change
    settings, span = data.settings, "quarter" if data.period.quarter else "year"
    setting = {
        "report_day": data.report_day, "period_end": data.period.end, "months": data.period.months,
        "is_baseline": data.period == data.baseline, "lead_months": settings.collaboration.lead_months,
        "span": span, "home_name": settings.home_name, "local_name": settings.local.name,
        "council_name": settings.council.name, "period_name": data.period.short_label,
        "baseline_name": data.baseline.short_label,
    }  # fmt: skip
    whole = {m.id: m.table for m in measured if m.undefined is None and len(m.table.columns)}
    return Facts(findings, setting, whole, {m.id: _first(m) for m in measured if m.id not in whole})


def _first(measured: Measured) -> Finding:
    return measured[(measured.measure.main or measured.measure.finding_ids)[0]]


def judge(rules: Sequence[Rule], facts: Facts) -> dict[str, Judged]:
    """Each rule by its id; raise `ConfigError` with every rule whose SQL does not fit the facts.

    A rule that picks from an undefined exhibit is not known; one that picks no row does not hold.
    """
    con = sandbox()
    con.register("f", _row(facts))
    # SQL takes the name of an exhibit in capitals, too.
    asked = {
        word
        for rule in rules
        for word in _WORD.findall(f"{rule.picks} {rule.condition} {rule.start_by} {rule.pounds}".casefold())
    }
    for name in asked & facts.exhibits.keys():
        con.register(name, _named(facts.exhibits[name]))
    judged, faults = {}, []
    for rule in rules:
        if any(name in _WORD.findall(rule.picks.casefold()) for name in facts.why_not):
            judged[rule.rule] = Judged(None, None, None, {})
            continue
        picks = rule.picks or "SELECT TRUE"
        try:
            found = con.execute(
                f"""SELECT CAST(({rule.condition}) AS BOOLEAN), CAST(({rule.start_by}) AS DATE),
                CAST(({rule.pounds or "NULL"}) AS DOUBLE), p.*
                FROM f LEFT JOIN (SELECT TRUE AS is_picked, * FROM ({picks}) LIMIT 1) p ON TRUE"""
            )
            columns, rows = [name for name, *_ in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            why = f"{rule.rule} cannot be asked: {str(error).splitlines()[0]}"
            faults.append(rule.fault("condition", why, "Name findings of the pack and columns that it picks."))
            continue
        holds, start_by, pounds, is_picked, *cells = rows[0]
        picked = dict(zip(columns[4:], cells, strict=True)) if rule.picks else {}
        judged[rule.rule] = Judged(holds if is_picked else False, start_by, pounds, picked)
    con.close()
    if faults:
        raise ConfigError(faults)
    return judged


def _row(facts: Facts) -> pa.Table:
    """The facts as one row: value, `_low` and `_high` of each finding, and the settings' words."""
    cells: dict[str, pa.Array] = {}
    for name, finding in facts.findings.items():
        ends = {"": finding.value, "_low": finding.low, "_high": finding.high}
        # Below the floor only the ends are known, and they are no statement.
        is_known = finding.value is not None
        cells |= {f"{name}{end}": pa.array([v if is_known else None], pa.float64()) for end, v in ends.items()}
    cells |= {name: pa.array([value]) for name, value in facts.setting.items()}
    return pa.table(cells)


def _named(frame: pd.DataFrame) -> pa.Table:
    """An exhibit's table; a name or a number of people that is withheld is NULL, so that no sentence can carry it."""
    return pa.Table.from_pandas(frame.mask(frame.isin(_NAMELESS)), preserve_index=False)


def say(sentence: str, names: Mapping[str, object]) -> str:
    """A sentence with its places filled; what begins it, or one after it, begins with a capital ("At least 12 suppliers …")."""
    text = ""
    for words, name, how, _ in Formatter().parse(sentence):
        text += words
        if name is not None:
            word = worded(names[name], how or "")
            text += sentence_case(word) if not text or text.endswith(". ") else word
    return text


def worded(value: object, how: str) -> str:
    """A fact as a sentence says it.

    `how` of a finding: nothing, "magnitude" (without its sign), "signed" (with the direction in words). Of a picked value: a
    unit, or nothing for a text, a day or a list of names. "firm|firms" of either: the count with its noun.
    """
    one, bar, many = how.partition("|")
    if isinstance(value, Finding):
        if bar:
            return counted(value, one, many)
        if how == "signed":
            # A change that what is not known could undo is "perhaps up", as beside the number itself.
            return moved(value) if value.value is not None else mid_sentence(value.signed)
        return format(value, how)
    if value is None or (isinstance(value, float) and isnan(value)):
        return "not known"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, list):
        rest = len(value) - _MOST_NAMED
        names = value if rest < 2 else [*value[:_MOST_NAMED], f"{rest} others"]
        return listed(names)
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = number(float(value), how if how in _UNITS else "count")
        return f"{text} {one if value == 1 else many}" if bar else text
    return str(value)
