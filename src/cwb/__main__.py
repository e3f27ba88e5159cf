"""`python -m cwb` is the same as `cwb`."""

from cwb.cli import main

main()
