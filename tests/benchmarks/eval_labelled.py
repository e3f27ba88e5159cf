"""How good the matching is on real names, from ../shared/data: labelled sets that nothing was fitted on.

    python tests/benchmarks/eval_labelled.py [--distractors 2000000]

The register holds the companies that Find a Tender names with a GB-COH number (in one spelling each), the 87 rows of
Companies House, the co-operatives of 2017, and made-up names as distractors. The sets:

- salford: names of Salford's contracts register; right is the number that Salford gives. Companies that the register at
  hand lacks must not be matched.
- spellings: other spellings under which Find a Tender names the same number.
- trading: trading names of the co-operatives, which are not in the register; right is the registered society.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import made_names
import numpy as np
import pandas as pd

from cwb.base.privacy import is_person
from cwb.base.values import clean_text, company_number
from cwb.council.sections import Matching
from cwb.entities.matching.candidates import load_names
from cwb.entities.matching.match import MATCHED, REVIEW, match_suppliers
from cwb.sources.ocds import identifier_of, items_of

SHARED = Path(__file__).parents[3] / "shared" / "data"


def find_a_tender() -> dict[str, list[str]]:
    """Company number → the spellings of its name, sorted."""
    import json  # noqa: PLC0415

    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((SHARED / "notices").glob("find_a_tender_*/page*.json")):
        for release in json.loads(path.read_text(encoding="utf-8"))["releases"]:
            for party in items_of(release, "parties"):
                number = company_number(identifier_of(party, "GB-COH"))
                if number and party.get("name"):
                    found[number].add(clean_text(party["name"]) or "")
    return {number: sorted(names) for number, names in found.items()}


def sets() -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The real part of the register (`org_id`, `name`), and the labelled sets (`name`, `org_id` or None)."""
    tender = find_a_tender()
    houses = pd.read_csv(SHARED / "organisations" / "BasicCompanyData-2020-06-01-part6_7.csv", dtype=str)
    houses.columns = houses.columns.str.strip()
    coops = pd.read_csv(SHARED / "organisations" / "coops_uk_organisations_2017-06.csv", dtype=str)
    register = pd.concat(
        [
            pd.DataFrame({"org_id": list(tender), "name": [names[0] for names in tender.values()]}),
            pd.DataFrame({"org_id": houses["CompanyNumber"], "name": houses["CompanyName"]}),
            pd.DataFrame({"org_id": "C" + coops["CUK Organisation ID"], "name": coops["Registered Name"]}),
        ]
    ).dropna()
    register = register.drop_duplicates("org_id")
    salford = pd.read_csv(
        SHARED / "contracts" / "salford_contracts_register_2022-07.csv", dtype=str, encoding="cp1252"
    )
    given = pd.DataFrame(
        {
            "name": salford["Supplier Company Name"],
            "org_id": [company_number(n) for n in salford["Company Number"].astype(str)],
        }
    )
    given = given.dropna().drop_duplicates()
    given["org_id"] = given["org_id"].where(given["org_id"].isin(register["org_id"]), None)
    spellings = [(name, number) for number, names in tender.items() for name in names[1:]]
    trading = coops[["Trading Name", "CUK Organisation ID", "Registered Name"]].dropna()
    differs = trading["Trading Name"].str.lower() != trading["Registered Name"].str.lower()
    trading = trading[differs].rename(columns={"Trading Name": "name"})
    trading["org_id"] = "C" + trading["CUK Organisation ID"]
    return register, {
        "salford": given,
        "spellings": pd.DataFrame(spellings, columns=["name", "org_id"]),
        "trading": trading[["name", "org_id"]],
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--distractors", type=int, default=2_000_000)
    options.add_argument("--errors", action="store_true", help="print what was matched wrongly")
    told = options.parse_args()
    register, labelled = sets()
    if told.distractors:
        more = made_names.register(np.random.default_rng(5), told.distractors)
        register = pd.concat([register, pd.DataFrame({"org_id": "M" + more["number"], "name": more["name"]})])
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.register("given_rows", register.astype("str"))
    con.execute(
        "CREATE TABLE organisations AS SELECT org_id, name, org_id AS company_number, NULL::VARCHAR AS charity_number, "
        "NULL::VARCHAR AS mutual_number, NULL::VARCHAR AS postcode, false AS is_double FROM given_rows"
    )
    load_names(con, "(SELECT org_id, name, 'registered' AS kind, postcode FROM organisations)")
    for title, names in labelled.items():
        asked = pd.DataFrame(
            {"supplier_key": range(len(names)), "supplier_name": names["name"].to_numpy(), "postcode": None,
             "company_number": None, "charity_number": None, "is_individual": [is_person(n) for n in names["name"]]}
        )  # fmt: skip
        found, _ = match_suppliers(con, asked, pd.DataFrame(), Matching(), has_register=True)
        truth = names["org_id"].to_numpy()
        matched, review = found["match_status"] == MATCHED, found["match_status"] == REVIEW
        right = matched & (found["company_number"].to_numpy() == truth)
        near = review & (found["company_number"].to_numpy() == truth)
        known = pd.Series(truth).notna()
        sys.stdout.write(
            f"{title}: {len(names)} names, {known.sum()} on the register; matched {matched.sum()}, right {right.sum()}; "
            f"precision {right.sum() / max(matched.sum(), 1):.4f}, recall {right.sum() / max(known.sum(), 1):.4f}; "
            f"review {review.sum()}, the best candidate right in {near.sum()}\n"
        )
        if told.errors:
            for n in np.flatnonzero(matched & ~right):
                sys.stdout.write(
                    f"   {names['name'].iloc[n]!r} → {found['organisation_name'].iloc[n]!r}, {found['match_evidence'].iloc[n]}; right {truth[n]}\n"
                )


if __name__ == "__main__":
    main()
