"""The council: its settings (cwb.toml) as frozen sections, its anchors, and the periods it reports on."""
