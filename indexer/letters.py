"""Letters that are typed as others where a keyboard lacks them."""

PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Small letters that Unicode does not take apart, as it does with accents (NFD)."""
