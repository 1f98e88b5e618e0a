"""Words that say nothing about what a photo shows, of languages that dictionaries often have."""

from collections.abc import Collection, Mapping

FUNCTION_WORDS = {
    "de": """ab als am an auf aus bei beim bis da das dem den der des die ein eine einem einen
        einer eines es für hinter im in ist mein meine meinem meinen meiner mit nach neben
        oder sind über um und unser unsere unter vom von vor war waren wie wo zu zum zur
        zwischen""",
    "fr": """à au aux avec c ce ces cet cette chez d dans de des derrière devant du elle en entre
        est et il ils l la le les leur leurs ma mes mon nos notre ou par pour sa ses son
        sont sous sur un une vers""",
    "es": """a al ante bajo con de del delante desde detrás el ella en entre es esta este hacia
        la las lo los mi mis o para por sobre son su sus un una unas unos y""",
    "it": """a accanto ai al alla alle con da dal dalla de dei del della delle di dietro e è fra
        gli i il in la le lo mia mio nel nella o per su sul sulla tra un una uno""",
    "nl": """aan achter bij de dit en een het in met mijn naar naast of om onder onze op over te
        tussen uit van voor zijn""",
    "pt": """a ao aos as às com da das de do dos e em entre meu minha na nas no nos o os ou para
        pela pelo por sob sobre um uma""",
}
"""Code of a language -> its articles, prepositions and the like, in tidy form."""


NEGATIONS = {
    "de": "ohne nicht kein keine keinen",
    "fr": "sans",
    "es": "sin",
    "it": "senza",
    "nl": "zonder",
    "pt": "sem",
}
"""Code of a language -> its words that exclude the name after them."""


def negations(languages: Collection[str]) -> frozenset[str]:
    """Return the words of some languages that exclude what follows."""
    return _words(NEGATIONS, languages)


def function_words(languages: Collection[str]) -> frozenset[str]:
    """Return the function words of some languages."""
    return _words(FUNCTION_WORDS, languages)


def _words(table: Mapping[str, str], languages: Collection[str]) -> frozenset[str]:
    return frozenset(word for language in languages for word in table.get(language, "").split())
