"""Who keeps a network open takes another one when that has described the store's photos."""

from dataclasses import replace

import pytest

from indexer.errors import Conflict
from indexer.network.describer import keep_describer
from indexer.network.options import NetworkOptions


def test_a_network_is_opened_once_and_again_when_the_store_has_another():
    made = [None]
    describer = keep_describer(NetworkOptions("efficientnet_lite0"), lambda: made[-1])
    first = describer()
    assert describer() is first
    made.append(first.info)  # the store that it made
    assert describer() is first
    made.append(replace(first.info, model="earlier", weights="0" * 64))
    with pytest.raises(Conflict, match="made by earlier"):
        describer()
    made.append(first.info)
    assert describer().info == first.info


def test_auto_follows_the_store():
    made = [None]
    describer = keep_describer(NetworkOptions(), lambda: made[-1])
    made.append(keep_describer(NetworkOptions("efficientnet_lite0"), lambda: None)().info)
    assert describer().info == made[-1]
