"""Word vectors: the bundled ones, and a user's own in their place."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from search.words import Thesaurus, WordFiles, load_thesaurus
from search.words.tree import Tree
from search.words.vectors import bundled_keyed_vectors, vectors_of_file

ZEBRA = "n02391049"
MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def keyed() -> KeyedVectors:
    return bundled_keyed_vectors()


@pytest.mark.parametrize(("file", "least"), [("simlex999.txt", 0.50), ("wordsim353.tsv", 0.70)])
def test_bundled_vectors_agree_with_people(keyed: KeyedVectors, file: str, least: float) -> None:
    _, spearman, missing = keyed.evaluate_word_pairs(datapath(file))
    assert spearman.statistic >= least
    assert missing < 5  # per cent


def test_the_recorded_agreement_is_what_the_vectors_reach(keyed: KeyedVectors) -> None:
    data = resources.files("search.words.data").joinpath("vectors.json").read_text()
    recorded = json.loads(data)["WordSim-353"]["rho"]
    _, spearman, _ = keyed.evaluate_word_pairs(datapath("wordsim353.tsv"))
    assert spearman.statistic == pytest.approx(recorded, abs=0.02)


def test_bundled_vectors_have_length_one_and_know_neighbours(keyed: KeyedVectors) -> None:
    assert np.allclose(np.linalg.norm(keyed.vectors, axis=1), 1, atol=1e-5)
    assert keyed.similarity("puppy", "dog") > 0.6 > 0.3 > keyed.similarity("puppy", "justice")


def test_all_word_data_fits_into_eight_megabytes() -> None:
    folder = Path(str(resources.files("search.words.data")))
    assert sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) <= MOST_BYTES


def test_a_label_is_nearest_to_itself(words: Thesaurus) -> None:
    expansion = words.vectors.expand("zebra")
    assert expansion is not None
    assert expansion.best()[0] == ZEBRA
    assert expansion.reasons[ZEBRA].startswith("cosine 0.")


def test_vectors_of_ones_own_give_an_unknown_word_its_labels(vector_file: Path) -> None:
    assert not load_thesaurus().understand("foo").familiar
    (part,) = load_thesaurus(WordFiles(vector_file)).understand("foo").parts
    assert part.kind == "word2vec"
    assert max(part.labels, key=part.labels.__getitem__) == ZEBRA
    assert "cosine" in part.reasons[ZEBRA]


def test_ones_own_vectors_carry_no_word_that_is_near_nothing(vector_file: Path) -> None:
    own = load_thesaurus(WordFiles(vector_file))
    assert not own.understand("qux").familiar
    assert not own.understand("unheard").familiar


def test_ones_own_vectors_leave_labels_alone(vector_file: Path, words: Thesaurus) -> None:
    own = load_thesaurus(WordFiles(vector_file))
    assert own.understand("banana").parts[0].kind == "label"
    assert own.understand("kitchen") == words.understand("kitchen")


def test_ones_own_vectors_and_the_table_share(tmp_path: Path, words: Thesaurus) -> None:
    file = tmp_path / "own.txt"
    file.write_text("zebra 1 0 0\nkitchen 1 0.1 0\ndog 0 1 0\n")
    (part,) = load_thesaurus(WordFiles(file)).understand("kitchen").parts
    assert part.kind == "related"
    assert ZEBRA in part.labels and "cosine" in part.reasons[ZEBRA]
    assert {part.kinds.get(wnid, "related") for wnid in part.labels} == {"related", "word2vec"}
    assert part.kinds[ZEBRA] == "word2vec"
    assert words.understand("kitchen").parts[0].labels.keys() < part.labels.keys()


@pytest.mark.parametrize("written", ["hot_dog", "hot-dog", "Hot_Dog", "hot dog"])
def test_names_of_several_words_are_found_as_files_write_them(
    tmp_path: Path, tree: Tree, written: str
) -> None:
    keyed = KeyedVectors(3)
    keyed.add_vectors([written, "foo"], np.eye(2, 3, dtype=np.float32))
    keyed.save(str(tmp_path / "own.kv"))
    assert "hot dog" in vectors_of_file(tmp_path / "own.kv", tree, trust_pickle=True)


def test_a_large_vocabulary_is_centred_and_scored_against_common_words(
    tmp_path: Path, tree: Tree
) -> None:
    # Three thousand random words share a strong direction; "foo" is a noisy copy of "zebra".
    random = np.random.default_rng(1)
    rows = random.standard_normal((3000, 40)).astype(np.float32) + 3
    rows[1] = rows[0] + 0.3 * random.standard_normal(40)
    keyed = KeyedVectors(40)
    keyed.add_vectors(["zebra", "foo", *(f"word{number}" for number in range(2998))], rows)
    keyed.save(str(tmp_path / "own.kv"))
    own = Thesaurus(tree, vectors_of_file(tmp_path / "own.kv", tree, trust_pickle=True))
    (part,) = own.understand("foo").parts
    assert (part.kind, next(iter(part.labels))) == ("word2vec", ZEBRA)
    assert not own.understand("word1500").familiar


def test_nearest_words_leave_the_word_itself_out(words: Thesaurus) -> None:
    near = words.vectors.among(["puppy", "dog", "justice", "blorfle"])
    assert near.nearest("puppy", 5, 0.5) == ["dog"]
    assert near.nearest("blorfle", 5, 0.5) == []
    assert words.vectors.among(["blorfle"]).nearest("puppy", 5, 0.5) == []
