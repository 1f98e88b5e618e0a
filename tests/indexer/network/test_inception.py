"""Inception v3 against Keras' own: preprocessing and graph."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.network import models
from indexer.network.models import Weights
from indexer.network.quiet_imports import load_keras

INCEPTION = models.load("inception_v3")


def test_prepared_pixels_are_those_of_keras_load_img(free_photos: list[Path]) -> None:
    load_img = load_keras().utils.load_img
    for path in free_photos:
        expected = load_img(path, target_size=(299, 299), interpolation="bilinear")
        prepared = INCEPTION.prepare(Image.open(path).convert("RGB"))
        assert (prepared == np.asarray(expected)).all(), path.name


def test_the_graph_gives_what_keras_own_gives_after_its_own_preprocessing(
    inception_weights: Path, free_photos: list[Path]
) -> None:
    keras = load_keras()
    batch = np.stack([INCEPTION.prepare(Image.open(p).convert("RGB")) for p in free_photos[:3]])
    applications = keras.applications.inception_v3
    reference = applications.InceptionV3(weights=None)
    reference.load_weights(inception_weights)
    both = keras.Model(reference.input, [reference.output, reference.get_layer("avg_pool").output])
    expected, pooled = both(applications.preprocess_input(np.float32(batch)), training=False)
    network = INCEPTION.build(INCEPTION.weights(inception_weights))
    probabilities, vectors = network(batch, training=False)
    np.testing.assert_allclose(probabilities, expected, atol=1e-4)
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, pooled / norms, atol=1e-6)


def test_real_weights_know_a_cat(inception_weights: Path, free_photos: list[Path]) -> None:
    if inception_weights.name.startswith("random"):
        pytest.skip(
            "no real weights of inception_v3 on this machine: tested with seeded random ones"
        )
    (cat,) = (path for path in free_photos if path.name == "chelsea.png")
    network = INCEPTION.build(Weights(inception_weights, ""))
    pixels = INCEPTION.prepare(Image.open(cat).convert("RGB"))
    probabilities, _ = network(pixels[None], training=False)
    assert int(np.argmax(probabilities)) in (281, 282, 285)  # tabby, tiger cat, Egyptian cat


def test_the_vector_is_the_layer_before_the_last(inception_weights: Path) -> None:
    network = INCEPTION.build(INCEPTION.weights(inception_weights))
    assert [output.shape for output in network.outputs] == [(None, 1000), (None, 2048)]
    assert network.input.dtype == "uint8"
