"""A second computation of the report's first page and of packs 01 to 09, from the raw files alone.

Written from the definitions (in the measures and in every pack) and the rules of bounds, as an analyst would with plain
Python: exact fractions, one loop a question. No module here imports anything of `cwb`, so that an error of the
library cannot hide in both. Simplicity wins over speed and over files that another council may have.

`reading` turns cells and files into values, `places` says who and where a supplier is, `organisations` which of them
are social enterprises, `agreements` who was awarded what, `bounds` holds the arithmetic of what is not known, and
`council` the payments of one council, `pack_01` to `pack_05` and `first_page` the figures: `first_page.compute` gives all of them.
`forms` reads what a council fills in, `answers` holds a figure with how much of it is known and whether it is stated, and
`pack_06` to `pack_09` give those of the forms.
"""
