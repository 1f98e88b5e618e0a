"""What a run does with thumbnails: it makes those of new photos, and forgets those of old ones."""

import shutil
from io import BytesIO

import numpy as np
import pytest
from film_samples import film
from PIL import Image
from raw_samples import dng
from wide_colours import display_p3

from indexer.photos.thumbnails import LOOSE, MOST_BYTES, TIGHT, Size, of_file, to_jpeg
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.stores.thumbnails import thumbnail_file


@pytest.fixture
def kept(store):
    """Tells the thumbnails of the grid that the store has, by photo."""

    def read():
        file = thumbnail_file(store)
        found = {photo.id: file.get(photo.id, Size.GRID) for photo in store.photos.scan()}
        return {id: jpeg for id, jpeg in found.items() if jpeg}

    return read


def pixels(jpeg):
    with Image.open(BytesIO(jpeg)) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        return np.asarray(image)


def by_name(store):
    store.refresh()
    return {photo.paths[0].rpartition("/")[2]: photo.id for photo in store.photos.scan()}


def test_every_new_photo_has_one_afterwards(store, run, kept, free_photos):
    run()
    store.refresh()
    assert len(kept()) == store.photos.count() == 5
    for id, jpeg in kept().items():
        (photo,) = store.photos.get([id]).values()
        longer = max(pixels(jpeg).shape)
        least = min(TIGHT * Size.GRID, max(photo.width, photo.height))
        assert least <= longer <= LOOSE * Size.GRID
        assert len(jpeg) <= MOST_BYTES


@pytest.mark.parametrize(
    ("read", "kept"),
    # Of 4,032 pixels at a quarter or an eighth, of 6,000 and of 5,472 at an eighth.
    [(1008, 504), (504, 504), (750, 375), (684, 400), (1512, 504), (320, 320)],
)
def test_whole_blocks_are_averaged_where_that_is_near_enough(read, kept):
    jpeg = to_jpeg(Image.new("RGB", (read, read // 3 * 2)), Size.GRID)
    assert max(pixels(jpeg).shape) == kept


def test_a_busy_picture_loses_quality_and_not_size(store, run, folder, kept):
    for photo in folder.iterdir():
        photo.unlink()
    noise = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), np.uint8)
    Image.fromarray(noise).resize((1000, 750)).save(folder / "noise.png")
    run()
    store.refresh()
    (jpeg,) = kept().values()
    assert 10_000 < len(jpeg) <= MOST_BYTES and pixels(jpeg).shape == (375, 500, 3)


def samples(folder, photo):
    """Put pictures there that have to be turned, laid on white or converted, and odd ones."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.open(photo).convert("RGB").crop((0, 0, 640, 420))
    picture.save(folder / "turned.jpg", exif=exif.tobytes(), quality=95)
    picture.save(folder / "wide.png", icc_profile=display_p3())
    seen = picture.copy()
    seen.putalpha(Image.linear_gradient("L").resize(picture.size))
    seen.save(folder / "glass.png")
    seen.save(folder / "glass.webp")
    picture.convert("L").save(folder / "grey.tiff")
    picture.resize((200, 130)).save(folder / "small.jpg")
    picture.resize((4000, 300)).save(folder / "panorama.jpg")
    (folder / "clip.mp4").write_bytes(film([picture] * 12))
    (folder / "raw.dng").write_bytes(dng(picture))
    data = (folder / "turned.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) * 4 // 5])


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_it_is_the_one_that_would_be_made_on_demand(store, run, folder, free_photos, kept):
    for photo in folder.iterdir():
        photo.unlink()
    samples(folder, next(one for one in free_photos if one.name == "rocket.jpg"))
    report = run()
    assert report.failed == () and report.indexed == len(kept()) == 10
    for name, id in by_name(store).items():
        with (folder / name).open("rb") as file:
            wanted = pixels(of_file(file, Size.GRID))
        assert (pixels(kept()[id]) == wanted).all(), name
    shapes = {name: pixels(kept()[id]).shape[:2] for name, id in by_name(store).items()}
    assert shapes["turned.jpg"] == (400, 262) and shapes["small.jpg"] == (130, 200)
    assert shapes["panorama.jpg"] == (30, 400) and shapes["raw.dng"] == (210, 320)
    glass = pixels(kept()[by_name(store)["glass.png"]])
    assert glass[0].min() > 240 and glass[-1].mean() < 200  # white shows through at the top


def test_a_removed_photo_has_none_any_more(store, run, folder, kept):
    run()
    gone = sorted(folder.iterdir())[0]
    id = by_name(store)[gone.name]
    gone.unlink()
    run(prune=True)
    assert thumbnail_file(store).get(id, Size.GRID) is None
    store.refresh()
    assert len(kept()) == 4


def test_what_somebody_else_removed_or_a_dead_run_left_goes_with_the_next_run(store, run, kept):
    run()
    store.refresh()
    (id, *_) = kept()
    store.photos.delete([id])
    thumbnail_file(store).put(Size.LARGE, {"f" * 32: b"of a photo that was never stored"})
    thumbnail_file(store).put(Size.GRID, {"f" * 32: b"of a photo that was never stored"})
    report = run(exclude=("*",))  # looks into nothing
    assert report.indexed == 0
    file = thumbnail_file(store)
    assert file.get("f" * 32, Size.LARGE) is file.get("f" * 32, Size.GRID) is None
    assert file.get(id, Size.GRID) is None


def test_moved_copied_and_touched_photos_keep_theirs(store, run, folder, kept, monkeypatch):
    run()
    store.refresh()
    before = kept()
    first, second, third, *_ = sorted(folder.iterdir())
    first.rename(folder / "moved.png")
    shutil.copy(second, folder / "copy.png")
    third.touch()
    monkeypatch.setattr("indexer.photos.reading.of_decoded", None)  # would fail if it were used
    run()
    store.refresh()
    assert kept() == before


def test_none_are_made_where_none_are_wanted(store, folder, describer, kept):
    options = Options(threads=2, thumbnails=False)
    assert index(store, [folder], lambda: describer, options, Silence()).indexed == 5
    assert not thumbnail_file(store).path.exists()


def test_photos_are_indexed_where_no_thumbnail_can_be_kept(store, run, folder, kept, monkeypatch):
    monkeypatch.setattr("indexer.derived.thumbnail_file.INSERT", "INSERT INTO nowhere VALUES (?)")
    assert run().indexed == 5
    store.refresh()
    assert store.photos.count() == 5 and kept() == {}
