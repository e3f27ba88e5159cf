"""The brief: what members need of all packs of a period, on two pages, as a page and as a committee report."""
