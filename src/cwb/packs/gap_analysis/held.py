"""Which payments are held by a contract that lasts: what these buy cannot move within the months looked ahead.

A payment's contract is the one that its reference names, else the only one that its supplier ever had on the register. Where its
supplier has a contract in force and nothing tells whether the payment is under it, or it is not settled who was paid, that is
not known. What is paid by card, or of a class that needs no contract, is under none.
"""

from __future__ import annotations

from dataclasses import replace

from cwb.evidence.relation import Relation
from cwb.lines.contract_cover import Cover
from cwb.packs.market.horizon import horizon
from cwb.packs.measure import PackData

_MAY_BE_UNDER_ONE = f"'{Cover.LIVE}', '{Cover.OPEN}', '{Cover.UNSETTLED}'"


def with_contract_ends(lines: Relation) -> Relation:
    """The payments with `own_last_day`, of the contract that they are paid under; NULL where that, or its end, is not known."""
    ends = """SELECT contract_key, CASE WHEN count(*) = count(last_day) THEN max(last_day) END AS own_last_day
        FROM contract_lines GROUP BY contract_key"""
    source = f"(SELECT l.*, c.own_last_day FROM {lines.source} l LEFT JOIN ({ends}) c ON c.contract_key = l.contract_key)"
    return replace(lines, source=source)


def is_held(data: PackData) -> str:
    """SQL: whether a payment is under a contract that ends after the months looked ahead; NULL where that is not known."""
    last = f"DATE '{horizon(data)[1]}'"
    return (
        f"CASE WHEN contract_last_day > {last} THEN TRUE WHEN contract_last_day <= {last} THEN FALSE "
        f"WHEN is_contract_open THEN NULL WHEN cover NOT IN ({_MAY_BE_UNDER_ONE}) THEN FALSE "
        f"WHEN own_last_day > {last} THEN TRUE WHEN own_last_day <= {last} THEN FALSE END"
    )
