"""Teaching: votes and examples become boosts with reasons.

The log of events in the store is the truth (log.py); learned words are replayed from it
(vocabulary.py); each ranks the library by nearness to its good photos (concept.py) in a space that
is fitted on the library (space.py).
"""
