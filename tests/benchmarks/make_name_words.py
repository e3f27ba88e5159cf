"""Count how many names bear each word, of the open names in ../shared/data, and write reference/name_words.csv.

    python tests/benchmarks/make_name_words.py

All names are under the Open Government Licence: employers that reported a gender pay gap for 2017, the parties of two
days of Find a Tender, an extract of Companies House. A word that fewer than three names bear is left out, and so is
whatever only one person or firm is called.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text
from cwb.entities.matching.names import normalised, register_functions
from cwb.sources.ocds import items_of

SHARED = Path(__file__).parents[3] / "shared" / "data"
TARGET = Path(__file__).parents[2] / "src" / "cwb" / "reference" / "name_words.csv"
FEWEST = 3


def names() -> pd.DataFrame:
    folder = SHARED / "organisations"
    employers = pd.read_csv(folder / "gender_pay_gap_employers_2018-04.csv", dtype=str)["employer_name"]
    houses = pd.read_csv(folder / "BasicCompanyData-2020-06-01-part6_7.csv", dtype=str)["CompanyName"]
    parties = [
        clean_text(party.get("name"))
        for path in sorted((SHARED / "notices").glob("find_a_tender_*/page*.json"))
        for release in json.loads(path.read_text(encoding="utf-8"))["releases"]
        for party in items_of(release, "parties")
    ]
    return pd.concat([employers, houses, pd.Series(parties, dtype=object)]).dropna().astype(str).to_frame("name")


def main() -> None:
    con = duckdb.connect()
    register_functions(con)
    con.register("given", names())
    con.execute(f"CREATE TABLE named AS SELECT DISTINCT core FROM {normalised('given', 'name')}")
    size = con.execute("SELECT count(*) FROM named").fetchall()[0][0]
    rows = con.execute(
        f"""SELECT token, count(DISTINCT core) AS names FROM (SELECT core, unnest(string_split(core, ' ')) AS token FROM named)
            WHERE regexp_matches(token, '^[a-z]{{2,}}$') GROUP BY 1 HAVING names >= {FEWEST} ORDER BY names DESC, token"""
    ).fetchall()
    with TARGET.open("w", encoding="utf-8", newline="") as handle:
        handle.write(
            f"# source: tests/benchmarks/make_name_words.py, 2026-11-26, of {size:,} different names: gender pay gap service "
            "2017/18 (GOV.UK), Find a Tender of 2026-08-10 and -11, Companies House basic company data of 2020-06 (extract); "
            f"Open Government Licence v3.0. Words borne by {FEWEST} names or more, plurals cut; the row without a word is the "
            "number of names\n"
        )
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerows([("word", "names"), ("", size), *rows])


if __name__ == "__main__":
    main()
