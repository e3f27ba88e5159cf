"""What every pack rests on, for packs that are not yet made of relations: their matches and coverage are."""

from __future__ import annotations

from cwb.dataset import Dataset
from cwb.packs import account
from cwb.packs.measure import Measure, Measured


class OnKernel:
    """A measure over line-level tables, called with the dataset of a pack that is not made of them."""

    def __init__(self, measure: Measure):
        self.measure = measure
        self.__name__, self.__doc__, self.finding_ids = measure.id, measure.__doc__, measure.finding_ids

    def __call__(self, data: Dataset) -> Measured:
        return self.measure(data.kernel)


coverage, matches = OnKernel(account.coverage), OnKernel(account.matches)
