"""Queries as people type them: what they are taken for, and when they are not understood."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import BadValue
from indexer.kinds import Kind
from search.words import EXCLUDED_LEAST, Part, Thesaurus, Understanding, load_thesaurus
from search.words.combining import MOST_LABELS
from search.words.parsing import STOP_WORDS
from search.words.spelling import singular
from search.words.thesaurus import WEAKEST_BESIDE

ZEBRA = "n02391049"
WORDS = load_thesaurus()
"""For the property tests: function-scoped fixtures and Hypothesis do not mix."""


def only_part(words: Thesaurus, text: str) -> Part:
    (part,) = words.understand(text).parts
    return part


def totals(understanding: Understanding) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in understanding.parts:
        for wnid, weight in part.labels.items():
            found[wnid] = found.get(wnid, 0.0) + weight
    return found


def named(words: Thesaurus, text: str, count: int) -> list[str]:
    """Names of the heaviest labels of a query."""
    weights = totals(words.understand(text))
    best = sorted(weights, key=lambda wnid: -weights[wnid])[:count]
    return [words.tree.labels[wnid] for wnid in best]


def test_a_label_is_found_by_its_name(words: Thesaurus) -> None:
    part = only_part(words, "zebra")
    assert (part.kind, part.word, part.meaning) == ("label", "zebra", "zebra")
    assert part.labels[ZEBRA] >= 1.0


def test_a_hypernym_stands_for_all_its_labels(words: Thesaurus) -> None:
    part = only_part(words, "dog")
    own = [wnid for wnid in part.labels if part.kinds.get(wnid, part.kind) == "hypernym"]
    assert part.kind == "hypernym"
    assert len(own) == 118


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ZEBRAS", "zebra"),
        ("aeroplane", "airplane"),
        ("mice", "mouse"),
        ("hairdryer", "hair dryer"),
        ("flower pots", "flowerpot"),
        ("ping-pong balls", "ping pong ball"),
        ("sun glasses", "sunglasses"),
        ("a photo of zebras", "zebra"),
    ],
)
def test_other_spellings_mean_the_same_labels(words: Thesaurus, text: str, plain: str) -> None:
    ours, theirs = totals(words.understand(text)), totals(words.understand(plain))
    assert max(ours, key=ours.__getitem__) == max(theirs, key=theirs.__getitem__)


def test_a_word_without_labels_of_its_own_expands_to_related_ones(words: Thesaurus) -> None:
    part = only_part(words, "kitchen")
    assert part.kind == "related"
    assert {"microwave", "toaster"} <= set(named(words, "kitchen", 5))


@pytest.mark.parametrize("text", ["zebra", "dog", "kitchen", "crane", "red car", "beach -dog"])
def test_every_label_has_a_weight_and_a_reason(words: Thesaurus, text: str) -> None:
    for part in words.understand(text).parts:
        assert part.labels
        assert all(weight > 0 for weight in part.labels.values())
        if part.kind != "excluded":
            assert part.labels.keys() == part.reasons.keys()
        assert part.kinds.keys() <= part.labels.keys()


def test_photos_with_all_parts_of_a_phrase_win(words: Thesaurus) -> None:
    parts = {part.word: part for part in words.understand("red car").parts}
    assert max(parts["car"].labels.values()) > max(parts["red"].labels.values())
    assert parts["red"].weight < parts["car"].weight == 1.0


def test_a_word_beside_another_still_counts_where_neither_is_a_label(words: Thesaurus) -> None:
    parts = words.understand("kitchen breakfast").parts
    assert [part.weight for part in parts] == [1.0, 1.0]


def test_a_phrase_leans_to_labels_that_fit_it_as_a_whole(words: Thesaurus) -> None:
    def share(text: str, word: str, name: str) -> float:
        part = next(part for part in words.understand(text).parts if part.word == word)
        wnid = next(w for w, own in words.tree.labels.items() if own == name)
        return part.labels[wnid] / max(part.labels.values())

    assert share("fast car", "car", "racer") > share("family car", "car", "racer")


@pytest.mark.parametrize("text", ["zebra", "dog", "crane", "kitchen", "red car", "dog on grass"])
def test_no_photo_can_reach_a_taught_one(words: Thesaurus, text: str) -> None:
    # Probabilities add up to one at most, and a good vote adds 2 or more.
    assert max(totals(words.understand(text)).values()) < 2


def test_an_excluded_word_brings_its_labels_and_no_weight(words: Thesaurus) -> None:
    parts = words.understand("dog -cat").parts
    assert [part.kind for part in parts] == ["hypernym", "excluded"]
    assert max(parts[1].labels.values()) == 1.0 > EXCLUDED_LEAST


def test_an_excluded_label_of_a_rare_meaning_counts_in_full(words: Thesaurus) -> None:
    excluded = words.understand("bird -crane").parts[-1]
    assert max(excluded.labels.values()) == 1.0


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "the of and", "-cat", "-cat -dog", "🦓🦓", "собака", "犬", "...", "-", "--"],
)
def test_nothing_to_look_for_is_unfamiliar_and_ranks_nothing(words: Thesaurus, text: str) -> None:
    understanding = words.understand(text)
    assert not understanding.familiar
    wanted = [part for part in understanding.parts if part.kind != "excluded"]
    assert not any(part.labels for part in wanted)


@pytest.mark.parametrize(
    "word", ["qwrtzp", "blorfle", "democracy", "hypothesis", "shakespeare", "warsaw"]
)
def test_words_that_no_photo_shows_are_unfamiliar(words: Thesaurus, word: str) -> None:
    understanding = words.understand(word)
    assert not understanding.familiar
    assert [(part.kind, part.weight) for part in understanding.parts] == [("unfamiliar", 0.0)]


def test_control_characters_are_no_letters(words: Thesaurus) -> None:
    assert only_part(words, "\x00zebra\x1b").kind == "label"
    assert words.understand("\x00\x07").parts == ()


def test_an_unknown_word_beside_a_known_one_is_named(words: Thesaurus) -> None:
    understanding = words.understand("zebra blorfle")
    assert understanding.familiar
    assert [part.kind for part in understanding.parts] == ["label", "unfamiliar"]


def test_ten_thousand_characters_are_refused_in_one_line(words: Thesaurus) -> None:
    with pytest.raises(BadValue) as caught:
        words.understand("zebra " * 2000)
    assert "\n" not in str(caught.value)


def test_misspelt_words_suggest_the_right_one(words: Thesaurus) -> None:
    assert "zebra" in words.understand("zebrra").suggestions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("dgo", "dog"), ("brid", "bird"), ("chiar", "chair"), ("elefant", "elephant")],
)
def test_the_likeliest_mistake_comes_first(words: Thesaurus, typed: str, meant: str) -> None:
    assert words.understand(typed).suggestions[0] == meant


def test_letters_in_wrong_order_are_found_in_words_that_photos_show(words: Thesaurus) -> None:
    shown = [name for name in words.lexicon.names if name in words.tree.names and name.isalpha()]
    tried = found = 0
    for name in [name for name in shown if len(name) > 2][:1000:10]:
        for at in range(len(name) - 1):
            typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
            if words.lexicon.find(typed) is None:
                tried += 1
                found += name in words.lexicon.alike(typed, 3)
    assert tried > 300 and found >= 0.95 * tried


@pytest.mark.parametrize("slur", ["coon", "dago", "wop", "spic", "wetback"])
def test_slurs_are_known_but_never_offered(words: Thesaurus, slur: str) -> None:
    assert words.understand(slur).familiar
    offered = [words.understand(slur[:at] + slur[at + 1 :]).suggestions for at in range(len(slur))]
    offered += [words.understand(f"{slur}x").suggestions, words.complete(slur, 1000)]
    assert all(slur not in names for names in offered)
    assert slur in words.complete(slur, 10, {slur})


def test_plurals_mean_what_their_singulars_mean(words: Thesaurus) -> None:
    """All nouns of the tree and 5,000 common words, but plurals with a meaning of their own."""
    common = [name for name in words.table.words if name.isalpha()][:5000]
    nouns = [name for name in (*words.tree.names, *common) if singular(name) == name]
    plurals = {f"{name}s": name for name in nouns if not name.endswith(("s", "x", "z", "h", "y"))}
    regular = {
        many: one
        for many, one in plurals.items()
        if singular(many) == one and many not in words.tree.names
    }
    assert len(regular) > 5000
    differ = {
        many: one for many, one in regular.items() if meaning(words, many) != meaning(words, one)
    }
    assert differ == {}


def meaning(words: Thesaurus, text: str) -> list[dict[str, float]]:
    name = words.lexicon.find(text)
    return [dict(part.labels) for part in words.understand(name or text).parts]


@pytest.mark.parametrize(
    "text",
    ["cat -dog", "cat, not a dog", "a cat without any dogs", "cat no dog", "not a dog: a cat"],
)
def test_negations_exclude_what_they_negate(words: Thesaurus, text: str) -> None:
    parts = [(part.word, part.kind) for part in words.understand(text).parts]
    assert parts == [("cat", "hypernym"), ("dog", "excluded")]


@pytest.mark.parametrize("text", ["dog not", "no", "without"])
def test_a_negation_of_nothing_excludes_nothing(words: Thesaurus, text: str) -> None:
    assert all(part.kind != "excluded" for part in words.understand(text).parts)


def test_a_known_word_may_be_typed_with_accents(words: Thesaurus) -> None:
    (part,) = words.understand("Cafés").parts
    (plain,) = words.understand("cafe").parts
    assert (part.word, dict(part.labels)) == ("café", dict(plain.labels))


def test_a_taught_word_with_accents_is_another_one_than_a_known_one_without(
    words: Thesaurus,
) -> None:
    (bear,) = words.understand("Bär", taught={"bär"}).parts
    (bar,) = words.understand("bar", taught={"bär"}).parts
    assert (bear.word, bear.kind, bear.labels) == ("bär", "taught", {})
    assert (bar.word, bar.kind) == ("bar", "hypernym")


@pytest.mark.parametrize(
    ("typed", "taught"), [("ano", "año"), ("Straße", "strasse"), ("orsted", "ørsted")]
)
def test_accents_do_not_matter_where_one_of_the_words_is_known(
    words: Thesaurus, typed: str, taught: str
) -> None:
    (part,) = words.understand(typed, taught={taught}).parts
    assert (part.word, part.kind) == (taught, "taught")


def test_an_unfamiliar_word_suggests_words_that_find_something(words: Thesaurus) -> None:
    suggestions = words.understand("justice").suggestions
    assert suggestions
    assert all(words.understand(word).familiar for word in suggestions)


def test_a_taught_word_is_suggested_for_a_guessed_one_that_is_near(words: Thesaurus) -> None:
    assert words.understand("gryphon", taught={"griffin", "car"}).suggestions == ("griffin",)
    assert words.understand("zebra", taught={"griffin"}).suggestions == ()


def test_a_real_word_is_not_taken_for_another_one_misspelt(words: Thesaurus) -> None:
    assert "glove" not in words.understand("love").suggestions
    assert "juice" not in words.understand("justice").suggestions


def test_an_unknown_word_beside_known_ones_is_told_with_those_near_it(words: Thesaurus) -> None:
    understood = words.understand("golden retreiver", taught={"retreevo"})
    told = understood.parts[1]
    assert (told.kind, told.weight, understood.suggestions) == (Kind.UNFAMILIAR, 0.0, ())
    assert "retriever" in told.meaning.removeprefix("unknown; nearest words: ").split(", ")
    for text in ("dog 2", "dog teh", "dog xyzzyplugh"):
        assert words.understand(text).parts[1].meaning == "unknown"


def test_no_word_is_suggested_that_is_too_common(words: Thesaurus) -> None:
    offered = {one for word in ("the", "no", "from") for one in words.understand(word).suggestions}
    assert offered and not offered & STOP_WORDS


def test_familiar_queries_suggest_nothing(words: Thesaurus) -> None:
    assert words.understand("zebra").suggestions == ()


def test_a_taught_word_is_familiar_without_labels(words: Thesaurus) -> None:
    understanding = words.understand("My Blorfles", taught={"my blorfle"})
    (part,) = understanding.parts
    assert understanding.familiar
    assert (part.word, part.kind, dict(part.labels)) == ("my blorfle", "taught", {})


def test_a_taught_word_keeps_the_labels_it_has_anyway(words: Thesaurus) -> None:
    (part,) = words.understand("zebras", taught={"zebra"}).parts
    assert (part.kind, part.labels[ZEBRA] >= 1.0) == ("taught", True)


def test_taught_words_are_suggested_and_completed_first(words: Thesaurus) -> None:
    assert "blorfle" in words.understand("blorfel", taught={"blorfle"}).suggestions
    assert words.complete("zeb", 2, {"zebedee"}) == ["zebedee", "zebra"]
    assert words.complete("", 5) == []


@pytest.mark.parametrize("noise", ["water company", "water right", "waters"])
def test_completions_are_what_photos_show_and_plain_words(words: Thesaurus, noise: str) -> None:
    offered = words.complete("water", 1000)
    assert {"water", "water bottle", "water tower"} <= set(offered)
    assert noise not in offered
    assert {"grand piano", "grass"} <= set(words.complete("gra", 10))


def test_a_near_word_is_near_in_meaning_or_in_spelling(words: Thesaurus) -> None:
    assert words.near("gryphon", ["griffin", "car"]) == ["griffin"]
    assert words.near("puppies", ["dog", "car"], 1) == ["dog"]
    assert words.near("blorfle", ["dog", "car"]) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_a_clear_answer(text: str) -> None:
    understanding = WORDS.understand(text)
    assert understanding.query == text
    labels = totals(understanding)
    assert all(0 < weight < 1000 for weight in labels.values())
    if not understanding.familiar:
        assert not any(part.labels for part in understanding.parts if part.kind != "excluded")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["dog", "zebra", "kitchen", "red", "-cat", "blorfle", "of"])))
def test_the_same_text_always_means_the_same(chosen: list[str]) -> None:
    text = " ".join(chosen)
    assert WORDS.understand(text) == WORDS.understand(text)


@pytest.mark.parametrize("text", ["object animal", "thing artifact", "entity in a structure"])
def test_a_phrase_of_broad_words_leaves_room_for_what_was_taught(
    words: Thesaurus, text: str
) -> None:
    parts = words.understand(text).parts
    labels = {wnid for part in parts for wnid in part.labels}
    assert 500 < len(labels) <= MOST_LABELS and all(part.labels for part in parts)
    assert max(sum(part.labels.get(wnid, 0) for part in parts) for wnid in labels) == pytest.approx(
        1.0
    )


def test_a_broad_word_is_its_ancestor_and_what_is_related_to_it_elsewhere(words: Thesaurus) -> None:
    (dog,) = words.understand("dog").parts
    names = {words.tree.labels[w]: weight for w, weight in dog.labels.items()}
    assert names["dogsled"] >= WEAKEST_BESIDE  # no dog, but where there are dogs
    assert all(names[words.tree.labels[w]] == 1.0 for w in words.tree.below("n02084071"))


def test_common_words_need_neither_gensim_nor_tensorflow() -> None:
    code = (
        "import sys; import search.words; assert 'numpy' not in sys.modules; "
        "words = search.words.load_thesaurus(); "
        "assert all(words.understand(q).familiar for q in ('zebra', 'kitchen', 'red car')); "
        "assert not {'gensim', 'tensorflow', 'sklearn', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_a_part_was_taken_for_fits_into_a_line_also_where_it_names_no_label():
    assert Part("zorb", "", "taught", 1.0).taken == "zorb (taught)"
    assert Part("cat", "cat: tabby", "hypernym", 1.0).taken == "cat = cat: tabby (hypernym)"


def test_the_words_of_a_query_are_weighed_against_each_other(words: Thesaurus) -> None:
    def share(text: str) -> float:
        cat, zebra = words.understand(text).parts
        return max(cat.labels.values()) / max(zebra.labels.values())

    assert share("4:cat zebra") == pytest.approx(4 * share("cat zebra"))
    assert share("cat 0.5:zebra") == pytest.approx(2 * share("cat zebra"))
    assert [part.weight for part in words.understand("4:cat zebra").parts] == [4, 1]
    assert max(totals(words.understand("4:cat zebra")).values()) == pytest.approx(1)


def test_a_word_alone_has_nothing_to_be_weighed_against(words: Thesaurus) -> None:
    assert words.understand("3:dog").parts == words.understand("dog").parts
    assert words.understand("3:dog -cat").parts == words.understand("dog -cat").parts


@pytest.mark.parametrize("name", ["entity", "whole", "artifact", "object", "being", "matter"])
def test_a_name_that_is_no_nearer_to_its_labels_than_others_is_vague(
    words: Thesaurus, name: str
) -> None:
    assert words.is_vague(name)


@pytest.mark.parametrize("name", ["animal", "dog", "food", "vehicle", "tool", "goat", "zzz", "red"])
def test_what_people_photograph_is_not_vague(words: Thesaurus, name: str) -> None:
    assert not words.is_vague(name)
