"""Recommendations are made of findings by the table of rules: each rule on a made case, and where it must not hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from conftest import Opened
from cwb.base.errors import ConfigError
from cwb.base.privacy import WITHHELD
from cwb.council.config import Settings, load_config
from cwb.council.report_sections import Recommendations
from cwb.evidence.finding import Finding
from cwb.packs.advice import Recommendation, advise, recommend
from cwb.packs.advice_facts import Facts, _first, say, worded
from cwb.packs.advice_rules import HEADINGS, Rule, check_rules, rules_of
from cwb.packs.registry import all_packs, pack_of

DAY = date(2026, 9, 30)
SETTING: dict[str, object] = {
    "report_day": DAY, "period_end": DAY, "months": 3, "is_baseline": False, "lead_months": 9, "span": "quarter",
    "home_name": "Elmton", "local_name": "Elmshire", "council_name": "Elmton Council", "period_name": "Q2 2026/27",
    "baseline_name": "Q2 2023/24",
}  # fmt: skip
MEASURES = {pack.id: pack.measures for pack in all_packs()}
IN_FORCE = {rule.rule: rule for pack in all_packs() for rule in rules_of(Settings.model_construct(recommendations=Recommendations()), pack.id, DAY)}  # fmt: skip
THEN, NOW = "Paid only in Q2 2023/24", "Paid only in Q2 2026/27"
IT = {"category": "IT services: all", "leaving_gbp": 30.0, "pounds_gbp": 40.0, "is_known": True}
OPTION = {
    "category": "Grounds care", "status": "Open", "start_day": date(2027, 1, 31), "annual_gbp": 1_200_000.0, "partner_gbp": 8e5,
    "ends": "May 2027 to Jul 2027", "capable": 14, "contracts": 3, "silent": 0, "bodies": "Big College; Elmton Council; The County",
}  # fmt: skip
# Rule → exhibits, findings, the sentence; then findings or exhibits by which it does not hold. What is not named is 1.
CASES: dict[str, tuple[dict[str, list[dict[str, Any]]], dict[str, float], str, dict[str, float], dict[str, list[dict[str, Any]]]]] = {
    "register-what-is-paid": (
        {}, {"off_register_count": 12, "off_register_spend": 2_000_000.0},
        "Put the contracts of 12 suppliers on the register, or write down why they need none.", {"off_register_count": 0}, {},
    ),
    "renew-what-has-ended": (
        {}, {"after_end_spend": 3_900_000.0},
        "Buy anew what is still paid after the end of its contract, or write down the extension.", {"after_end_spend": 0}, {},
    ),
    "ask-why-paid-above-value": (
        {}, {"over_value_count": 3, "over_value_gbp": 900.0},
        "Ask why 3 contracts were paid above the stated value, and write down what changed.",
        {"over_value_count": 0}, {},
    ),
    "put-what-ends-into-the-pipeline": (
        {}, {"pipeline_cover_share": 0.5}, "Put the contracts that end soon into the pipeline, or decide what follows on each.",
        {"pipeline_cover_share": 0.9}, {},
    ),
    "one-contract-for-repeats": (
        {"repeats": [{"supplier": "Ash Ltd", "pounds_gbp": 6_000.0}, {"supplier": "Birch Ltd", "pounds_gbp": 70_000.0}]}, {},
        "Ask whether what we order from Birch Ltd should be one contract.", {"repeat_count": 0},
        {"repeats": [{"supplier": "Ash Ltd", "pounds_gbp": 0.0}]},
    ),
    "fill-the-register": (
        {"register_completeness": [
            {"department": "Not stated", "most_blank": "Value", "filled": 1, "cells": 130},
            {"department": "Planning", "most_blank": "Description", "filled": 100, "cells": 130},
            {"department": "Housing", "most_blank": "Value", "filled": 120, "cells": 130},
        ]}, {"register_field_share": 0.9},
        "Ask Planning to fill the blanks in its rows of the register, first of all: description.", {"register_field_share": 1}, {},
    ),
    "ask-lost-suppliers": (
        {"home_suppliers": [{"group": THEN, "suppliers": 24, "pounds_baseline_gbp": 100.0}]}, {"home_supplier_change": -8},
        "Ask why we no longer buy from 24 suppliers in Elmton that we paid in Q2 2023/24.", {"home_supplier_change": 0}, {},
    ),
    "tell-new-suppliers": (
        {"home_suppliers": [{"group": NOW, "suppliers": 1, "pounds_now_gbp": 100.0}]}, {"home_supplier_change": 0},
        "Send the list of what we plan to buy to 1 supplier in Elmton that we did not pay in Q2 2023/24.",
        {"home_supplier_change": -1}, {},
    ),
    "local-bidders-for-largest-leak": (
        {"leakage": [IT | {"category": "All 9 other categories", "leaving_gbp": 99.0}, IT]}, {},
        "Before we next buy IT services, ask local firms what would let them bid.", {"largest_leak_spend": 0},
        {"leakage": [IT | {"is_known": False}]},
    ),
    "local-share-fell": (
        {}, {"local_share_without_one_offs_change": -0.02},
        "Ask each head of service which of their purchases went to suppliers outside Elmshire since Q2 2023/24, and why.",
        {"local_share_without_one_offs_change": 0}, {},
    ),
    "local-share-rose": (
        {}, {"local_share_without_one_offs_change": 0.02},
        "Write down which purchases became local since Q2 2023/24.",
        {"local_share_without_one_offs_change": -0.02}, {},
    ),
    "ask-unknown-places": (
        {"spend_by_ring": [{"ring": "home", "suppliers": 5, "pounds_gbp": 9.0}, {"ring": "unknown", "suppliers": 19, "pounds_gbp": 7.0}]},
        {"unknown_place_share": 0.02}, "Ask 19 suppliers whose place is not known for a postcode, those paid most first.",
        {"unknown_place_share": 0.009}, {},
    ),
    "speak-before-thin-market": (
        {"gap": [{"title": WITHHELD, "value_gbp": 9.0, "annual_gbp": 9.0, "tender_date": "May 2027", "grade": "Thin"},
                 {"title": "Boilers", "value_gbp": 4.0, "annual_gbp": 2.0, "tender_date": "Dec 2026", "grade": "None"}]}, {},
        "Speak with suppliers about “Boilers” before it is advertised.", {"lines_thin": 0, "lines_none": 0},
        {"gap": [{"title": "Boilers", "value_gbp": 4.0, "annual_gbp": 2.0, "tender_date": "Dec 2026", "grade": "Strong"}]},
    ),
    "split-into-lots": (
        {"shifts": [{"category": "IT: all", "leaving_gbp": 9.0, "capable": 4, "realistic_gbp": 2.0, "influenceable_gbp": 8.0, "grade": "Workable"}]},
        {}, "Split the next contracts for IT into lots that local firms can do.", {"influenceable_spend": 0},
        {"shifts": [{"category": "IT", "leaving_gbp": 9.0, "capable": 1, "realistic_gbp": 0.0, "influenceable_gbp": 8.0, "grade": "Thin"}]},
    ),
    "reserve-competitions": (
        {}, {"reservable_count": 145}, "Take legal advice on keeping the competition for 145 planned purchases to local suppliers.",
        {"reservable_count": 0}, {},
    ),
    "complete-the-pipeline": (
        {"gap": [{"value_gbp": None}, {"value_gbp": 5.0}]}, {"demand_valued_share": 0.5},
        "Complete the list of planned purchases: 1 purchase lacks a value.", {"demand_valued_share": 1}, {},
    ),
    "complete-the-codes": (
        {}, {"lines_not_mapped": 2}, "Complete the list of planned purchases: 2 purchases have no code that leads to an industry.",
        {"lines_not_mapped": 0}, {},
    ),
    "publish-opportunities": (
        {}, {"opportunity_count": 231},
        "Publish the list of 231 purchases that may come, and send it to the local suppliers that we know.", {"opportunity_count": 0}, {},
    ),
    "talk-with-social-enterprises": (
        {"contestable": [{"category": "Cleaning", "social": 8, "contestable_gbp": 5.0}]}, {},
        "Invite the social enterprises that could do Cleaning to talk with us before we next buy it.", {"se_contestable_spend": 0},
        {"contestable": [{"category": "Cleaning", "social": 0, "contestable_gbp": None}]},
    ),
    "advertise-to-social-enterprises": (
        {"targets": [{"title": "Youth club", "value_gbp": 5.0, "tender_date": "May 2027", "social": 8}]}, {},
        "Send the advertisement of “Youth club” to social enterprises.", {"se_target_count": 0}, {"targets": []},
    ),
    "ask-possible-social-enterprises": (
        {}, {"se_possible_count": 1}, "Ask 1 possible social enterprise for evidence.", {"se_possible_count": 0}, {},
    ),
    "social-share-fell": (
        {}, {"se_spend_share_since_baseline": -0.01},
        "Ask each head of service what they have stopped buying from social enterprises since Q2 2023/24, and why.",
        {"se_spend_share_since_baseline": 0.01}, {},
    ),
    "social-share-rose": (
        {}, {"se_spend_share_since_baseline": 0.01, "se_supplier_count": 33},
        "Tell heads of service what we buy from 33 social enterprises, so that more do.", {"se_spend_share_since_baseline": -0.01}, {},
    ),
    "buy-together": (
        {"options": [OPTION | {"start_day": DAY}, OPTION]}, {}, "Buy Grounds care with Big College and The County?",
        {"option_count": 0}, {"options": [OPTION | {"bodies": "Big College; The County"}]},
    ),
    "extend-what-is-too-late": (
        {"options": [OPTION, OPTION | {"status": "Too late", "category": "Lifts"}]}, {},
        "Ask the other bodies whether contracts for Lifts can be extended, so that all end on one day.", {"option_late_count": 0},
        {"options": [OPTION]},
    ),
    "talk-with-shared-supplier": (
        {"shared_suppliers": [{"supplier": "Near Ltd", "bodies": 4, "pounds_gbp": 9.0, "place": "Within Elmton"},
                              {"supplier": "Far Ltd", "bodies": 3, "pounds_gbp": 8.0, "place": "Elsewhere"}]}, {},
        "Ask Far Ltd, with the other bodies that pay it, what it can buy from local firms.", {"shared_supplier_count": 0},
        {"shared_suppliers": [{"supplier": WITHHELD, "bodies": 3, "pounds_gbp": 8.0, "place": "Elsewhere"}]},
    ),
    "ask-bodies-for-payments": (
        {"bodies": [{"body": "Elmton Council", "pounds_gbp": None}, {"body": "The Trust", "pounds_gbp": None}]}, {},
        "Ask The Trust for a list of payments, and send its form.", {}, {"bodies": [{"body": "The Trust", "pounds_gbp": 5.0}]},
    ),
    "publish-missing-notices": (
        {"duty_calendar": [{"state": "missing", "due_day": date(2026, 5, 2)}, {"state": "done", "due_day": date(2026, 1, 1)}]}, {},
        "Publish 1 notice whose last day is over; the list names each.", {},
        {"duty_calendar": [{"state": "late", "due_day": date(2026, 5, 2)}]},
    ),
    "find-unlogged-publications": (
        {"duty_calendar": [
            {"state": "not known", "due_day": date(2026, 1, 31), "why": "it is not in the log"},
            {"state": "not known", "due_day": date(2026, 1, 30), "why": "the day from which it counts is not stated"},
        ]}, {},
        "Find out whether 1 publication that no log tells of came out, and publish what did not.", {},
        {"duty_calendar": [{"state": "missing", "due_day": date(2026, 5, 2), "why": None}]},
    ),
    "tell-contracts-when-signed": (
        {}, {"details_late": 8, "details_due": 41}, "Let whoever signs a contract publish its details on the same day.",
        {"details_late": 4, "details_due": 41}, {},
    ),
    "set-indicators": (
        {"indicators": [{"state": "none set"}, {"state": "reason contradicted by the value"}, {"state": "exempt"}]},
        {"kpi_set_share": 0.5, "kpi_due": 4}, "Agree performance indicators for 2 large contracts and publish them.", {"kpi_set_share": 1}, {},
    ),
    "ask-why-nobody-else-bid": (
        {}, {"single_bid_share": 0.21}, "Ask firms that looked at our tenders and made no bid why they did not.", {"single_bid_share": 0.15}, {},
    ),
    "ask-for-emissions": (
        {"ask_next": [{"supplier": name, "narrows_kgco2e": 9.0 - n} for n, name in enumerate(["A Ltd", "B Ltd", "C Ltd", "D Ltd", "E Ltd"])]},
        {}, "Ask A Ltd, B Ltd, C Ltd and 2 others for their own figures of emissions, and send them the form.", {}, {"ask_next": []},
    ),
    "requirement-for-hot-spot": (
        {"hot_spots": [{"product": "Waste", "again_kgco2e": 9.0, "again_gbp": 5.0, "next_end": date(2027, 7, 29)}]}, {},
        "Put a requirement to cut emissions into the next contract for Waste.", {"emissions_total": 0}, {"hot_spots": []},
    ),
    "contract-behind-its-line": (
        {"contracts": [{"contract_reference": "C1", "supplier": WITHHELD, "gap_kgco2e": 9.0}, {"contract_reference": "C2", "supplier": "A Ltd", "gap_kgco2e": 5.0}]},
        {}, "Ask A Ltd at the next review of its contract how it will come back to its line to net zero.", {"contract_pathway_gap": -1},
        {"contracts": [{"contract_reference": "C2", "supplier": "A Ltd", "gap_kgco2e": -5.0}]},
    ),
    "review-before-the-window-closes": (
        {"review_windows": [{"title": WITHHELD, "state": "In the window", "closes": "1 Dec 2026", "closes_day": date(2026, 12, 1), "annual_gbp": 9.0},
                            {"title": "Soon", "state": "In the window", "closes": "1 Oct 2026", "closes_day": date(2026, 10, 1), "annual_gbp": 9.0},
                            {"title": "Bins", "state": "In the window", "closes": "3 Dec 2026", "closes_day": date(2026, 12, 3), "annual_gbp": 5.0}]},
        {}, "Decide whether “Bins” comes in-house.", {"review_due_soon": 0},
        {"review_windows": [{"title": "Bins", "state": "Window closed, no decision on record", "closes": "", "closes_day": date(2026, 1, 3), "annual_gbp": 5.0}]},
    ),
    "windows-that-lapse": (
        {"review_windows": [{"title": "Soon", "state": "In the window", "closes": "1 Oct 2026", "closes_day": date(2026, 10, 1), "annual_gbp": 9.0},
                            {"title": "Bins", "state": "In the window", "closes": "3 Dec 2026", "closes_day": date(2026, 12, 3), "annual_gbp": 5.0}]},
        {}, "Write down what follows on 1 contract whose window closes before a committee can decide, first on “Soon”.", {},
        {"review_windows": [{"title": "Bins", "state": "In the window", "closes": "3 Dec 2026", "closes_day": date(2026, 12, 3), "annual_gbp": 5.0}]},
    ),
    "decide-what-was-missed": (
        {}, {"review_closed": 130}, "Decide what follows on 130 contracts whose window for review has closed without a decision.",
        {"review_closed": 0}, {},
    ),
    "record-ends-of-contracts": (
        {}, {"review_end_unknown": 8}, "Write the current end of 8 contracts into the contracts register.", {"review_end_unknown": 0}, {},
    ),
    "review-short-terms-at-award": (
        {}, {}, "Review services with a short term when they are awarded: 1 contract has no window.", {"review_short_term": 0}, {},
    ),
    "give-reasons-not-to-insource": (
        {}, {"insource_reason_share": 0.5}, "Write down why, wherever it is decided not to bring a service in-house.",
        {"insource_reason_share": 1}, {},
    ),
    "finance-signs-what-was-saved": (
        {"savings": [{"name": "Voids", "status": "Not signed by finance"}, {"name": "Bins", "status": "Signed"}]}, {},
        "Ask finance to sign, or to refuse, 1 saving that services in-house are said to have made.", {},
        {"savings": [{"name": "Bins", "status": "Signed"}]},
    ),
    "services-in-house-cost-more": (
        {}, {"insource_saving_net": -5800}, "Ask the heads of services in-house when they will have saved what the change cost.",
        {"insource_saving_net": 5800}, {},
    ),
    "ask-for-direct-costs": (
        {"income": [{"unit": "Café", "income_gbp": 5.0, "cost_gbp": None}, {"unit": "Lease", "income_gbp": 9.0, "cost_gbp": 1.0}]}, {},
        "Ask what it costs to run Café.", {}, {"income": [{"unit": "Lease", "income_gbp": 9.0, "cost_gbp": 1.0}]},
    ),
    "contracts-on-their-line": (
        {}, {"contract_pathway_gap": 0}, "Publish what suppliers have cut, with their names and if they agree.",
        {"contract_pathway_gap": 5}, {},
    ),
    "purchases-above-the-line": (
        {}, {"pathway_distance": 1_939_000}, "Agree with heads of service where purchases can emit 1,939 tCO2e less.",
        {"pathway_distance": -5}, {},
    ),
    "sv-ask-behind": (
        {"progress": [{"measure": "Hours given", "behind": 2}, {"measure": "Trees", "behind": 1}]}, {"sv_behind_count": 3},
        "Ask the suppliers of 2 contracts how they will catch up with “Hours given”.", {"sv_behind_count": 0}, {"progress": [{"measure": "Trees", "behind": 0}]},
    ),
    "sv-check-evidence": (
        {}, {"sv_verified_share": 0.5}, "Check the evidence of social value that is not verified yet, the largest amounts first.",
        {"sv_verified_share": 0.95}, {},
    ),
    "sv-put-on-portal": (
        {"scope": [{"title": "Roofs", "scope": "in scope", "on_portal": "no"}]}, {"sv_scope_share": 0.5},
        "Agree social value for “Roofs”, which has none on the portal.", {"sv_scope_share": 1}, {"scope": [{"title": "Roofs", "scope": "in scope", "on_portal": "yes"}]},
    ),
    "sv-ask-small": (
        {}, {"sv_small_share": 0.5}, "Send the form for social value to small contracts that began in Q2 2026/27 and have returned none.",
        {"sv_small_share": 1}, {},
    ),
    "esp-ask-silent-plans": (
        {}, {"esp_reporting_share": 0.5, "esp_count": 4}, "Ask developers whose skills plan has no return for the quarter for one.",
        {"esp_reporting_share": 1}, {},
    ),
    "complete-checklists": (
        {}, {"checklist_share": 0.5}, "Ask for the sustainability checklist before any procurement may start.", {"checklist_share": 0.96}, {},
    ),
    "demand-carbon-plans": (
        {}, {"plan_spend_share": 0.5}, "Ask for a carbon reduction plan in every large tender.", {"plan_spend_share": 0.9}, {},
    ),
    "tracker-settle-most": (
        {"settling": [{"what": "The form of activity", "kind": "A form to fill in", "promises": 3, "ids": "B1, B2, P1"},
                      {"what": "A target", "kind": "A decision of the council", "promises": 1, "ids": "B3"}]}, {"tracker_no_data": 4},
        "Settle first what the most promises without data wait for: The form of activity.", {"tracker_no_data": 0}, {"settling": []},
    ),
    "tracker-put-right": (
        {"behind": [{"item": name} for name in ("B1", "B2", "O1", "A1.1a", "A1.1b")]}, {"tracker_behind": 5},
        "Decide who puts right what is behind in the strategy, and by when: B1, B2, O1 and 2 others.", {"tracker_behind": 0}, {},
    ),
    "tracker-claims": (
        {"claims": [{"item": "P1", "verdict": "▼ contradicted"}, {"item": "P2", "verdict": "◆ not shown"}]}, {},
        "Tell members which claims of the strategy files contradict, and what is done about it: P1.", {},
        {"claims": [{"item": "P2", "verdict": "▲ evidenced"}]},
    ),
    "tracker-set-targets": (
        {"settling": [{"what": "The council decides it: a target, in the strategy's table", "kind": "A decision of the council",
                       "promises": 2, "ids": "B1, B2"}]}, {},
        "Set the targets and intervals that the strategy leaves open: B1, B2.", {},
        {"settling": [{"what": "The form of activity", "kind": "A form to fill in", "promises": 3, "ids": "B1, B2, P1"}]},
    ),
    "tracker-review": (
        {}, {"items_reviewed_share": 0.5}, "Look at the promises that nobody has reviewed within a year, and write down the day.",
        {"items_reviewed_share": 1}, {},
    ),
    "ask-largest-for-carbon-plans": (
        {"plans": [{"status": "No plan known", "largest": ["A Ltd", "B Ltd"]}]}, {},
        "Ask A Ltd and B Ltd for a carbon reduction plan.", {}, {"plans": [{"status": "Valid and current", "largest": ["A Ltd"]}]},
    ),
    "pay-invoices-in-time": (
        {}, {"paid_30_share": 0.9}, "Find out in which departments invoices wait, and who must pass them on.", {"paid_30_share": 0.95}, {},
    ),
    "sign-realised-savings": (
        {"savings": [{"unsigned_gbp": 2_000.0, "no_cost_gbp": 500.0}]}, {},
        "Have finance sign for £2,000 of savings that are said to be realised, or take them off the list.", {},
        {"savings": [{"unsigned_gbp": 0.0, "no_cost_gbp": 0.0}]},
    ),
    "debrief-every-tender": (
        {}, {"debrief_share": 0.5}, "Close no tender before bidders have had a debrief and its lessons are written down.",
        {"debrief_share": 1}, {},
    ),
    "meet-suppliers-paid-most": (
        {}, {"key_supplier_met_share": 0.2},
        "Plan a review meeting with each of the suppliers paid most, and log it with the contract's reference.",
        {"key_supplier_met_share": 0.5}, {},
    ),
    "publish-slavery-statement": (
        {}, {"statement_due": -196}, "Approve and publish the modern slavery statement that is due.", {"statement_due": 0}, {},
    ),
    "ask-why-prices-are-low": (
        {"low_prices": [{"title": "Tender 1", "flag": "Yes", "looked": "Yes", "gap_share": 0.9},
                        {"title": "Tender 2", "flag": "Yes", "looked": "Not stated", "gap_share": 0.3}]},
        {"low_price_challenged_share": 0.5},
        "Ask the winner of “Tender 2” how the work can be done at that price, and write down the answer.",
        {"low_price_challenged_share": 1}, {},
    ),
    "use-the-slavery-clause": (
        {}, {"termination_clause_share": 0.65}, "Put the clause on modern slavery into every new contract.",
        {"termination_clause_share": 1}, {},
    ),
    "ask-large-suppliers-for-statements": (
        {}, {"registry_not_found_large": 13},
        "Ask 13 large suppliers not found on the registry whether they must publish a modern slavery statement.",
        {"registry_not_found_large": 0}, {},
    ),
}  # fmt: skip


def facts(rule: Rule, values: Mapping[str, float | None], exhibits: Mapping[str, list[dict[str, Any]]]) -> Facts:
    """All findings of the rule's pack at 1, but those given; exhibits as given."""
    names = [name for measure in pack_of(rule.pack).measures for name in measure.finding_ids]
    names += re.findall(r"\w+_since_baseline", rule.condition)
    found = {}
    for name in names:
        finding_id = name.replace("_baseline", "_2023-24-Q2") if "_since_" in name else name
        value = values.get(name, 1.0)
        unit = "points" if name.endswith(("_change", "_since_baseline")) and "share" in name else "count"
        unit = "kgco2e" if name in ("pathway_distance", "contract_pathway_gap", "emissions_total") else unit
        why = None if value is not None else "no such file was supplied"
        found[name] = Finding(
            finding_id, rule.pack, "2026-27-Q2", unit, value, undefined=why, settles="A file would settle it." if why else None
        )  # fmt: skip
    return Facts(
        found,
        SETTING,
        {name: pd.DataFrame(rows, columns=_columns(rows, name)) for name, rows in exhibits.items()},
        {},
    )


def _columns(rows: list[dict[str, Any]], name: str) -> list[str]:
    """The columns of an exhibit without rows: those of the same in the cases."""
    full = next((case[0][name] for case in CASES.values() if case[0].get(name)), rows)
    return list((rows or full)[0])


def made(rule: Rule, *given: Any, settings: Settings | None = None, day: date = DAY) -> tuple[Recommendation, ...]:
    council = settings or Settings.model_construct(recommendations=Recommendations())
    return recommend((rule,), facts(rule, *given), council, day)


def test_every_rule_has_a_case_and_every_pack_three_rules() -> None:
    assert set(CASES) == set(IN_FORCE)
    check_rules(Settings.model_construct(recommendations=Recommendations()), MEASURES)
    assert min(sum(rule.pack == pack.id for rule in IN_FORCE.values()) for pack in all_packs() if pack.first) >= 3


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_a_rule_picks_is_declared_by_its_exhibit(name: str) -> None:
    """An exhibit without rows has the columns that its measure declares and no others."""
    for exhibit, rows in CASES[name][0].items():
        measure = next(one for one in pack_of(IN_FORCE[name].pack).measures if one.id == exhibit)
        declared = {column if isinstance(column, str) else column.name for column in measure.columns}
        assert not declared or {key for row in rows for key in row} <= declared, exhibit


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_holds_and_does_not(name: str) -> None:
    rule = IN_FORCE[name]
    exhibits, values, text, others, empty = CASES[name]
    (one,) = made(rule, values, exhibits)
    assert (one.text, one.is_find_out, one.start_by > DAY) == (text, False, True)
    assert one.finding == one.findings[0].id
    assert "not known" not in one.because.replace("is not known", "").replace("are not known", "")
    assert not others or made(rule, values | others, exhibits) == ()
    assert not empty or made(rule, values, exhibits | empty) == ()
    # What is not known is found out by somebody, or nothing is said.
    unknown = made(rule, values | {rule.finding: None}, exhibits)
    assert [one.is_find_out for one in unknown] == ([True] if rule.settled_by else [])
    for one in unknown:
        assert one.text.startswith("Find out: ")
        assert one.because.endswith("no such file was supplied. A file would settle it.")


def test_a_day_that_is_past_is_the_report_s_and_a_day_without_facts_the_next_report_s() -> None:
    rule = IN_FORCE["local-share-fell"]
    case = {"local_share_without_one_offs_change": -0.02}, {}
    assert made(replace(rule, start_by="DATE '2020-01-01'"), *case)[0].start_by == DAY
    assert made(replace(rule, start_by="NULL"), *case)[0].start_by == date(2027, 1, 31)
    assert made(rule, *case, day=date(2027, 3, 5))[0].start_by == date(2027, 3, 5)


def test_a_requirement_is_due_before_the_first_contract_that_can_still_change() -> None:
    """Nine months before 29 July 2027; the next report's day is sooner than nine months before a contract's end in 2030."""
    rule = IN_FORCE["requirement-for-hot-spot"]
    for end, day in (
        (date(2027, 7, 29), date(2026, 10, 29)),
        (date(2030, 7, 29), date(2027, 1, 31)),
        (None, date(2027, 1, 31)),
    ):
        row = {"product": "Waste", "again_kgco2e": 9.0, "again_gbp": 5.0, "next_end": pd.to_datetime(end)}
        (one,) = made(rule, {}, {"hot_spots": [row]})
        assert one.start_by == day


def test_nothing_is_to_be_done_before_what_is_over() -> None:
    """Contracts begin to end nine months after the day by which the next had to start; a tender's month has a first day."""
    extend, speak = IN_FORCE["extend-what-is-too-late"], IN_FORCE["speak-before-thin-market"]
    late = OPTION | {"status": "Too late"}
    for start, due in (
        (date(2025, 12, 1), None),
        (date(2026, 1, 31), date(2026, 10, 31)),
        (date(2026, 6, 1), date(2026, 11, 30)),
    ):
        found = made(extend, {}, {"options": [late | {"start_day": start}]})
        assert [one.start_by for one in found] == ([due] if due else [])
    for month, many in (("Sep 2026", 0), ("Nov 2026", 1), (None, 1)):
        row = {"title": "Bins", "grade": "Thin", "value_gbp": 9.0, "annual_gbp": 9.0, "tender_date": month}
        assert len(made(speak, {}, {"gap": [row]})) == many


def test_facts_are_written_as_sentences_need_them() -> None:
    assert worded(["A", "B", "C", "D"], "") == "A, B, C and D"
    assert (worded(1, "firm|firms"), worded(4.0, "firm|firms"), worded(None, "gbp")) == (
        "1 firm",
        "4 firms",
        "not known",
    )
    assert (worded(date(2027, 1, 31), ""), worded(1_200_000.0, "gbp")) == ("31 January 2027", "£1.2m")


def test_a_fact_that_begins_a_sentence_begins_with_a_capital() -> None:
    """What is "at least 66 suppliers" within a sentence is "At least 66 suppliers" where it begins one."""
    names = {"many": "at least 66 suppliers", "who": "iron works"}
    assert say("{many} are shared. {many} are paid by {who}: {many}, or {many}.", names) == (
        "At least 66 suppliers are shared. At least 66 suppliers are paid by iron works: at least 66 suppliers, or at least 66 suppliers."
    )


def _own(folder: Path, *rows: dict[str, str]) -> Settings:
    with (folder / "own.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, HEADINGS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    roles = {"Chief finance officer": "Director of resources"}
    return Settings.model_construct(folder=folder, recommendations=Recommendations(table="own.csv", roles=roles))


def test_a_council_s_own_rules_stand_in_place_of_ours_or_beside_them(tmp_path: Path) -> None:
    ours = {name: str(getattr(IN_FORCE["local-share-fell"], name)) for name in HEADINGS} | {"valid_to": ""}
    settings = _own(
        tmp_path, ours | {"text": "Ask why the share fell to {local_share_without_one_offs:count}."}, ours | {"rule": "another"}
    )  # fmt: skip
    rules = {rule.rule: rule for rule in rules_of(settings, "local_supplier_base", DAY)}
    assert "another" in rules
    assert "ask-lost-suppliers" in rules
    (one,) = made(rules["local-share-fell"], {"local_share_without_one_offs_change": -0.02}, {}, settings=settings)
    assert (one.text, one.role) == ("Ask why the share fell to 1.", "Director of resources")


def test_all_faults_of_a_council_s_own_rules_are_told_at_once(tmp_path: Path) -> None:
    ours = {name: str(getattr(IN_FORCE["local-share-fell"], name)) for name in HEADINGS} | {"valid_to": ""}
    settings = _own(
        tmp_path, ours | {"valid_from": "May", "text": "Ask 24 firms."}, ours | {"rule": "b", "condition": "a <", "role": "Jane Doe"},
        ours | {"rule": "b", "because": "It is {home_name", "picks": "DROP TABLE f"},
    )  # fmt: skip
    with pytest.raises(ConfigError) as told:
        rules_of(settings, "local_supplier_base", DAY)
    assert [(fault.file, fault.row, fault.column) for fault in told.value.faults] == [
        ("own.csv", 2, "valid_from"), ("own.csv", 2, "text"), ("own.csv", 3, "role"), ("own.csv", 3, "condition"),
        ("own.csv", 4, "because"), ("own.csv", 4, "picks"),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="no finding of this id"):
        check_rules(_own(tmp_path, ours | {"finding": "vanished"}), MEASURES)
    with pytest.raises(ConfigError, match="cannot be asked"):
        made(replace(IN_FORCE["local-share-fell"], condition="nothing_of_this > 0"), {}, {})
    with pytest.raises(ConfigError, match="is missing"):
        check_rules(
            Settings.model_construct(folder=tmp_path, recommendations=Recommendations(table="none.csv")),
            MEASURES,
        )


def test_two_periods_carry_the_same_words_only_of_the_same_facts(
    project: Path, settings: Settings, illustrative: Opened
) -> None:
    """Of the built reports by their tables; of the quarter before, two packs are asked."""
    told: dict[str, set[tuple[str, str]]] = {}
    for period in ("2023-24", "2026-27-Q2"):
        for path in (project / "reports" / period / "tables").glob("*/recommendations.csv"):
            with path.open(encoding="utf-8-sig", newline="") as handle:
                told.setdefault(period, set()).update((row["What"], row["Why"]) for row in csv.DictReader(handle))
    assert {len(rows) > 15 for rows in told.values()} == {True}
    assert {what for what, _ in told["2023-24"] & told["2026-27-Q2"]} <= {
        # The same bodies are known, and the register of today is that of both.
        "Ask Great Ashby Instruments plc (illustrative) and University of Hertfordshire for a list of payments, and send its form.",
        "Ask Planning to fill the blanks in its rows of the register, first of all: description.",
    }
    for name in ("local_supplier_base", "gap_analysis"):
        pack = pack_of(name)
        data = illustrative(pack.id, "2026-27-Q1")
        before = {one.rule: one for one in advise(pack.measures, data)}
        assert len(before) >= 3
        for one in advise(pack.measures, data.at(data.period.of(DAY))):
            if (old := before.get(one.rule)) and (one.text, one.because) == (old.text, old.because):
                assert [f.value for f in one.findings] == [f.value for f in old.findings]


def test_roles_are_no_persons(council: Callable[..., Path]) -> None:
    toml = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
    folder = council(toml + '\n[recommendations.roles]\n"Head of procurement" = "Jane Doe"\n')
    with pytest.raises(ConfigError, match="owned by a role"):
        load_config(folder / "cwb.toml")


def test_a_rule_names_exhibits_as_sql_does_in_any_case() -> None:
    rule = IN_FORCE["ask-unknown-places"]
    exhibits, values, text, _, _ = CASES[rule.rule]
    (one,) = made(replace(rule, picks=rule.picks.replace("spend_by_ring", "Spend_By_Ring")), values, exhibits)
    assert one.text == text


@pytest.mark.parametrize(("main", "first"), [(("b",), "b"), ((), "a")])
def test_an_exhibit_without_a_table_has_the_reason_of_its_main_finding(main: tuple[str, ...], first: str) -> None:
    """Or of its first, where it declares none."""
    measured: Any = {"a": "a", "b": "b"}
    measured = type("Made", (dict,), {"measure": SimpleNamespace(main=main, finding_ids=("a", "b"))})(measured)
    assert _first(measured) == first


def test_a_rule_that_picks_from_an_exhibit_without_rows_of_its_own_finds_out_why() -> None:
    rule = IN_FORCE["buy-together"]
    known = facts(rule, {}, {})
    unknown = replace(known.findings["option_count"], value=None, undefined="no contract was supplied")
    (one,) = recommend(
        (rule,), replace(known, why_not={"options": unknown}), Settings.model_construct(recommendations=Recommendations()), DAY
    )  # fmt: skip
    assert (one.is_find_out, one.because) == (True, "It is not known, because no contract was supplied.")


@pytest.mark.parametrize(
    "picks",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM local_frame",
        "SELECT * FROM options",
    ],
)
def test_a_rule_reaches_no_file_no_variable_and_nothing_of_another_question(picks: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("category\nIT\n", encoding="utf-8")
    local_frame = pd.DataFrame({"category": ["IT"]})
    assert len(local_frame) == 1
    rule = IN_FORCE["buy-together"]
    settings = Settings.model_construct(recommendations=Recommendations())
    known = facts(rule, {}, {"options": [OPTION]})
    recommend((rule,), known, settings, DAY)
    with pytest.raises(ConfigError, match="cannot be asked"):
        recommend(
            (replace(rule, picks=picks.format(file=path.as_posix())),), replace(known, exhibits={}), settings, DAY
        )
