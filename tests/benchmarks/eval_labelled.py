"""How good the matching is on real names, from ../shared/data, with half of their companies taken off the register.

    python tests/benchmarks/eval_labelled.py [--errors] [--half tune] [--others 0 100000] [--seeds 1 2 3]

A labelled name's company is known by its number. The register has one name a number: the employers' of 2018, the extract
of Companies House, the co-operatives' of 2017, else that of a notice. Half of the labelled companies, by the seed, are
taken off it, so that half of the names have no right answer. Beside the rest stand no others, or 100,000 made-up ones.
Precision: right of all accepted. Recall: right of the names whose company is on the register. A sister company is wrong.

- real: a name of one source against the register's of another: co-operatives' trading names, names of notices and of
  Salford's contracts register. Those of companies that no other source names have no right answer.
- made: the employers' names as a ledger might have them: capitals, without or with a short legal form, cut at 30 to 35
  letters, with a trading name or a note of the account. Their register's name is the same source's.

Two records of one registered name (a society registered twice) are one organisation. The names fall into two halves by
their hash: rules were looked for on the half `tune` alone; `told` says how good they are.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from pathlib import Path

import duckdb
import made_names
import numpy as np
import pandas as pd

from cwb.base.privacy import is_person
from cwb.base.values import clean_text, company_number, mutual_number
from cwb.council.sections import Matching
from cwb.entities.matching.candidates import load_names
from cwb.entities.matching.match import MATCHED, REVIEW, match_suppliers
from cwb.entities.matching.names import normalise_name
from cwb.sources.ocds import identifier_of, items_of

SHARED = Path(__file__).parents[3] / "shared" / "data"
HALVES = ("tune", "told")
_SOCIETY = ("IP", "RS", "SP", "SR", "NP")
_NOTES = ("{} A/C 40112233", "{} - DIRECT DEBIT", "{} (BACS)", "{} #2", "{} RE INV 20871", "{} C/O THE AGENT", "{} NO 1 ACCOUNT",
          "{} - CLIENT ACCOUNT", "{} (STEVENAGE)", "{} DIVISION OF BEST GROUP")  # fmt: skip


def identity(number: str | None) -> str | None:
    """One id of a company or society, whichever register's number names it."""
    found = company_number(number)
    if found and not found.startswith(_SOCIETY):
        return found
    society = mutual_number(found or number)
    return f"M{society}" if society else None


def notices() -> pd.DataFrame:
    """`org_id` and `name` of each party of a notice with a company number."""
    rows = []
    for path in sorted((SHARED / "notices").glob("find_a_tender_*/page*.json")):
        for release in json.loads(path.read_text(encoding="utf-8"))["releases"]:
            for party in items_of(release, "parties"):
                rows.append((identity(identifier_of(party, "GB-COH")), clean_text(party.get("name"))))
    return pd.DataFrame(rows, columns=["org_id", "name"]).dropna().drop_duplicates()


def real_names() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The register (`org_id`, `name`), the real names (the same columns), and the employers, of which names are made."""

    def read(path: str, name: str, number: str, **options: str) -> pd.DataFrame:
        frame = pd.read_csv(SHARED / path, dtype=str, **options).rename(columns=str.strip)  # type: ignore[call-overload]
        frame = frame.assign(name=frame[name].map(clean_text), org_id=frame[number].map(identity))
        return frame.dropna(subset=["name", "org_id"])

    employers = read("organisations/gender_pay_gap_employers_2018-04.csv", "employer_name", "company_number")
    houses = read("organisations/BasicCompanyData-2020-06-01-part6_7.csv", "CompanyName", "CompanyNumber")
    coops = read("organisations/coops_uk_organisations_2017-06.csv", "Registered Name", "Registered Number")
    salford = read("contracts/salford_contracts_register_2022-07.csv", "Supplier Company Name", "Company Number", encoding="cp1252")  # fmt: skip
    tender = notices()
    official = pd.concat([employers, houses, coops])[["org_id", "name"]].drop_duplicates("org_id")
    register = pd.concat([official, tender]).drop_duplicates("org_id")
    trading = coops[["org_id"]].assign(name=coops["Trading Name"].map(clean_text)).dropna()
    asked = pd.concat([trading, tender, salford[["org_id", "name"]]]).drop_duplicates()
    registered = asked["org_id"].map(register.set_index("org_id")["name"])
    asked = asked[asked["name"].str.lower() != registered.str.lower()]
    # The first record of a name stands for all of that name.
    key = register["name"].map(normalise_name)
    first = dict(zip(register["org_id"], register.groupby(key)["org_id"].transform("first"), strict=True))
    register = register[register["org_id"].map(first) == register["org_id"]]
    asked = asked.assign(org_id=asked["org_id"].map(lambda one: first.get(one, one))).drop_duplicates()
    return register, asked, register[register["org_id"].isin(employers["org_id"])]


def as_in_ledgers(names: pd.Series, seed: int) -> list[str]:
    """Each name as a ledger might have it, with one kind of fault."""
    rng = np.random.default_rng(seed)
    made = []
    for name in names:
        bare = pd.Series(name).str.replace(
            r"(?i)[ ,]+(limited|ltd|plc|llp|public limited company)\.?$", "", regex=True
        )[0]
        kind = rng.integers(6)
        if kind == 0:
            made.append(name.upper() if name.upper() != name else name.title())
        elif kind == 1:
            made.append(bare.upper())
        elif kind == 2:
            made.append(pd.Series(name).str.replace(r"(?i)\blimited$", "LTD", regex=True)[0].title())
        elif kind == 3:
            made.append(name.upper()[: int(rng.integers(30, 36))].rstrip())
        elif kind == 4:
            made.append(
                f"{name} T/A {made_names.COMMON[rng.integers(20)]} {made_names.TRADES[rng.integers(300)]}".upper()
            )
        else:
            made.append(_NOTES[rng.integers(len(_NOTES))].format(name).upper())
    return made


def trial(register: pd.DataFrame, names: pd.DataFrame, others: int, seed: int) -> pd.DataFrame:
    """Each labelled name with what was found: `is_known`, `accepted`, `right`, `review` and the match."""
    rng = np.random.default_rng(seed)
    labelled = np.array(sorted(set(names["org_id"])))
    off = set(rng.permutation(labelled)[: len(labelled) // 2])
    left = register[~register["org_id"].isin(off)]
    if others:
        more = made_names.register(np.random.default_rng(seed + 100), others)
        left = pd.concat([left, pd.DataFrame({"org_id": "X" + more["number"], "name": more["name"]})])
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.register("given_rows", left.astype("str"))
    con.execute(
        "CREATE TABLE organisations AS SELECT org_id, name, org_id AS company_number, NULL::VARCHAR AS charity_number, "
        "NULL::VARCHAR AS mutual_number, NULL::VARCHAR AS postcode, false AS is_double FROM given_rows"
    )
    load_names(con, "(SELECT org_id, name, 'registered' AS kind, postcode FROM organisations)")
    asked = pd.DataFrame(
        {"supplier_key": range(len(names)), "supplier_name": names["name"].to_numpy(), "postcode": None,
         "company_number": None, "charity_number": None, "is_individual": [is_person(n) for n in names["name"]]}
    )  # fmt: skip
    found, _ = match_suppliers(con, asked, pd.DataFrame(), Matching(), has_register=True)
    truth = names["org_id"].to_numpy()
    same = found["org_id"].to_numpy() == truth
    accepted, review = (found["match_status"] == status for status in (MATCHED, REVIEW))
    return names.reset_index(drop=True).assign(
        is_known=np.isin(truth, left["org_id"]), accepted=accepted, right=accepted & same, review=review,
        near=review & same, organisation=found["organisation_name"], evidence=found["match_detail"],
        probability=found["match_probability"],
    )  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--others", type=int, nargs="+", default=[0, 100_000])
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options.add_argument("--half", choices=HALVES, nargs="+", default=HALVES)
    options.add_argument(
        "--errors", action="store_true", help="print what was accepted wrongly and what was missed"
    )
    told = options.parse_args()
    register, real, employers = real_names()
    for others in told.others:
        for seed in told.seeds:
            made = employers.assign(name=as_in_ledgers(employers["name"], seed), kind="made")
            names = pd.concat([real.assign(kind="real"), made], ignore_index=True)
            halves = [HALVES[zlib.crc32(org.encode()) % 2] for org in names["org_id"]]
            rows = trial(register, names.assign(half=halves), others, seed)
            for half in told.half:
                for kind in ("real", "made", "all"):
                    part = rows[(rows["half"] == half) & ((rows["kind"] == kind) | (kind == "all"))]
                    sys.stdout.write(
                        f"{others:>7} others, seed {seed}, {half}, {kind}: n {len(part)}, "
                        f"on the register {part['is_known'].sum()}, accepted {part['accepted'].sum()}; "
                        f"precision {part['right'].sum() / max(part['accepted'].sum(), 1):.4f}, "
                        f"recall {part['right'].sum() / max(part['is_known'].sum(), 1):.4f}; "
                        f"review {part['review'].sum()}, the best candidate right in {part['near'].sum()}\n"
                    )
            if told.errors:
                shown = rows[rows["half"].isin(told.half)]
                registered = register.set_index("org_id")["name"]
                for row in shown[shown["accepted"] & ~shown["right"]].itertuples():
                    sys.stdout.write(f"  wrong {row.kind}: {row.name!r} → {row.organisation!r}, {row.evidence}; right {registered.get(row.org_id)!r}{'' if row.is_known else ' (off)'}\n")  # fmt: skip
                for row in shown[shown["is_known"] & ~shown["right"]].itertuples():
                    sys.stdout.write(f"  missed {row.kind}: {row.name!r}, right {registered[row.org_id]!r}; {row.evidence}, {row.organisation!r}\n")  # fmt: skip


if __name__ == "__main__":
    main()
