"""What the steps of describing photos cost, in the build whose modules are found.

`real_sizes.py` runs it in processes of their own, with this checkout or an older one. It takes a
folder and a number of photos, and prints JSON: "steps", core-seconds per photo by step, one after
the other on one thread (the network: all of its threads); "decoding" and "network", seconds per
photo of each alone on all cores; "bytes", of a file.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.imagenet import most_probable
from indexer.network import models
from indexer.network.describer import Describer
from indexer.network.options import NetworkOptions
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode
from indexer.photos.finding import Found, find
from indexer.photos.reading import PhotoReader, Ready
from indexer.stores import open_store

ALONE = 12
"""Photos that are processed step by step."""

costs: dict[str, float] = {}


def timed(step: str, work: Callable[[], Any]) -> Any:
    began = time.process_time()
    result = work()
    costs[step] = costs.get(step, 0.0) + time.process_time() - began
    return result


def thumbnail(image: Any) -> None:
    """Scale and pack one as the page shows it, where the build makes them while it indexes."""
    image.resize((256, 256 * image.height // image.width)).save(os.devnull, "JPEG", quality=85)


def main(folder: str, count: int) -> None:
    files = [one for one in find([Path(folder)]) if isinstance(one, Found)][:count]
    describer = Describer(models.load("efficientnet_lite0"), NetworkOptions("efficientnet_lite0"))
    describer.load()
    reader = PhotoReader(describer.prepare, describer.side, frozenset(), 1)
    first = reader.read(files[0])
    assert isinstance(first, Ready), first
    (seen,) = describer.describe_all([[first.pixels]])  # warms up
    some = files[:ALONE]
    photos = []
    for found in some:
        file = timed("read", lambda found=found: read(found.path))  # older builds return bytes
        id = timed("read", lambda file=file: content_id(file))
        image = timed("decode", lambda file=file: decode(file, describer.side)).image
        looks = timed("looks", lambda image=image: describer.prepare(image))
        timed("thumbnail", lambda image=image: thumbnail(image))
        (seen,) = timed("network", lambda looks=looks: list(describer.describe_all([[looks]])))
        labels, vector = most_probable(seen.probabilities[0]), seen.vectors[0]
        model = describer.info.model
        photos.append(replace(first.photo, id=id, labels=labels, vector=vector, model=model))
    with tempfile.TemporaryDirectory() as home:
        store = open_store(f"sqlite:///{home}/photos.db")
        store.identity.create(describer.info)
        timed("write", lambda: store.photos.put(photos))
        store.close()

    def prepared(found: Found) -> Any:
        return describer.prepare(decode(read(found.path), describer.side).image)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        began = time.perf_counter()
        held = list(pool.map(prepared, files))
        decoding = (time.perf_counter() - began) / len(files)
    began = time.perf_counter()
    list(describer.describe_all([held[at : at + 32] for at in range(0, len(held), 32)]))
    network = (time.perf_counter() - began) / len(files)
    steps = {step: cost / len(some) for step, cost in costs.items()}
    size = sum(found.bytes for found in files) / len(files)
    print(json.dumps({"steps": steps, "decoding": decoding, "network": network, "bytes": size}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
