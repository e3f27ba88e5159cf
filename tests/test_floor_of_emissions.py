"""The coverage floor in pack 05: whatever is missing of a made council, no exhibit states a number that is not known.

The properties are those of `test_floor_property`; the councils those of `test_rows_of_emissions`, which lack codes, reports,
prices and names by turns.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import Evidence
from cwb.evidence.data import PackData
from cwb.evidence.finding import State
from cwb.packs.contract_emissions import PACK as pack
from cwb.sources.store import Lineage
from test_floor_property import noughts, numbers_under_the_floor, state_faults, told
from test_rows_of_emissions import councils
from test_rows_property import MadeEngine


def test_no_number_of_made_councils_stands_under_the_floor(settings: Settings) -> None:
    engine = MadeEngine()
    states: set[State] = set()

    def seen_with(floor: float) -> PackData:
        own = settings.model_copy(update={"evidence": Evidence(floor_pounds=floor, floor_things=floor)})
        return PackData(own, Period(2024), pack.id, Lineage("", (), {}), engine)

    @hypothesis_settings(
        max_examples=6, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(tables=councils(), floor=st.sampled_from((0.5, 0.9)))
    def every_council(tables: dict[str, list[dict[str, Any]]], floor: float) -> None:
        engine.fill(tables)
        data, bare = seen_with(floor), seen_with(0.0)
        measures = pack.measures
        found = {f.id: f for measure in measures for f in measure(data).findings.values()}
        without = {f.id: f for measure in measures for f in measure(bare).findings.values()}
        pages = [
            told(figure) for figure in (pack.scorecard(data), *(measure(data).figure() for measure in measures))
        ]
        faults = state_faults(data.settings, found.values())
        for page in pages:
            under = numbers_under_the_floor(page, without)
            # Of a few pounds any amount may round to nought.
            faults += [*(fault for fault in under if "'0 kgCO2e' stands" not in fault), *noughts(page)]
        states.update(f.state for f in found.values())
        assert not faults, "\n".join(faults)

    every_council()
    assert {State.STATED, State.NOT_KNOWN, State.UNDEFINED} <= states
