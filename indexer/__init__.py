"""Magpie's writing half: photos -> labels, vectors, neighbours -> documents."""
