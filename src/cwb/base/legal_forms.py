"""The words of a legal form that end the name of a firm, with the points of their letters or without."""

FORMS = r"(?:ltd|limited|p\.?l\.?c|l\.?l\.?p|lp|c\.?i\.?[co]|inc|incorporated)"
