"""10,000 texts of all kinds, the same on every machine: what tokenizers are compared on."""

import random
from collections.abc import Iterator

from indexer import imagenet

COUNT = 10_000
SEED = 20_261_127

PLAIN = (
    "a photo of", "two people's dogs", "I'm", "they've", "don't", "we'll", "he'd", "snow", "café",
    "naïve", "3 cats & 12 dogs", "No. 42", "e-mail", "rock'n'roll", "(blurry)", "50%", "#sunset",
    "UPPER CASE", "mixedCase", "a_b", "...", "?!", "C++", "—", "½", "x²",
    "Straße", "ÅNGSTRÖM", "İstanbul", "ΑΘΗΝΑ", "собака в снегу", "雪の中の犬", "눈 속의 개",
    "كلب في الثلج", "कुत्ता", "สุนัข", "כלב", "🐕❄️", "👩‍👩‍👧", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯", "e\u0301",
)  # fmt: skip
MARKED = (
    "\u2019s", "“quoted”", "ﬁne",
    "&amp;", "&amp;lt;b&amp;gt;", "<br>", "&eacute;", "cafÃ©", "donâ€™t", "\ufeff", "\u00ad",
    "tab\there", "line\nbreak", "\u3000", "\x1b[0m", "ｆｕｌｌ", "<start_of_text>", "<end_of_text>",
)  # fmt: skip
"""What needs cleaning first, as OpenCLIP and rclip do it."""


def texts(marked: bool = True) -> Iterator[str]:
    """Yield the texts; without `marked`, those that need no cleaning."""
    chance = random.Random(SEED)
    names = [name for wnid in imagenet.classes() for name in imagenet.names(wnid)]
    pieces = PLAIN + MARKED if marked else PLAIN
    for number in range(COUNT):
        length = 1 + int(chance.random() ** 4 * 40) if number % 50 else 120
        words = [
            pieces[int(chance.random() * len(pieces))]
            if chance.random() < 0.4
            else names[int(chance.random() * len(names))]
            for _ in range(length)
        ]
        words.append(names[number % len(names)])  # no text is of signs only
        yield ("" if chance.random() < 0.05 else " ").join(words)
