"""Which rows of a small table are kept, refused with a reason or delivered before, and the account of them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.sources.fields import Rule
from cwb.sources.misplaced import CELLS, MISPLACED, MISPLACED_REMEDIES, WIDE
from cwb.sources.report import ZERO, Amount, FileReport, Refusal


class RowValidator:
    """Refuse rows with reasons, then account for all of them. A row keeps its first reason."""

    def __init__(self, texts: pd.DataFrame, values: pd.DataFrame, money: str):
        self._texts, self._values, self._money = texts, values, money
        self._refused: dict[int, Refusal] = {}
        self._repeated: set[int] = set()

    def refuse_misplaced(self) -> None:
        """Refuse the rows of which the texts say that their headings cannot tell what they hold."""
        for index, reason in self._texts[MISPLACED].dropna().items():
            row = self._texts.loc[index]
            gbp = amount_of(self._values.loc[[index]], self._money).gbp
            self._refused[index] = Refusal(
                int(row["source_row"]),
                reason,
                MISPLACED_REMEDIES[reason],
                row["source_sheet"],
                None,
                row[CELLS] if reason == WIDE else None,
                gbp,
            )

    def refuse(self, rule: Rule) -> None:
        judged = self.kept() if rule.is_among_kept else self._values
        bad = rule.broken(self._texts.loc[judged.index], judged)
        for index in bad.index[bad.eq(True)]:
            text = self._texts.at[index, rule.shown] if rule.shown else None
            self._refused.setdefault(
                index,
                Refusal(
                    row=int(self._texts.at[index, "source_row"]),
                    sheet=self._texts.at[index, "source_sheet"],
                    reason=rule.reason,
                    remedy=rule.remedy,
                    column=rule.shown,
                    value=None if text is None else str(text),
                    gbp=amount_of(self._values.loc[[index]], self._money).gbp,
                ),
            )

    def repeat(self, again: pd.Series) -> None:
        """Count the rows where `again` is true as delivered before; a refused row stays refused."""
        self._repeated |= set(again.index[again])

    def kept(self) -> pd.DataFrame:
        """The values of the rows that are neither refused nor repeated."""
        return self._values.drop(index=[*(self._refused.keys() | self._repeated)])

    def account(self, report: FileReport) -> FileReport:
        repeated = self._values.loc[sorted(self._repeated - self._refused.keys())]
        return report.account(
            amount_of(self.kept(), self._money),
            [self._refused[index] for index in sorted(self._refused)],
            amount_of(repeated, self._money),
        )


def amount_of(rows: pd.DataFrame, money: str) -> Amount:
    """How many rows, and the sum of their column of pounds (decimals, or floats of whole pennies)."""
    pounds = rows[money].dropna() if money and money in rows else ()
    return Amount(len(rows), sum((Decimal(str(value)) for value in pounds), start=ZERO))
