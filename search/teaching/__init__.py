"""Teaching: votes and examples become boosts with reasons.

The log of events in the store is the truth (log.py); learned words are replayed from it
(vocabulary.py). Each ranks the library by nearness to its good photos (concept.py), in a space that
is fitted on the library (space.py). What was taught for a query enters its ranking in taught.py:
concepts take a share of it (mixing.py), votes lift and exclude photos (votes.py), and bad votes
alone lower photos like those (damping.py). reasons.py explains it all, teacher.py takes it down.
"""
