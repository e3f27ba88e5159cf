"""matched → measured: one package a notebook. Tables in, tables out; nothing is read or written here."""
