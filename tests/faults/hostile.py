"""A hostile council: every text of every file attacks whoever shows it, and a broken file lies in every folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from broken_files import BROKEN

PERIOD = "2023-24"
# What a text may try: markup, formulas, terminals, directions of writing, what nobody sees, SQL, templates, length.
ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>',
    "</figure></main></html><iframe src=//x.example></iframe>", "<!--", "]]>", "&lt;script&gt;alert(2)&lt;/script&gt;",
    "=cmd|'/C calc'!A0", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "\t=1+1", "\r=1+1", "%0A=1",
    "\x1b]0;owned\x07", "\x1b[2J\x1b[31m", "\x9b31m", "&#x1b;[2J", "\x1a", "\x00nul", "\x7f\x08\x08",
    "\u202egnp.exe", "\u2066isolate", "zero\u200bwidth", "join\u200der", "\ufeffmark", "soft\u00adhyphen", "tag\U000e0041\U000e007f",
    "line\u2028feed", "\ue000private", "\ufffe", "\ufdd0",
    "'; DROP TABLE spend_lines; --", '" OR 1=1 --', "') UNION SELECT 1 --", "x' || (SELECT 1) || 'y", "$$ $1 ?",
    "{{7*7}}", "{% include '/etc/passwd' %}", "${7*7}", "#{7*7}", "{0.__class__}", "%s%n%x",
    "# Heading\n\n**bold** [x](javascript:alert(1))", "`code` | pipe |", "[red]markup[/red]", "../../../etc/passwd", "C:\\Windows",
    "A" * 4_000, "word " * 60, "😀" * 50, "👩\u200d👩\u200d👧", "مرحبا بالعالم", "a\u0301\u0302\u0303" * 40, "漢字",
    "NaN", "NULL", "None", "undefined", "١٢٣", "O'Brien & \"Sons\"",
)  # fmt: skip
# Source → headings, and a row in which `@` is an attack and `#` the row's number: what else stands there is as it should be.
TABLES = {
    "spend": (
        "Supplier ID|Supplier name|Payment date|Transaction number|Net amount|Purpose|Department|Service|Category|Contract reference",
        "@#|@ Works Ltd|1#/05/2023|@#|#000.10|@|@|@|@|@#",
    ),
    "vendors": ("Supplier ID|Supplier name|Postcode|Company number", "@#|@ Works Ltd|SG1 1AA|0#000001"),
    "contracts": (
        "Contract reference|Contract title|Supplier name|Start date|End date|Contract value|CPV code",
        "@#|@ roads|@ Works Ltd|01/04/2023|31/03/2028|90000.10|45000000",
    ),
    "anchor_spend": ("Supplier name|Payment date|Net amount|Purpose", "@ Works Ltd|1#/05/2023|#000.10|@"),
    "anchor_contracts": (
        "Contract title|Supplier name|Start date|End date|Contract value",
        "@ roads|@ Works Ltd|01/04/2023|31/03/2028|90000.10",
    ),
    "awards": (
        "buyer_name|award_id|title|date|value_amount|datePublished|supplier_name",
        "Hostile|@#|@|2023-05-1#|1000.50|2023-05-2#|@ Works Ltd",
    ),
    "pipeline": ("Reference|Title|Expected tender date|Estimated value", "@#|@ roads|01/09/2024|250.25"),
    "one_offs": (
        "Project|Kind|Reason|Approved by (role)|Approved on|Financial year|Match on|Match value|Expected amount",
        "@ homes|capital|@|@ officer|01/05/2023|2023-24|contract reference|@#|100.10",
    ),
    "pass_through": (
        "Supplier name|Kind|Decision|Reason|Approved by (role)|Approved on",
        "@ Passed Ltd|grant|pass-through|@|@ officer|01/05/2023",
    ),
    # So that pages have the attacks of names too.
    "approved_names": (
        "Supplier name|May be shown|Approved by (role)|Approved on",
        "@ Works Ltd|yes|@ officer|01/05/2023",
    ),
    "places": ("Supplier key|Postcode|Told by (role)|Told on", "id @#|SG1 1AA|@ officer|01/05/2023"),
    "review": ("Supplier key|Decision|Company number", "id @#|match|0#000001"),
    "initiatives": ("Year|What was tried", "2023-24|@ was tried"),
    "decisions": (
        "Date|Decision|Role|Due|Done on|Finding|Outcome",
        "01/05/2023|@ decided|@ officer|01/06/2023||@#|@ came",
    ),
    "supplier_emissions": (
        "Contract reference|Supplier name|Year|Method|Emissions (kgCO2e)",
        "@#|@ Works Ltd|2023-24|supplier-specific|100",
    ),
    "carbon_plans": ("Supplier name|Net zero commitment year", "@ Works Ltd|2045"),
    "checklists": ("Procurement reference|Checklist completed", "@#|yes"),
    "companies": ("CompanyName|CompanyNumber|RegAddress.PostCode", "@ WORKS LTD|0#000001|SG1 1AA"),
    "mutuals": (
        "Full Registation Number|Society Name|Society Status|Registered As",
        "3000#R|@ Society Ltd|Registered|@ Community Benefit Society",
    ),
    "charities": (
        "registered_charity_number|charity_name|charity_registration_status|linked_charity_number|charity_contact_postcode",
        "10000#|@ Trust|Registered|0|SG1 1AA",
    ),
    "coops": ("CUK Organisation ID|Registered Name|Registrar", "R@#|@ Co-op|FCA"),
    "employers": ("EmployerName|CompanyNumber|EmployerSize|PostCode", "@ Works Ltd|0#000001|250 to 499|SG1 1AA"),
    "crosswalk": ("CPV prefix|Category|SIC codes", "45|@|43"),
}
# What a build passes over and tells: files of others that are broken, and of the council's own what is no table at all.
OTHERS = ("notices", "awards", "anchor_spend", "anchor_contracts")
SETTINGS = """
[council]
name = "Hostile <b>Council</b> {{7*7}} '; --"
home_district = "E07000243"
buyer_names = ["Hostile"]
how_to_register = "<script>alert(3)</script> =1+1"

[local]
name = "<i>Here</i> & \\\\u202ethere"
districts = ["E07000243", "E07000242"]

[[anchors]]
name = "Body <u>A</u>"
kind = "nhs"
aliases = ["'; DROP TABLE x; --"]
"""


def write_council(folder: Path) -> None:
    """Settings and raw files of the hostile council."""
    (folder / "cwb.toml").write_text(SETTINGS.replace("\\\\u", "\\u"), encoding="utf-8")
    raw = folder / "data" / "raw"
    for source, (headings, row) in TABLES.items():
        place = raw / source / "body-u-a-u" if source.startswith("anchor_") else raw / source
        place.mkdir(parents=True)
        # A name that is a terminal's command, markup and SQL at once.
        path = place / "<b>\x1b[31mx\u202e {{7*7}} '; --.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(headings.split("|"))
            for number, attack in enumerate(ATTACKS):
                cells = row.replace("#", str(number % 9 + 1)).split("|")
                writer.writerow([cell.replace("@", f"{attack}{number}") for cell in cells])
        sidecar = path.with_name(path.name + ".source.toml")
        said = dict.fromkeys(("publisher", "url", "licence", "retrieved"), "<script>alert(4)</script> \u202e=1")
        sidecar.write_text(
            "".join(f"{key} = {json.dumps(text)}\n" for key, text in said.items()), encoding="utf-8"
        )
        for name in (
            "paper.pdf",
            "empty.csv",
            *(("corner.xlsx", "cut.xlsx", "wide.csv") if source in OTHERS else ()),
        ):
            (place / name).write_bytes(BROKEN[name]([["a", "b"], ["1", "2"]]))
    notices = raw / "notices"
    notices.mkdir()
    (notices / "hostile.json").write_text(
        json.dumps({"releases": [_release(n, a) for n, a in enumerate(ATTACKS)]})
    )
    for name in ("deep.json", "cut.json", "page.json", "paper.pdf"):
        (notices / name).write_bytes(BROKEN[name]([["a"]]))


def _release(number: int, attack: str) -> dict[str, object]:
    address = f"javascript:alert({number})" if number % 2 else f"https://x.example/{attack}"
    supplier = {
        "id": f"s{attack}",
        "name": f"{attack} Works Ltd",
        "roles": ["supplier"],
        "address": {"streetAddress": attack},
    }
    buyer = {"id": "b", "name": "Hostile", "roles": ["buyer"]}
    return {
        "ocid": f"ocds-{number}{attack}", "id": f"{number:06d}-2023", "date": "2023-05-03T00:00:00Z", "tag": ["award"],
        "buyer": {"id": "b", "name": "Hostile"}, "parties": [buyer, supplier],
        "tender": {
            "title": f"{attack} title", "description": attack,
            "documents": [{"id": f"{number:06d}-2023", "noticeType": "UK4" if number % 3 else "UK7", "url": address}],
            "value": {"amount": 100_000, "currency": "GBP"}, "tenderPeriod": {"endDate": "2024-06-01T00:00:00Z"},
        },
        "awards": [{"id": f"{number}{attack}", "date": "2023-05-02", "suppliers": [{"id": f"s{attack}", "name": attack}],
                    "value": {"amount": 5_000 + number, "currency": "GBP"}, "title": attack}] if number % 3 == 0 else [],
    }  # fmt: skip
