"""The two meanings of local: for measurement, and for reserving a competition."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cwb.charts.wording import range_sentence, sentence_case
from cwb.evidence.finding import State
from cwb.packs.account.listed import none_listed
from cwb.packs.market.supply import TRADES
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure, undefined
from cwb.packs.questions import ORGANISATION, count
from cwb.packs.social_enterprise_mapping.bodies import SURE, ask_registers, counts_by, placed, registered
from cwb.sources.places import district_names

LEGAL = "For legal confirmation"
_STRATEGY = "The strategy's definition"


@measure(
    Definition(
        "se_reservation_count", "Social enterprises where a competition could be reserved", "count", "count",
        "Social enterprises of grades A and B in the area for reservation that holds most of them. High: also "
        "those whose office has no known place.",
        version=2,
    ),
    question="What does local mean, for measuring and for reserving?",
    needs=("organisations",),
    columns=(
        Column("area", "Area"),
        Column("use", "Used for"),
        Column("districts", "Districts"),
        Column("social", "Social enterprises known there", "count"),
        Column("organisations", "Organisations known there", "count"),
        Column("status", "Status"),
    ),
)  # fmt: skip
def geographies(data: PackData) -> Result:
    """Local for measurement and local for reservation, which are two things.

    One row per area: `area`, `use` ("Measurement" or "Reservation"), `districts` (names), `social` (grades A and B with a registered office
    there), `organisations` (all in business there; both None where none is listed and one of no known place is, or a register is not at
    hand in full), `status`. Areas for reservation come from the settings; districts of them outside the local area are counted where the
    registers reach. Source: formats.md 8.3: a below-threshold competition may be reserved to the council's own area, its county, or that
    with bordering counties; substantive operations count there, not the registered office, so that numbers are a first look.
    """
    local, reserved, names = data.settings.local, data.settings.reservation.areas, district_names()
    bodies = registered(data)
    social = counts_by(data, bodies.where(SURE))
    trading = counts_by(data, registered(data).where(*TRADES))
    areas = [(local.name, "Measurement", local.districts, _STRATEGY)]
    areas += [(area.name, "Reservation", area.districts, LEGAL) for area in reserved]
    rows = [
        {
            "area": name,
            "use": use,
            "districts": ", ".join(names[code] for code in codes),
            "social": _in_area(data, social, codes),
            "organisations": _in_area(data, trading, codes),
            "status": status,
        }
        for name, use, codes, status in areas
    ]
    if not reserved:
        reason = "the settings name no area for reservation"
        return Result(undefined(data, ("se_reservation_count",), reason), pd.DataFrame(rows))
    # Areas overlap; whichever bodies of unknown place are where, that with most known ones can hold most.
    most = max(range(1, len(areas)), key=lambda n: (rows[n]["social"] or 0, -n))
    codes = ", ".join(f"'{code}'" for code in areas[most][2])
    looked_at = ", ".join(f"'{code}'" for _, _, codes, _ in areas for code in codes)
    sure = bodies.where(SURE, f"lad_code IS NULL OR lad_code IN ({looked_at})")
    is_there = placed(f"lad_code IN ({codes})")
    answers = ask_registers(data, count("se_reservation_count", of=sure, where=is_there, per=ORGANISATION))
    return Result.of(answers, rows, facts={"most": areas[most][0]})


def _in_area(data: PackData, by_district: dict[object, int], codes: Sequence[str]) -> int | None:
    """How many are in some districts; where none is known to be, and one of no known place may be, nobody knows."""
    return sum(by_district.get(code, 0) for code in codes) or (None if None in by_district else none_listed(data))


@geographies.shown
def exhibit(m: Measured) -> Shown:
    most = m["se_reservation_count"]
    title = "Local for measurement and local for reservation are two things"
    if most.state is State.AT_LEAST:
        title = f"{sentence_case(f'{most}')} social enterprises are in {m.facts['most']}, which could be reserved"
    elif most.value == 0:
        title = "No area that could be reserved is known to have a social enterprise"
    elif most.value is not None:
        title = f"Of the areas that could be reserved, {m.facts['most']} has most: {most} social enterprises"
    return Shown(
        title=title,
        subtitle=f"Areas of the settings and the social enterprises of grades A and B in each. {m.where}",
        says=(
            *range_sentence("The number there", most),
            "The strategy measures one area; the law lets a council reserve a below-threshold competition to another one: its "
            "own, its county's, or with bordering counties. Where a supplier has substantive operations counts there, not its "
            "registered office.",
        ),
        caption="The areas for measurement and for reservation",
    )
