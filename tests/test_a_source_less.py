"""A source less never makes a number surer: what is stated without it allows for what is stated with it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.evidence.data import open_data
from cwb.evidence.finding import Finding, State
from cwb.packs import registry
from test_pack_cases import CASES, answers, files_of, pack_of, settings_of

RICH = (
    "pack_02/what_is_planned_and_who_could_serve_it",
    "pack_03/one_body_of_each_kind",
    "pack_06/a_statement_pledges_and_a_registry",
    "pack_07/a_register_with_every_state",
    "pack_08/a_quarter_of_invoices_savings_and_meetings",
)
# Without these another question is answered: they say what is counted, or where a supplier is rather than its registered office.
ANOTHER_QUESTION = {"vendors", "one_offs", "crosswalk"}
# What is of the sources at hand alone, as its definition says, or by a rule that takes the next best source.
OF_WHAT_IS_AT_HAND = {
    "se_largest_form_share": "of the bodies known, as its title says",
    "se_service_known_share": "of the bodies known, as its title says",
    "se_young_share": "of the bodies known, as its title says",
    "se_survival_share": "of bodies on registers that keep those which have ended",
    "insource_default_share": "a decision before its contract began is refused where the register has that day",
    "supplier_meetings": "meetings that the log and the contracts' results have",
    "large_payment_count": "a procurement begins by its advertisement, else with the contract",
}
_ERROR = 1e-9


def findings(case: str, folder: Path) -> dict[str, Finding]:
    """All findings of the case's own pack."""
    period = answers(CASES / case, "expected.csv")[0]["period"]
    data = open_data(pack_of(CASES / case), period, str(folder / "cwb.toml"))
    measured = (measure(data) for measure in registry.pack_of(data.pack).measures)
    return {name: finding for one in measured for name, finding in one.findings.items()}


def allows(finding: Finding, value: float) -> bool:
    """Whether the true number may be this one, by what a finding states."""
    if finding.value is None:
        return True
    low, high = (finding.value if end is None else end for end in (finding.low, finding.high))
    if finding.low is None and finding.high is not None:
        low = -math.inf
    if finding.state is State.AT_LEAST:
        high = math.inf
    off = _ERROR * max(1.0, abs(value))
    return low - off <= value <= high + off


@pytest.mark.parametrize("case", RICH)
def test_without_a_source_numbers_allow_for_what_it_shows(case: str, council: Callable[..., Path]) -> None:
    files = files_of(CASES / case)
    folder = council(settings_of(CASES / case), **files)
    whole = {name: found for name, found in findings(case, folder).items() if found.value is not None}
    assert len(whole) > 10
    surer = []
    for source in sorted({*files} - ANOTHER_QUESTION):
        raw, aside = folder / "data" / "raw" / source, folder / "aside"
        raw.rename(aside)
        less = findings(case, folder)
        aside.rename(raw)
        surer += [
            f"without {source} {name} is {less[name]} ({less[name].bounds}), and with it {found}"
            for name, found in whole.items()
            if name not in OF_WHAT_IS_AT_HAND and name in less and not allows(less[name], found.value or 0.0)
        ]
    assert not surer, "\n".join(surer)
