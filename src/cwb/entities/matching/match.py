"""supplier → organisation on a register: what was decided, what was given, what is the same, what is probable.

One row per supplier: `supplier_key`, `supplier_kind`, `org_id`, `organisation_name`, `company_number`,
`charity_number`, `mutual_number`, `match_status` ("matched", "review", "no match"), `match_evidence` (one of
`cwb.entities.matching.kinds`), `match_detail` (the same in words, for the person who decides), `match_probability` (empty where
none applies). A status of review names the best candidate, and takes nothing from it.

Individuals are never matched. Public bodies are on no company register; only the very same name is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb
import pandas as pd
from rapidfuzz import fuzz

from cwb.base.database import rows_with
from cwb.base.rows import Row, plain, records
from cwb.council.sections import Matching
from cwb.entities.matching import score
from cwb.entities.matching.candidates import find_candidates, load_queries
from cwb.entities.matching.differences import differences
from cwb.entities.matching.kinds import MatchEvidence, same_name
from cwb.entities.matching.names import normalise_name
from cwb.entities.matching.supplier_kinds import INDIVIDUAL, NOT_STATED, ORGANISATION, kind_of

MATCHED, REVIEW, NO_MATCH = "matched", "review", "no match"
CANDIDATES = ("supplier_key", "rank", "org_id", "candidate_name", "kind", "log_odds", "why")
_SHOWN = 3
# A given number is seldom wrong; where the register's name is quite another one, somebody must look.
_GIVEN, _GIVEN_UNSEEN, _DECIDED = 0.999, 0.97, 1.0
_OTHER_NAME = 0.58
_NUMBERS = ("company_number", "charity_number", "mutual_number")


@dataclass(frozen=True)
class Match:
    """The match of one supplier. Its fields are the columns of the table."""

    supplier_key: str
    supplier_kind: str
    org_id: str | None = None
    organisation_name: str | None = None
    company_number: str | None = None
    charity_number: str | None = None
    mutual_number: str | None = None
    match_status: str = NO_MATCH
    match_evidence: str | None = None
    match_detail: str | None = None
    match_probability: float | None = None

    def to(self, organisation: Organisation) -> Match:
        numbers = {name: getattr(organisation, name) for name in _NUMBERS}
        return replace(self, org_id=organisation.org_id, organisation_name=organisation.name, **numbers)

    def by(
        self, status: str, evidence: MatchEvidence, detail: str = "", probability: float | None = None
    ) -> Match:
        """The match with its evidence, and the same in words."""
        return replace(
            self,
            match_status=status,
            match_evidence=evidence.value,
            match_detail=detail or evidence.value,
            match_probability=probability,
        )


COLUMNS = tuple(Match.__dataclass_fields__)


@dataclass(frozen=True)
class Organisation:
    """An organisation of the registers, as far as matching names it."""

    org_id: str
    name: str
    company_number: str | None
    charity_number: str | None
    mutual_number: str | None


def match_suppliers(
    con: duckdb.DuckDBPyConnection,
    suppliers: pd.DataFrame,
    decisions: pd.DataFrame,
    limits: Matching,
    has_register: bool,
    is_whole: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Match every supplier; returns the matches and, for those not matched, the candidates with why.

    `suppliers` has `supplier_key`, `supplier_name`, `postcode`, `company_number`, `charity_number`, `is_individual`.
    `is_whole` says that the register lists all companies: on an extract a name alone is never accepted, since the company
    that it is may not be on it. `con` has the view `organisations` and the tables of `load_names`, unless there is no register. `decisions` are the
    rows of `cwb.sources.datasets.review`, empty when there are none. Where the column `is_borne_twice` says that files give a
    name several numbers, the name alone is never accepted: a register may list but one of its bearers.
    """
    suppliers = plain(suppliers)
    rows: list[Row] = suppliers.to_dict("records")
    matches = {row["supplier_key"]: _unmatched(row) for row in rows}
    register = _Register(con, suppliers, decisions) if has_register else None
    for row in records(decisions):
        if match := matches.get(row["supplier_key"]):
            matches[match.supplier_key] = _decided(match, row, register)
    rows = [row for row in rows if matches[row["supplier_key"]].match_evidence is None]
    for row in rows:
        if row["company_number"] or row["charity_number"]:
            matches[row["supplier_key"]] = _given(matches[row["supplier_key"]], row, register)
    shared = {row["supplier_key"] for row in rows if row.get("is_borne_twice")}
    queries = [row for row in rows if _needs_a_name(matches[row["supplier_key"]])]
    scored = pd.DataFrame()
    if register and queries:
        best, scored = _probable(con, pd.DataFrame(queries, columns=list(suppliers.columns)), limits)
        by_id = {found.org_id: found for found in _organisations(con, "org_id", best["org_id"])}
        for row in best.to_dict("records"):
            key = row["supplier_key"]
            matches[key] = _by_name(
                matches[key], row | {"is_borne_twice": key in shared}, by_id[row["org_id"]], limits, is_whole
            )
    for key, match in matches.items():
        if match.match_evidence is None:
            matches[key] = _without(match, has_register)
    waiting = {key for key, match in matches.items() if match.match_status == REVIEW}
    table = pd.DataFrame([vars(match) for match in matches.values()], columns=list(COLUMNS))
    return table, _nearest(scored, waiting)


def _unmatched(row: Row) -> Match:
    return Match(row["supplier_key"], kind_of(row["supplier_name"], bool(row["is_individual"])))


def _needs_a_name(match: Match) -> bool:
    return match.match_evidence is None and match.supplier_kind not in (INDIVIDUAL, NOT_STATED)


def _without(match: Match, has_register: bool) -> Match:
    """Why a supplier has no match. The probability of its best candidate stays."""
    kind, detail = match.supplier_kind, ""
    if kind == INDIVIDUAL:
        evidence = MatchEvidence.INDIVIDUAL
    elif kind == NOT_STATED:
        evidence = MatchEvidence.NOT_STATED
    elif not has_register:
        evidence = MatchEvidence.NO_REGISTER
    elif kind != ORGANISATION:
        evidence, detail = MatchEvidence.PUBLIC_BODY, f"public body ({kind})"
    else:
        evidence = MatchEvidence.NONE_NEAR
    return match.by(NO_MATCH, evidence, detail, match.match_probability)


def _organisations(con: duckdb.DuckDBPyConnection, column: str, values: Iterable[object]) -> list[Organisation]:
    """The organisations that have one of the values in a column of the register."""
    columns = f"org_id, name, {', '.join(_NUMBERS)}, is_double"
    rows = rows_with(con, columns, "organisations", column, values)
    return [Organisation(*row[:-1]) for row in sorted(rows, key=lambda row: (row[-1], row[0]))]


class _Register:
    """Organisations by their numbers, for those that suppliers or decisions give."""

    def __init__(self, con: duckdb.DuckDBPyConnection, suppliers: pd.DataFrame, decisions: pd.DataFrame):
        self._by_number: dict[tuple[str, str], Organisation] = {}
        for issuer in _NUMBERS:
            numbers = [*suppliers.get(issuer, ()), *decisions.get(issuer, ())]
            for organisation in _organisations(con, issuer, numbers):
                self._by_number.setdefault((issuer, getattr(organisation, issuer)), organisation)

    def find(self, row: Row) -> Organisation | None:
        """The organisation of the first number that a register knows."""
        keys = ((issuer, row.get(issuer) or "") for issuer in _NUMBERS)
        return next((self._by_number[key] for key in keys if key in self._by_number), None)


def _decided(match: Match, decision: Row, register: _Register | None) -> Match:
    if decision["decision"] == "no match":
        return match.by(NO_MATCH, MatchEvidence.DECIDED_NONE)
    found = register.find(decision) if register else None
    match = match.to(found) if found else replace(match, **{name: decision[name] for name in _NUMBERS})
    return match.by(MATCHED, MatchEvidence.DECIDED, probability=_DECIDED)


def _given(match: Match, row: Row, register: _Register | None) -> Match:
    """A number that the council's own files or a notice give. Another name under it on the register needs a look."""
    found = register.find(row) if register else None
    if found is None:
        evidence = MatchEvidence.NUMBER_NOT_FOUND if register else MatchEvidence.NUMBER_NOT_CHECKED
        match = replace(match, company_number=row.get("company_number"), charity_number=row.get("charity_number"))
        return match.by(MATCHED, evidence, probability=_GIVEN_UNSEEN)
    if _likeness(row["supplier_name"], found.name) < _OTHER_NAME and not row.get("is_individual"):
        detail = f"number given, but the register has {found.name} under it"
        return match.to(found).by(REVIEW, MatchEvidence.NUMBER_OTHER_NAME, detail)
    return match.to(found).by(MATCHED, MatchEvidence.NUMBER, probability=_GIVEN)


def _likeness(one: str | None, other: str | None) -> float:
    """How alike two names are at their best, part against whole: trading names and long forms must pass."""
    a, b = normalise_name(one), normalise_name(other)
    initials = "".join(word[0] for word in b.split())
    if a.replace(" ", "") in (initials, b.replace(" ", "")):
        return 1.0
    return float(max(fuzz.partial_ratio(a, b), fuzz.token_set_ratio(a, b)) / 100)


def _probable(
    con: duckdb.DuckDBPyConnection, queries: pd.DataFrame, limits: Matching
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The best candidate by name and place of each supplier with its probability, and all candidates, scored."""
    keys = queries["supplier_key"].to_numpy()
    names = pd.DataFrame(
        {"q_id": range(len(queries)), "name": queries["supplier_name"], "postcode": queries["postcode"]}
    )
    con.register("supplier_names", names.astype({"name": "str", "postcode": object}))
    load_queries(con, "(SELECT q_id, name, postcode::VARCHAR AS postcode FROM supplier_names)")
    con.unregister("supplier_names")
    find_candidates(con)
    scored = score.pairs(con, whole=limits.whole_register)
    if scored.empty:
        return pd.DataFrame(columns=["supplier_key", "org_id"]), scored
    scored["supplier_key"] = keys[scored["q_id"].to_numpy()]
    scored["pair"] = score.logit(scored, score.PAIR, score.weights("pair"))
    best = score.best(scored)
    best["difference"] = differences(con, best, limits.whole_register)
    best["agrees"] = best["difference"] == ""
    best["probability"] = score.probability(score.logit(best, score.BEST, score.weights("best")))
    best["supplier_key"] = keys[best["q_id"].to_numpy()]
    return best, scored


def _by_name(match: Match, row: Row, organisation: Organisation, limits: Matching, is_whole: bool) -> Match:
    """The match with the best candidate. Of a public body only the very same name is taken."""
    probability = float(row["probability"])
    same, place = bool(row["same_core"]), bool(row["same_postcode"])
    shown = f", {probability:.2f}"
    evidence, detail = MatchEvidence.NEAR_NAME, shown
    if same:
        evidence, detail = same_name(row["kind"] == "previous", place), ""
    elif row["variant"] == "before t/a":
        evidence = MatchEvidence.NAME_BEFORE_TRADING
    elif row["variant"] == "after t/a":
        evidence = MatchEvidence.NAME_AFTER_TRADING
    status = MATCHED if probability >= limits.accept else REVIEW if probability >= limits.review else NO_MATCH
    if (row["same_name_twice"] or (row["is_borne_twice"] and status == MATCHED)) and not place:
        status, evidence, detail = REVIEW, MatchEvidence.SEVERAL, ""
    elif row["begins_twice"] and not place:
        # Names cut at a fixed width are the largest source of wrong matches: never a guess.
        status, evidence, detail = REVIEW, MatchEvidence.CUT_SHORT, shown
    elif row["variant"] == "after t/a" and not (same and place) and status == MATCHED:
        status, evidence, detail = REVIEW, MatchEvidence.TRADING_NAME_ONLY, shown
    elif row["difference"] and status == MATCHED:
        status, detail = REVIEW, f"{shown}; {row['difference']}"
    elif not (same and place) and status == MATCHED and not is_whole:
        status, detail = REVIEW, f"{shown}, on an extract of the register"
    if match.supplier_kind != ORGANISATION and not (same and status == MATCHED):
        return match
    if status == NO_MATCH:
        return replace(match, match_probability=probability)
    return match.to(organisation).by(status, evidence, evidence.value + detail, probability)


def _nearest(scored: pd.DataFrame, waiting: set[str]) -> pd.DataFrame:
    """The few best candidates of each supplier that waits, with why, for the person who decides."""
    if scored.empty:
        return pd.DataFrame(columns=list(CANDIDATES))
    ranked = scored[scored["supplier_key"].isin(waiting)]
    ranked = ranked.sort_values(["q_id", "pair", "org_id"], ascending=[True, False, True])
    ranked = ranked.drop_duplicates(["q_id", "org_id"])
    ranked = ranked.assign(rank=ranked.groupby("q_id").cumcount() + 1)
    ranked = ranked[ranked["rank"] <= _SHOWN].reset_index(drop=True)
    ranked["log_odds"] = ranked["pair"].round(2)
    ranked["why"] = [_why(row) for row in ranked.to_dict("records")]
    return ranked.rename(columns={"name": "candidate_name"})[list(CANDIDATES)]


def _why(row: Row) -> str:
    reasons = []
    if row["same_core"]:
        reasons.append("same words")
    elif row["is_cut"]:
        reasons.append("begins alike")
    else:
        reasons.append(f"{row['ratio']:.0%} of letters alike")
    if row["kind"] != "registered":
        reasons.append(f"{row['kind']} name")
    for flag, text in (("same_postcode", "same postcode"), ("near_postcode", "same postal district"),
                       ("other_postcode", "another postcode"), ("other_form", "another legal form")):  # fmt: skip
        if row[flag]:
            reasons.append(text)
    return ", ".join(reasons)
