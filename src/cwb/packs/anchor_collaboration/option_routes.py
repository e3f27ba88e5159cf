"""By which routes each kind of body could take part in what can still be bought together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cwb.charts.wording import counted
from cwb.council.periods import long_date
from cwb.packs.anchor_collaboration.contracts import Contract
from cwb.packs.anchor_collaboration.doubtful import of_contracts_known
from cwb.packs.anchor_collaboration.option_groups import Option, options_of
from cwb.packs.market.horizon import ahead
from cwb.packs.market.rules import BANDS, OLDER, Route, reserving_since, routes, thresholds_in_pounds
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import Relation, Thing, as_table, count

TOGETHER = "All, acting together"
ROUTE = Thing("route", "label", "routes")
_SEVERAL = "several buyers"
_KINDS = {"nhs": "NHS body"}


@dataclass(frozen=True)
class OptionRoute(Contract):
    """A route that a kind of body could take in an open option, identified by its first contract."""

    route: str
    label: str
    kind: str


@measure(
    Definition(
        "option_route_count", "Routes that could be looked at", "count", "count",
        "Different routes of the dated table for the kinds of body and bands of the open options. For legal "
        "confirmation.",
        excluded="The regulations under which procurements went on that began before the Procurement Act 2023; section 32.",
        version=2,
    ),
    question="By which routes could each kind of body take part?",
    needs=(),
    main=("option_route_count",),
    columns=(
        Column("kind", "Kind of body"),
        Column("band", "Combined value"),
        Column("options", "Options", "count"),
        Column("routes", "Possible routes"),
    ),
)  # fmt: skip
def option_routes(data: PackData) -> Result:
    """The routes by which each kind of body could take part in the open options: their rules differ.

    One row per kind of body and band, before them one for all acting together: `kind`, `band`, `options` (how many open
    ones), `routes`. Routes for light touch services are marked "if". Source: `reference/routes.csv`, in force on the day of
    the start. For legal confirmation, every one.
    """
    still = [option for option in options_of(data) if option.is_open]
    answers = ask(data, count("option_route_count", of=_lines(data, still), per=ROUTE))
    answers.findings = of_contracts_known(data, answers.findings)
    return Result.of(answers, _rows(still))


def _routes(option: Option) -> Iterator[tuple[str, Route]]:
    """Each kind of body of an option with each route that it could take."""
    for kind, band in option.bands.items():
        for route in routes(band.name, option.is_light_touch, kind, option.day, option.is_health, together=True):
            yield kind, route


def _lines(data: PackData, still: list[Option]) -> Relation:
    rows = [
        OptionRoute(**vars(option.group.contracts[0]), route=route.route, label=route.label, kind=kind)
        for option in still
        for kind, route in _routes(option)
        if route.route != OLDER
    ]
    return data.add_table("option_routes", as_table(OptionRoute, rows), ("agreement_lines",))


def _rows(still: list[Option]) -> list[list[object]]:
    options: dict[tuple[str, str], int] = {}
    found: dict[tuple[str, str], dict[str, None]] = {}
    joint: dict[str, None] = {}
    for option in still:
        for kind, band in option.bands.items():
            options[kind, band.name] = options.get((kind, band.name), 0) + 1
        for kind, route in _routes(option):
            if route.needs == _SEVERAL:
                joint[route.name + (", above the threshold" if route.band == "above" else "")] = None
            else:
                found.setdefault((kind, option.bands[kind].name), {})[route.name] = None
    together = [[TOGETHER, "any", len(still), "; ".join(joint)]] if still else []
    order = sorted(options, key=lambda key: (key[0], BANDS.index(key[1])))
    return together + [
        [_KINDS.get(kind, kind.capitalize()), band, options[kind, band], "; ".join(found.get((kind, band), {}))]
        for kind, band in order
    ]


@option_routes.shown
def exhibit(m: Measured) -> Shown:
    many = m["option_route_count"]
    return Shown(
        title=f"{counted(many, 'route', 'routes')} could be looked at, each for legal confirmation"
        if many.value
        else "No open option, and so no route to look at",
        subtitle=f"Routes in force on the day of the start, by kind of body and band of the combined value. {ahead(m.data)}",
        says=(
            "A council, an NHS trust, a university and a college have different rules, and each keeps its own duty. Below the "
            "threshold only best value authorities and parish councils may reserve by place, and only in procurements begun "
            f"from {long_date(reserving_since())}. Competitions for supported employment providers (section 32) are left out: no "
            "file tells who is one. Every route is for legal confirmation.",
            *filter(None, (thresholds_in_pounds("council", m.data.period.end),)),
        ),
        caption="Possible routes by kind of body and band",
        paper=Paper.SENTENCES,
    )
