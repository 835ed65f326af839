"""Makes empty sheets for meetings without a network, and loads them when they are filled in."""
