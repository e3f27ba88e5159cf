"""shown → packed: run the notebooks, render them, record what was built from what, and check it again."""
