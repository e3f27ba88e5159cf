"""One module for each kind of raw file: all that cwb knows of it, in one declaration."""
