"""A measure: relations over line-level tables, the questions asked of them, and a small `finish` on the aggregates.

    @measure(
        Definition("local_share", "Local share", "share", "share", "Spend with local suppliers divided by all spend."),
        question="What share of spend is local?",
    )
    def charts(data): ...

`charts(data)` returns a `Measured`, which JupyterLab and the pack show as the measure's exhibit. A measure whose input is
absent has undefined findings that say why; one whose main finding is not known shows what is known and what would settle it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

import pandas as pd

from cwb.base.errors import CwbError
from cwb.charts.charts import Chart, is_empty
from cwb.charts.figure import Figure, Paper, in_short, short_heading
from cwb.charts.tables import Column
from cwb.charts.wording import source_line
from cwb.evidence.data import PackData
from cwb.evidence.definitions import Definition, define, family_of
from cwb.evidence.finding import Finding
from cwb.packs.explanation import Explanation
from cwb.packs.questions import Answers, ask, undefined
from cwb.sources.remedies import remedy_of

__all__ = [
    "Column", "Definition", "Measure", "Measured", "PackData", "Paper", "Result", "Shown", "Undefined",
    "ask", "figure_of", "measure", "undefined",
]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The parts of an exhibit that are the measure's own: every number in them is taken from a finding or an aggregate.

    Of a table longer than `most_rows` the page shows the first rows, and the CSV has all. `source` is named where the exhibit
    does not come from the council's files; `paper` is what is printed of it. `columns` stand in place of those that the measure
    declares, where they depend on what was found or it declares none.
    """

    title: str
    subtitle: str
    caption: str
    columns: Sequence[Column] = ()
    says: tuple[str, ...] = ()
    chart: Chart | None = None
    most_rows: int | None = None
    source: str = ""
    paper: Paper = Paper.FIRST_ROWS

    def __post_init__(self) -> None:
        # A number in words ("under 0.1%", "at least 5") may begin a sentence.
        object.__setattr__(self, "title", self.title[:1].upper() + self.title[1:])
        object.__setattr__(self, "says", tuple(text[:1].upper() + text[1:] for text in self.says))


@dataclass(frozen=True)
class Result:
    """What a measure function returns: its findings, a frame of aggregates to show, and texts that are not numbers.

    `reason_of` is the id of the finding whose reason is shown where there is nothing to show.
    """

    findings: dict[str, Finding]
    table: pd.DataFrame
    facts: dict[str, str] = field(default_factory=dict)
    sql: tuple[str, ...] = ()
    reason_of: str = ""

    @classmethod
    def of(
        cls,
        answers: Answers,
        rows: pd.DataFrame | Sequence[object],
        *sql: str,
        facts: dict[str, str] | None = None,
    ) -> Result:
        """The answers with rows of aggregates, and the SQL that these were read by.

        Rows that are lists take the names of the columns that the measure declares, in order. A table that has no row has these alone,
        so one with more columns than are shown is given as a frame.
        """
        table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
        return cls(answers.findings, table, facts or {}, (*answers.sql, *sql))


class Undefined(Exception):
    """Raised inside a measure that finds it cannot be computed; the message is the reason that members read."""


@dataclass(frozen=True, repr=False)
class Measured:
    """A measure of one pack and period. `failed` is what went wrong where it could not be computed."""

    measure: Measure
    data: PackData
    result: Result
    undefined: str | None = None
    failed: str = ""

    @property
    def id(self) -> str:
        return self.measure.id

    @property
    def findings(self) -> dict[str, Finding]:
        return self.result.findings

    @property
    def table(self) -> pd.DataFrame:
        return self.result.table

    @property
    def facts(self) -> dict[str, str]:
        return self.result.facts

    def __getitem__(self, finding_id: str) -> Finding:
        """A finding; a member of a family for an item that no file has is undefined like the family."""
        found, family = self.findings.get(finding_id), self.findings.get(family_of(finding_id))
        if family is None:
            near = get_close_matches(finding_id, self.findings) or self.findings
            raise KeyError(f"{self.id} has no finding {finding_id!r}: {', '.join(near)}")
        if found is None:
            reason = family.undefined or "no file that was supplied tells of it"
            found = undefined(self.data, (finding_id,), reason)[finding_id]
        return found

    def __repr__(self) -> str:
        return f"<{self.id} of {self.data.period.label}: {', '.join(self.findings)}; its .table and .explain()>"

    @property
    def where(self) -> str:
        """Council and period, for subtitles."""
        return f"{self.data.settings.council.name}, {self.data.period.label}"

    def explain(self) -> Explanation:
        """Definition, rule, coverage, sources and SQL of every finding."""
        return Explanation(self.measure.__doc__, tuple(self.findings.values()), self.result.sql)

    def figure(self) -> Figure:
        """The exhibit, or what is known where the main findings are not."""
        return figure_of(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return self.figure_or_why()._repr_mimebundle_()

    def figure_or_why(self) -> Figure:
        """The exhibit; where it cannot be drawn, why, in its place: one bad value costs no other exhibit."""
        try:
            return self.figure()
        except Exception as error:
            name, question = self.id.replace("_", "-"), self.measure.question
            findings = tuple(self.findings.values())
            plain = Figure(
                name, question, "", self.table, (), question, "", findings=findings, pack=self.data.pack
            )
            return plain.not_drawn(error)


@dataclass(frozen=True, repr=False)
class Measure:
    """A measure's declaration. `main` are the findings of which at least one must be known for the exhibit to be shown, `columns`
    those of its table; a plain name is one that the chart alone needs."""

    id: str
    finding_ids: tuple[str, ...]
    question: str
    needs: tuple[str, ...]
    main: tuple[str, ...]
    function: Callable[[PackData], Result]
    columns: tuple[Column | str, ...] = ()
    pack: str = ""
    exhibits: list[Callable[[Measured], Shown]] = field(default_factory=list, compare=False)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return inspect.getdoc(self.function) or ""

    @property
    def __name__(self) -> str:
        return self.id

    def __repr__(self) -> str:
        return f"<measure {self.id}: {self.question}>"

    def shown(self, exhibit: Callable[[Measured], Shown]) -> Callable[[Measured], Shown]:
        """Declare how the measure is shown; used as a decorator."""
        self.exhibits[:] = [exhibit]
        return exhibit

    def __call__(self, data: PackData) -> Measured:
        if self.id not in data.measured:
            data.measured[self.id] = self._run(data)
        measured = data.measured[self.id]
        assert isinstance(measured, Measured)
        return measured

    def _run(self, data: PackData) -> Measured:
        reason, failed = next((why for table in self.needs if (why := data.why_not(table))), None), ""
        if reason is None:
            try:
                result = self.function(data)
            except Undefined as why:
                reason = str(why)
            except CwbError:
                raise
            except Exception as error:
                failed = in_short(error)
                reason = f"it could not be computed: {failed}"
            else:
                missing = set(self.finding_ids) ^ {family_of(name) for name in result.findings}
                if missing:
                    raise AssertionError(
                        f"measure {self.id} declares other findings than it returns: {sorted(missing)}"
                    )
                owned = self._owned(result.findings)
                return Measured(self, data, replace(result, findings=owned, table=self._named(result.table)))
        findings = self._owned(undefined(data, self.finding_ids, reason))
        return Measured(self, data, Result(findings, pd.DataFrame()), reason, failed)

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with the names of the measure's columns, where it has none of its own."""
        if not isinstance(table.columns, pd.RangeIndex):
            return table
        names = [column if isinstance(column, str) else column.name for column in self.columns]
        return table.set_axis(names, axis=1) if len(table) else pd.DataFrame(columns=names)

    def _owned(self, findings: dict[str, Finding]) -> dict[str, Finding]:
        """The findings in the order of their definitions, members after their family, under the name of the packs that share the
        measure: each is one in a report."""
        names = sorted(findings, key=lambda name: self.finding_ids.index(family_of(name)))
        return {name: replace(findings[name], pack=self.pack or findings[name].pack) for name in names}


def measure(
    *definitions: Definition,
    question: str,
    needs: tuple[str, ...] = ("spend_lines",),
    main: tuple[str, ...] = (),
    columns: tuple[Column | str, ...] = (),
    pack: str = "",
) -> Callable[[Callable[[PackData], Result]], Measure]:
    """Declare a function as a measure: what its findings mean, the question that heads it, the tables it needs, and the columns of
    its own table; `pack` names the packs that share it."""
    define(*definitions)
    ids = tuple(each.id for each in definitions)

    def wrap(function: Callable[[PackData], Result]) -> Measure:
        return Measure(function.__name__, ids, question, needs, main, function, columns, pack)

    return wrap


def figure_of(measured: Measured) -> Figure:
    """The exhibit of a measure; where nothing of its main findings is known, the question and why."""
    measure, data = measured.measure, measured.data
    findings = tuple(measured.findings.values())
    reason, settles = measured.undefined, None
    reason_of = measured.result.reason_of
    main = [measured.findings[name] for name in ((reason_of,) if reason_of else measure.main)]
    if reason is None and main and all(finding.value is None and not finding.is_hidden for finding in main):
        reason, settles = main[0].undefined, main[0].settles
    name = measure.id.replace("_", "-")
    source = source_line(
        data.settings.council.name,
        [name for finding in findings for name in finding.sources] or data.source_files(measure.needs),
    )
    if reason is not None:
        settles = settles or remedy_of(reason)
        return Figure(
            id=name, title=measure.question, subtitle="", table=measured.table, columns=(), caption=measure.question,
            source=source, findings=findings, undefined=reason, settles=settles, pack=data.pack, failed=measured.failed,
        )  # fmt: skip
    shown = measure.exhibits[0](measured)
    columns = shown.columns or tuple(column for column in measure.columns if isinstance(column, Column))
    chart = shown.chart if shown.chart is not None and not is_empty(shown.chart) else None
    title, whole = short_heading(shown.title, measure.question)
    return Figure(
        id=name, title=title, subtitle=shown.subtitle, table=measured.table, columns=columns,
        caption=shown.caption, source=shown.source or source, chart=chart, says=(*whole, *shown.says), findings=findings, pack=data.pack,
        most_rows=shown.most_rows, paper=shown.paper,
    )  # fmt: skip
