"""How many pounds and payees of real ledgers are shown by name, by what evidence, and what other evidence would add.

    python tests/benchmarks/shown_names.py

Each publisher of ../shared/data/spend is a council of its own: first with its payments alone, then with the lists that any
council can have (two days of Find a Tender, the gender pay gap service's employers of 2017/18). Pounds are net, payees are
spellings. The last lines are kinds of evidence that are not taken, and what they would show besides. The same script
counts what older code showed (PYTHONPATH of a checkout of it); only the shares by evidence need this code.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import pandas as pd

from cwb.base import privacy
from cwb.council.config import load_config
from cwb.entities.matched import prepare
from cwb.entities.matching.names import normalise_name
from cwb.reference import organisation_words

SHARED = Path(__file__).parents[3] / "shared" / "data"
TOML = """
[council]
name = "Council"
home_district = "E07000120"
[local]
name = "Lancashire"
districts = ["E07000120"]
"""


def lines_of(publisher: Path, lists: bool, folder: Path) -> pd.DataFrame:
    """Pounds and payments by name, with the name shown and (where the code tells) the evidence."""
    (folder / "cwb.toml").write_text(TOML, encoding="utf-8")
    shutil.copytree(publisher, folder / "data" / "raw" / "spend")
    if lists:
        for days in sorted((SHARED / "notices").glob("find_a_tender_*")):
            shutil.copytree(days, folder / "data" / "raw" / "notices" / days.name)
        (folder / "data" / "raw" / "employers").mkdir()
        shutil.copy(
            SHARED / "organisations" / "gender_pay_gap_employers_2018-04.csv",
            folder / "data" / "raw" / "employers",
        )
    settings = load_config(folder / "cwb.toml")
    prepare(settings)
    lines = pd.read_parquet(
        settings.processed / "lines.parquet",
        columns=["supplier_key", "supplier_name", "display_name", "amount_gbp"],
    )
    suppliers = pd.read_parquet(settings.processed / "suppliers.parquet")
    kinds = dict(
        zip(suppliers["supplier_key"], suppliers.get("name_evidence", suppliers["supplier_key"]), strict=True)
    )
    lines["evidence"] = lines["supplier_key"].map(kinds) if "name_evidence" in suppliers else None
    lines["supplier_name"] = lines["supplier_name"].fillna("")
    return lines


def told(lines: pd.DataFrame) -> None:
    total, names = sum(lines["amount_gbp"], Decimal(0)), lines["supplier_name"].nunique()
    shown = lines[
        ~lines["display_name"].isin([privacy.WITHHELD, privacy.NOT_STATED]) & lines["display_name"].notna()
    ]
    print(
        f"  £{total:,.0f}, {names:,} payees; shown {share(shown, total)} of pounds, {shown['supplier_name'].nunique() / names:.1%} of payees"
    )
    if lines["evidence"].isna().all():
        return
    for kind, of_kind in shown.groupby("evidence"):
        print(f"    {kind}: {share(of_kind, total)}, {of_kind['supplier_name'].nunique():,} payees")
    hidden = lines[(lines["display_name"] == privacy.WITHHELD) & (lines["supplier_name"] != "")]
    looks = hidden["supplier_name"].map(
        {n: privacy.evidenced_name(n)[0] != "" for n in hidden["supplier_name"].unique()}
    )
    print(
        f"    not shown for what it is paid for, with a legal form or a body's word: {share(hidden[looks], total)}"
    )
    rest = hidden[~looks]
    for what, fits in OTHERS.items():
        found = rest[rest["supplier_name"].map({name: fits(name) for name in rest["supplier_name"].unique()})]
        print(
            f"    not taken: {what} would show {share(found, total)}, {found['supplier_name'].nunique():,} payees"
        )
    named = rest[rest["supplier_name"].map({n: privacy.is_person(n) for n in rest["supplier_name"].unique()})]
    print(f"    plainly persons: {share(named, total)}, {named['supplier_name'].nunique():,} payees")
    top = rest.groupby("supplier_name")["amount_gbp"].sum().sort_values(ascending=False)
    asked = [name for name in top.index if not privacy.is_person(name)]
    for many in (20, 50, 200):
        print(
            f"    approving the {many} largest of the form would show {float(sum(top[asked[:many]], Decimal(0)) / total):.1%}"
        )


def share(lines: pd.DataFrame, total: Decimal) -> str:
    return f"{float(sum(lines['amount_gbp'], Decimal(0)) / total):.1%}"


def employers() -> frozenset[str]:
    listed = pd.read_csv(SHARED / "organisations" / "gender_pay_gap_employers_2018-04.csv", dtype=str)
    return frozenset(map(normalise_name, listed["employer_name"].dropna()))


def noticed() -> frozenset[str]:
    """Parties of notices that have a company number."""
    found = set()
    for path in sorted((SHARED / "notices").glob("find_a_tender_*/page*.json")):
        for release in json.loads(path.read_text(encoding="utf-8"))["releases"]:
            for party in release.get("parties", []):
                if (party.get("identifier") or {}).get("scheme") == "GB-COH" and party.get("name"):
                    found.add(normalise_name(party["name"]))
    return frozenset(found)


EMPLOYERS, NOTICED = employers(), noticed()
OTHERS = {
    "a word that only firms use, of no plain person (the rule before)": lambda name: (
        not privacy.is_person(name) and any(word in organisation_words() for word in name.lower().split())
    ),
    "the name of an employer of 250, its legal form left out": lambda name: normalise_name(name) in EMPLOYERS,
    "the name of a numbered supplier of a notice, its legal form left out": lambda name: (
        normalise_name(name) in NOTICED
    ),
}


def main() -> None:
    for publisher in sorted((SHARED / "spend").iterdir()):
        for lists in (False, True):
            print(f"{publisher.name}, {'with notices and employers' if lists else 'payments alone'}")
            with tempfile.TemporaryDirectory() as folder:
                told(lines_of(publisher, lists, Path(folder)))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
