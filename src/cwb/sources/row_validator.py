"""Which rows of a small table are kept, refused with a reason or delivered before, and the account of them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.sources.fields import Rule
from cwb.sources.misplaced import CELLS, MISPLACED, MISPLACED_REMEDIES, WIDE
from cwb.sources.refusal import ZERO, Breach, Refusal
from cwb.sources.report import Amount, FileReport


class RowValidator:
    """Refuse rows with reasons, then account for all of them. A row is counted under the first rule that it breaks, and told every
    further one: of a column the first, and none where there is nothing to mend."""

    def __init__(self, texts: pd.DataFrame, values: pd.DataFrame, money: str):
        self._texts, self._values, self._money = texts, values, money
        self._broken: dict[int, list[Breach]] = {}
        self._settled: set[int] = set()
        self._repeated: set[int] = set()

    def refuse_misplaced(self) -> None:
        """Refuse the rows of which the texts say that their headings cannot tell what they hold."""
        for index, reason in self._texts[MISPLACED].dropna().items():
            cells = self._texts.at[index, CELLS] if reason == WIDE else None
            self._broken[index] = [Breach(reason, MISPLACED_REMEDIES[reason], None, cells)]
            self._settled.add(index)

    def refuse(self, rule: Rule) -> None:
        judged = self.kept() if rule.is_among_kept else self._values
        bad = rule.broken(self._texts.loc[judged.index], judged)
        for index in bad.index[bad.eq(True)].difference([*self._settled]):
            broken = self._broken.setdefault(index, [])
            if broken and rule.shown in {one.column for one in broken}:
                continue
            text = self._texts.at[index, rule.shown] if rule.shown else None
            broken.append(Breach(rule.reason, rule.remedy, rule.shown, None if text is None else str(text)))
            if rule.is_no_fault:
                self._settled.add(index)

    def repeat(self, again: pd.Series) -> None:
        """Count the rows where `again` is true as delivered before; a refused row stays refused."""
        self._repeated |= set(again.index[again])

    def kept(self) -> pd.DataFrame:
        """The values of the rows that are neither refused nor repeated."""
        return self._values.drop(index=[*(self._broken.keys() | self._repeated)])

    def account(self, report: FileReport) -> FileReport:
        repeated = self._values.loc[sorted(self._repeated - self._broken.keys())]
        refused = [
            Refusal.of(
                int(self._texts.at[index, "source_row"]),
                self._texts.at[index, "source_sheet"],
                self._broken[index],
                self._pounds_of(index),
            )
            for index in sorted(self._broken)
        ]
        return report.account(amount_of(self.kept(), self._money), refused, amount_of(repeated, self._money))

    def _pounds_of(self, index: int) -> Decimal | None:
        """The pounds of a row, nought of a source without money; None where its amount cannot be read."""
        if self._money and pd.isna(self._values.at[index, self._money]):
            return None
        return amount_of(self._values.loc[[index]], self._money).gbp


def amount_of(rows: pd.DataFrame, money: str) -> Amount:
    """How many rows, and the sum of their column of pounds (decimals, or floats of whole pennies)."""
    pounds = rows[money].dropna() if money and money in rows else ()
    return Amount(len(rows), sum((Decimal(str(value)) for value in pounds), start=ZERO))
