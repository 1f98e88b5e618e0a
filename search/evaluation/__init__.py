"""How good rankings are: measures, truth, queries, simulated users."""
