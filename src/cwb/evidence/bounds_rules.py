"""Each kind's rule, as officers read it: how value, low and high follow from the CSV of a finding's rows.

The CSV has one row per thing: `thing`, `part` (in, out or unknown) and `weight` (pounds, or 1). Coverage is for
every kind 1 − Σ|weight| of unknown ÷ Σ|weight| of all rows.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "total": (
        "The value is the sum of weight over the rows that are in; for low add the negative weights of the "
        "unknown rows, for high their positive weights."
    ),
    "count": (
        "The value is the number of rows that are in, each of weight 1; low is the same number, for high add "
        "the unknown rows."
    ),
    "share": (
        "The value is the weight of the rows that are in divided by the weight of all rows; for low add to "
        "what is in the negative weights of the unknown rows, for high their positive weights; it is "
        "undefined where all rows come to zero or less."
    ),
    "share_among": (
        "The value is the weight that is in divided by the weight of in, out and unknown, the parts marked "
        "maybe left out; for low every row that can be out is out and the rows that are maybe in are left "
        "out; for high every row that can be in is in and the rows that are maybe out are left out."
    ),
    "change": (
        "For a number of pounds or things the value is weight_now less weight_then, summed over the rows that "
        "are in; for a share divide each weight_now by the sum of all weight_now and each weight_then by that "
        "of all weight_then first; for low add the differences below zero of the unknown rows, for high "
        "those above zero; coverage is taken over both columns together."
    ),
    "largest": (
        "Add up each group by the rule for a total: the value is the largest of the groups' values, low the "
        "largest of their lows and high the largest of their highs, where rows of unknown group may belong to "
        "any one, and a group without a row (a district in which nobody is known) counts as 0; a share divides "
        "each by the weight of all rows."
    ),
    "top": (
        "The value is the weight of the n largest rows that are in or out, which are marked in, divided by "
        "the weight of all rows; for low add to what is in the negative weights of the unknown rows, which are "
        "the lines without a name, for high their positive weights."
    ),
    "half": (
        "Taking the rows from the largest down, unknown rows (lines without a name) each for themselves, the "
        "value is how many it takes to make half of all weight, and high is the same; for low add the "
        "positive weights of all unknown rows to the largest named row first."
    ),
    "rate": (
        "The value, low and high are those of a total of the rows, times the stated number (such as 1,000) "
        "and divided by the stated base."
    ),
    "median": (
        "The value is the middle weight of the rows that are in (of an even number the mean of the middle "
        "two); low is the least that it becomes when the unknown rows are added one after the other from the "
        "smallest, high the most when they are added from the largest."
    ),
    "mean": (
        "The value is the mean weight of the rows that are in; low is the least that it becomes when the "
        "unknown rows are added one after the other from the smallest, high the most when they are added from "
        "the largest."
    ),
    "survival": (
        "The value is the number of rows that are in (still active) divided by the number of all rows; low is "
        "the same, for high add the unknown rows to those that are in."
    ),
    "modelled": (
        "Each row is what shares one factor, credits taken off: the value is the sum of weight over the rows "
        "that are in, low the sum of low_weight and high the sum of high_weight; a share of in among in and "
        "out is low in ÷ (low in + high out) to high in ÷ (high in + low out); coverage is of the pounds."
    ),
    "product": (
        "The value is the total of the rows that are in times the stated assumption; low and high are the "
        "least and the most of the total's low and high times the assumption's low and high."
    ),
    "derived": (
        "The value follows from the rows by a rule of its own, which stands beside them and says how its low and high are"
        " made."
    ),
}
