"""Commands load word vectors that are pickles if they are told to trust them, and else never."""

import shutil

import numpy as np
from click.testing import CliRunner
from gensim.models import KeyedVectors

from search.commands import main


def test_a_pickle_of_vectors_needs_to_be_trusted(indexed_photos, tmp_path):
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    vectors = KeyedVectors(4)
    vectors.add_vectors(["zebra", "foo", "car"], np.eye(4, dtype=np.float32)[:3])
    vectors.save(str(tmp_path / "own.kv"))
    words = ["search", "foo", "--store", f"sqlite:///{tmp_path}/photos.db"]
    words += ["--word-vectors", str(tmp_path / "own.kv")]
    refused = CliRunner().invoke(main, words)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "--trust-pickle" in refused.stderr
    assert CliRunner().invoke(main, [*words, "--trust-pickle"]).exit_code == 0
