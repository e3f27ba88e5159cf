"""supplier → organisation on a register: what was decided, what was given, what is the same, what is probable.

One row per supplier: `supplier_key`, `supplier_kind`, `org_id`, `organisation_name`, `company_number`,
`charity_number`, `mutual_number`, `match_status` ("matched", "review", "no match"), `match_evidence` (one of
`cwb.entities.matching.kinds`), `match_detail` (the same in words, for the person who decides), `match_probability` (empty where
none applies). A status of review names the best candidate, and takes nothing from it.

Individuals are never matched. Public bodies are on no company register; only the very same name is taken for one.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd

from cwb.base.rows import plain, records
from cwb.council.sections import Matching
from cwb.entities.matching import score
from cwb.entities.matching.candidates import find_candidates, load_asked
from cwb.entities.matching.kinds import MatchEvidence, evidence_of, same_name
from cwb.entities.matching.supplier_kinds import INDIVIDUAL, NOT_STATED, ORGANISATION, kind_of

MATCHED, REVIEW, NO_MATCH = "matched", "review", "no match"
COLUMNS = (
    "supplier_key", "supplier_kind", "org_id", "organisation_name", "company_number", "charity_number", "mutual_number",
    "match_status", "match_evidence", "match_detail", "match_probability",
)  # fmt: skip
CANDIDATES = ("supplier_key", "rank", "org_id", "candidate_name", "kind", "log_odds", "why")
_SHOWN = 3
# A given number is seldom wrong; where the register's name is quite another one, somebody must look.
_GIVEN, _GIVEN_UNSEEN, _DECIDED = 0.999, 0.97, 1.0
_OTHER_NAME = 0.58


def match_suppliers(
    con: duckdb.DuckDBPyConnection,
    suppliers: pd.DataFrame,
    decisions: pd.DataFrame,
    limits: Matching,
    has_register: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Match every supplier; returns the matches and, for those not matched, the candidates with why.

    `suppliers` has `supplier_key`, `supplier_name`, `postcode`, `company_number`, `charity_number`, `is_individual`.
    `con` has the view `organisations` and the tables of `load_names`, unless there is no register. `decisions` are the
    rows of `cwb.sources.review`, empty when there are none.
    """
    suppliers = plain(suppliers)
    made = {row["supplier_key"]: _unmatched(row) for row in suppliers.to_dict("records")}
    numbers = _Numbers(con, suppliers, decisions) if has_register else None
    for row in records(decisions):
        if row["supplier_key"] in made:
            made[row["supplier_key"]] |= _decided(row, numbers)
    open_rows = [
        row for row in suppliers.to_dict("records") if made[row["supplier_key"]]["match_evidence"] is None
    ]
    for row in open_rows:
        if row["company_number"] or row["charity_number"]:
            made[row["supplier_key"]] |= _given(row, numbers)
    asked = pd.DataFrame(
        [
            row
            for row in open_rows
            if made[row["supplier_key"]]["match_evidence"] is None
            and made[row["supplier_key"]]["supplier_kind"] not in (INDIVIDUAL, NOT_STATED)
        ],
        columns=list(suppliers.columns),
    )
    scored = pd.DataFrame()
    if has_register and len(asked):
        found, scored = _probable(con, asked, limits)
        for key, told in found.items():
            made[key] |= _allowed(made[key]["supplier_kind"], told)
    for row in made.values():
        if row["match_evidence"] is None:
            row |= _why_none(row["supplier_kind"], has_register)
    waiting = {key for key, row in made.items() if row["match_status"] == REVIEW}
    return pd.DataFrame(list(made.values()), columns=list(COLUMNS)), _nearest(scored, waiting)


def _unmatched(row: dict[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(COLUMNS)
    kind = kind_of(row["supplier_name"], bool(row["is_individual"]))
    return nothing | {"supplier_key": row["supplier_key"], "supplier_kind": kind, "match_status": NO_MATCH}


def _why_none(kind: str, has_register: bool) -> dict[str, str]:
    if kind == INDIVIDUAL:
        return evidence_of(MatchEvidence.INDIVIDUAL)
    if kind == NOT_STATED:
        return evidence_of(MatchEvidence.NOT_STATED)
    if not has_register:
        return evidence_of(MatchEvidence.NO_REGISTER)
    if kind != ORGANISATION:
        return evidence_of(MatchEvidence.PUBLIC_BODY, f"public body ({kind})")
    return evidence_of(MatchEvidence.NONE_NEAR)


class _Numbers:
    """Organisations by their numbers, for those that suppliers or decisions give."""

    def __init__(self, con: duckdb.DuckDBPyConnection, suppliers: pd.DataFrame, decisions: pd.DataFrame):
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        for issuer in ("company_number", "charity_number", "mutual_number"):
            stated = [*(suppliers.get(issuer, ())), *(decisions.get(issuer, ()))]
            wanted = pd.DataFrame({issuer: sorted({str(n) for n in stated if isinstance(n, str)})}, dtype="str")
            if wanted.empty:
                continue
            con.register("wanted_numbers", wanted)
            found = con.execute(
                f"""SELECT org_id, name, company_number, charity_number, mutual_number FROM organisations
                    SEMI JOIN wanted_numbers USING ({issuer}) ORDER BY is_double, org_id"""
            ).df()
            con.unregister("wanted_numbers")
            for row in records(found):
                self.rows.setdefault((issuer, row[issuer]), row)

    def find(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """The organisation of the first number that a register knows."""
        for issuer in ("company_number", "charity_number", "mutual_number"):
            found = self.rows.get((issuer, row.get(issuer) or ""))
            if found:
                return found
        return None


def _identity(found: dict[str, Any]) -> dict[str, Any]:
    keys = ("org_id", "company_number", "charity_number", "mutual_number")
    return {key: found[key] for key in keys} | {"organisation_name": found["name"]}


def _decided(row: dict[str, Any], numbers: _Numbers | None) -> dict[str, Any]:
    if row["decision"] == "no match":
        return {
            "match_status": NO_MATCH,
            **evidence_of(MatchEvidence.DECIDED_NONE),
            "match_probability": None,
        }
    found = numbers.find(row) if numbers else None
    stated = {key: row[key] for key in ("company_number", "charity_number", "mutual_number")}
    told = _identity(found) if found else stated
    return told | {
        "match_status": MATCHED,
        **evidence_of(MatchEvidence.DECIDED),
        "match_probability": _DECIDED,
    }


def _given(row: dict[str, Any], numbers: _Numbers | None) -> dict[str, Any]:
    """A number that the council's own files or a notice give. Another name under it on the register needs a look."""
    found = numbers.find(row) if numbers else None
    if found is None:
        stated = {key: row.get(key) for key in ("company_number", "charity_number")}
        why = MatchEvidence.NUMBER_NOT_FOUND if numbers else MatchEvidence.NUMBER_NOT_CHECKED
        return stated | {"match_status": MATCHED, **evidence_of(why), "match_probability": _GIVEN_UNSEEN}
    if _likeness(row["supplier_name"], found["name"]) < _OTHER_NAME and not row.get("is_individual"):
        return _identity(found) | {
            "match_status": REVIEW,
            **evidence_of(
                MatchEvidence.NUMBER_OTHER_NAME, f"number given, but the register has {found['name']} under it"
            ),
            "match_probability": None,
        }
    return _identity(found) | {
        "match_status": MATCHED,
        **evidence_of(MatchEvidence.NUMBER),
        "match_probability": _GIVEN,
    }


def _likeness(one: str | None, other: str | None) -> float:
    """How alike two names are at their best, part against whole: trading names and long forms must pass."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - wanted only where numbers are given

    from cwb.entities.matching.names import normalise_name  # noqa: PLC0415

    a, b = normalise_name(one), normalise_name(other)
    initials = "".join(word[0] for word in b.split())
    if a.replace(" ", "") in (initials, b.replace(" ", "")):
        return 1.0
    return float(max(fuzz.partial_ratio(a, b), fuzz.token_set_ratio(a, b)) / 100)


def _probable(
    con: duckdb.DuckDBPyConnection, asked: pd.DataFrame, limits: Matching
) -> tuple[dict[str, dict[str, Any]], pd.DataFrame]:
    """What the best candidate by name and place of each supplier is worth, and all candidates, scored."""
    keys = asked["supplier_key"].to_numpy()
    given = pd.DataFrame(
        {"q_id": range(len(asked)), "name": asked["supplier_name"], "postcode": asked["postcode"]}
    )
    con.register(
        "asked_suppliers", given.astype({"name": "str"}).assign(postcode=given["postcode"].astype(object))
    )
    load_asked(con, "(SELECT q_id, name, postcode::VARCHAR AS postcode FROM asked_suppliers)")
    con.unregister("asked_suppliers")
    find_candidates(con)
    frame = score.pairs(con)
    if frame.empty:
        return {}, frame
    frame["supplier_key"] = keys[frame["q_id"].to_numpy()]
    frame["pair"] = score.logit(frame, score.PAIR, score.weights("pair"))
    best = score.best(frame)
    best["probability"] = score.probability(score.logit(best, score.BEST, score.weights("best")))
    chosen = pd.DataFrame({"org_id": sorted(best["org_id"].unique())}, dtype="str")
    con.register("chosen", chosen)
    numbers = con.execute(
        """SELECT org_id, name, company_number, charity_number, mutual_number FROM organisations
           SEMI JOIN chosen USING (org_id)"""
    ).df()
    con.unregister("chosen")
    by_org = {row["org_id"]: row for row in records(numbers)}
    found = {keys[int(row["q_id"])]: _told(row, by_org[row["org_id"]], limits) for row in best.to_dict("records")}
    return found, frame


def _told(row: dict[str, Any], organisation: dict[str, Any], limits: Matching) -> dict[str, Any]:
    probability = float(row["probability"])
    same, place = bool(row["same_core"]), bool(row["same_postcode"])
    former = row["kind"] == "previous"
    kind, shown = MatchEvidence.NEAR_NAME, f", {probability:.2f}"
    if row["variant"] in ("before t/a", "after t/a"):
        kind = {
            "before t/a": MatchEvidence.NAME_BEFORE_TRADING,
            "after t/a": MatchEvidence.NAME_AFTER_TRADING,
        }[row["variant"]]
    if same:
        kind, shown = same_name(former, place), ""
    status = MATCHED if probability >= limits.accept else REVIEW if probability >= limits.review else NO_MATCH
    if row["same_name_twice"] and not place:
        status, kind, shown = REVIEW, MatchEvidence.SEVERAL, ""
    elif row["begins_twice"] and not place:
        # Names cut at a fixed width are the largest source of wrong matches: never a guess.
        status, kind, shown = REVIEW, MatchEvidence.CUT_SHORT, f", {probability:.2f}"
    elif row["variant"] == "after t/a" and not (same and place) and status == MATCHED:
        status, kind, shown = REVIEW, MatchEvidence.TRADING_NAME_ONLY, f", {probability:.2f}"
    if status == NO_MATCH:
        return {"match_status": NO_MATCH, "match_evidence": None, "match_probability": probability}
    told = {"match_status": status, **evidence_of(kind, kind.value + shown), "match_probability": probability}
    return _identity(organisation) | told | {"is_same": same}


def _allowed(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """What may be told of a supplier of some kind: for a public body only the very same name counts."""
    is_same = told.pop("is_same", False)
    if kind != ORGANISATION and not (is_same and told["match_status"] == MATCHED):
        return {}
    return told


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


def _why(row: dict[str, Any]) -> str:
    said = []
    if row["same_core"]:
        said.append("same words")
    elif row["is_cut"]:
        said.append("begins alike")
    else:
        said.append(f"{row['ratio']:.0%} of letters alike")
    if row["kind"] != "registered":
        said.append(f"{row['kind']} name")
    for flag, text in (("same_postcode", "same postcode"), ("near_postcode", "same postal district"),
                       ("other_postcode", "another postcode"), ("other_form", "another legal form")):  # fmt: skip
        if row[flag]:
            said.append(text)
    return ", ".join(said)
