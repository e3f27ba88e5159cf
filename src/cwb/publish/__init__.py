"""shown → packed: run the notebooks, render them, write down what was made of what, and check it again."""
