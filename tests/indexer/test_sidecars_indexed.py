"""Sidecars over several runs: they tell what photos do not, and are noticed anew."""

import shutil

from sidecar_samples import xmp

from indexer.errors import NotNow
from indexer.photos import reading
from indexer.verifying import verify

LISBON = 'exif:GPSLatitude="38,43.338N" exif:GPSLongitude="9,8.358W"'
SYDNEY = 'exif:GPSLatitude="33,52.128S" exif:GPSLongitude="151,12.558E"'


def document(store, path):
    store.refresh()
    return next(photo for photo in store.photos.scan() if str(path) in photo.paths)


def test_a_sidecar_tells_what_its_photo_does_not(run, store, folder):
    photo = folder / "chelsea.png"
    beside = folder / "chelsea.png.xmp"
    beside.write_bytes(xmp(f'{LISBON} tiff:Model="D90" exif:DateTimeOriginal="2019-05-01"'))
    assert run().failed == ()
    told = document(store, photo)
    assert told.place.startswith("Lisbon") and told.camera == "D90"
    assert told.captured == "2019-05-01T00:00:00"
    assert run().unchanged == 5


def test_a_sidecar_that_comes_or_changes_is_noticed_and_costs_no_network(run, store, folder):
    photo = folder / "chelsea.png"
    run()
    before = document(store, photo)
    assert before.location is None
    (folder / "chelsea.xmp").write_bytes(xmp(LISBON))
    report = run()
    assert (report.indexed, report.moved, report.failed) == (0, 0, ())
    told = document(store, photo)
    assert told.place.startswith("Lisbon") and told.labels == before.labels
    assert (told.vector == before.vector).all() and told.neighbours == before.neighbours
    (folder / "chelsea.xmp").write_bytes(xmp(SYDNEY))
    run()
    assert document(store, photo).location[0] < 0
    (folder / "chelsea.xmp").write_bytes(b"damaged")
    assert run().failed == ()
    assert document(store, photo).location is None
    assert list(verify(store)) == []


def test_the_sidecar_of_a_copy_is_heard_in_the_run_that_reads_both(run, store, folder):
    (folder / "a").mkdir()
    shutil.copy(folder / "chelsea.png", folder / "a" / "copy.png")
    (folder / "a" / "copy.xmp").write_bytes(xmp(LISBON))
    assert run().copies == 1
    assert document(store, folder / "chelsea.png").place.startswith("Lisbon")


def test_what_a_sidecar_tells_is_not_lost_where_memory_is_short(run, store, folder, monkeypatch):
    def short(*_, **__):
        raise NotNow("there is not enough memory to decode it now")

    run()
    (folder / "chelsea.xmp").write_bytes(xmp(LISBON))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(reading, "decode", short)
        assert run().failed == ()
    assert document(store, folder / "chelsea.png").location is None
    run()
    assert document(store, folder / "chelsea.png").place.startswith("Lisbon")
    assert run().unchanged == 5
