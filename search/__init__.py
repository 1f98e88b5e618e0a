"""Magpie's reading half: query -> words -> boosts -> store -> hits."""
