"""How good rankings are: measures, labelled photos, queries, simulated users."""
