"""Which network a command runs."""

import logging
from pathlib import Path

import pytest

from indexer.errors import BadValue, NotFound
from indexer.network import models
from indexer.network.models.inception_v3 import FILE


@pytest.fixture
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Keras cache without weights."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    return tmp_path


def test_a_name_is_taken_as_it_is(keras_home: Path) -> None:
    assert models.choose("inception_v3", "efficientnet_lite0").name == "inception_v3"


@pytest.mark.parametrize("name", ["resnet", "", "__init__", "../models"])
def test_an_unknown_name_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(BadValue, match="use one of auto, efficientnet_lite0, inception_v3"):
        models.choose(name)


def test_auto_is_the_stores_own(keras_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert models.choose("auto", "inception_v3").name == "inception_v3"
    assert models.choose("auto", "efficientnet_lite0").name == "efficientnet_lite0"
    assert not caplog.records


def test_auto_in_a_new_store_is_the_reference_where_its_weights_lie(
    keras_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (keras_home / "models" / FILE).touch()
    assert models.choose("auto").name == "inception_v3"
    assert not caplog.records


def test_auto_else_is_the_offline_one_and_says_how_to_get_the_other(
    keras_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert models.choose("auto").name == "efficientnet_lite0"
    (record,) = caplog.records
    assert "using efficientnet_lite0" in record.getMessage()
    assert "--model inception_v3" in record.getMessage()


@pytest.mark.parametrize(
    ("file", "name"), [("any.pth", "efficientnet_lite0"), ("any.weights.h5", "inception_v3")]
)
def test_auto_is_the_one_that_takes_the_given_file(
    keras_home: Path, file: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert models.choose("auto", weights=Path(file)).name == name
    assert not caplog.records


def test_a_file_that_no_network_takes_is_refused() -> None:
    with pytest.raises(BadValue, match=r"any\.bin .*\.pth for efficientnet_lite0, \.h5 for incep"):
        models.choose("auto", weights=Path("any.bin"))


def test_weights_that_cannot_be_downloaded_are_asked_for_in_one_line(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(NotFound, match=f"put https://.*{FILE} into .*models yourself, or name"):
        models.load("inception_v3").weights()
