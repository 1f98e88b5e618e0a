"""Where the line of a query lies: by its kind, and by what was judged."""

from dataclasses import replace

import pytest

from indexer.kinds import Kind
from indexer.queries import Line
from search.likely import DOUBT, SHARE_OF_PARTS, SHARES, chance, line_of
from search.teaching.taught import Taught
from search.teaching.votes import ABOVE_LABELS
from search.words import Part, Understanding

CAT = Part("cat", "", Kind.LABEL, 1.0, {"n02123045": 1.0, "n02124075": 0.8})
ANIMAL = Part("animal", "", Kind.HYPERNYM, 1.0, {"n02123045": 1.0, "n02084071": 1.0})
KITCHEN = Part("kitchen", "", Kind.RELATED, 0.5, {"n04517823": 0.5})
UNKNOWN = Part("xkcdzz", "", Kind.UNFAMILIAR, 0.0)


def line(*parts, **taught):
    return line_of(Taught(Understanding("", True, parts), **taught))


def test_a_line_is_a_share_of_the_best_score():
    assert Line(least=0.0, share=0.25).at(0.8) == pytest.approx(0.2)
    assert Line(least=0.3, share=0.25).at(0.8) == pytest.approx(0.3)
    assert 0 < Line(least=0.0, share=0.0).at(0.8) < 1e-40  # no hit has the score 0
    assert Line(least=0.0, share=0.25, doubt=0.9).at(0.8) > 1e30


def test_a_broader_name_has_a_higher_line_and_several_words_the_highest():
    cat, animal, both = line(CAT), line(ANIMAL), line(CAT, KITCHEN)
    assert (cat.share, animal.share) == (SHARES[Kind.LABEL], SHARES[Kind.HYPERNYM])
    assert cat.share < animal.share < line(KITCHEN).share < both.share == SHARE_OF_PARTS


def test_only_a_name_can_be_in_doubt():
    assert line(CAT).doubt == line(CAT, UNKNOWN).doubt == pytest.approx(DOUBT)
    weak = replace(CAT, labels={"n02123045": 0.5})
    assert line(weak).doubt == pytest.approx(DOUBT / 2)
    assert line(KITCHEN).doubt == line(CAT, KITCHEN).doubt == 0
    assert line(CAT, boosts={"a": 1.0}).doubt == 0  # votes
    by_photo = line_of(Taught(Understanding("", True, (CAT,))), by_photo=True)
    assert by_photo == Line(least=0.0, share=SHARE_OF_PARTS)


def test_what_was_judged_sets_the_line_whatever_the_best_score_is():
    taught = line(UNKNOWN, least=0.6)
    assert taught.at(3.0) == taught.at(0.7) == pytest.approx(0.6)
    assert line(CAT, least=0.6).at(3.0) > taught.at(3.0)
    assert line(CAT, least=9.0).at(3.0) <= ABOVE_LABELS  # voted photos stay likely


def test_a_photo_on_the_line_is_as_likely_as_not():
    assert chance(0.3, 0.3) == pytest.approx(0.5)
    assert chance(0.0, 0.3) == 0 < chance(0.1, 0.3) < 0.5 < chance(0.9, 0.3) < 1
    assert chance(0.9, 1e38) == pytest.approx(0)
