"""The pictures in docs/images cannot grow old; test_page.py takes them when asked."""

import pytest
from PIL import Image
from screenshots import IMAGES, MOST_BYTES, NAMES, build_digest, shown_build

AGAIN = "run `make screenshots` and commit docs/images"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_the_page_as_it_is_built_now(name):
    picture = IMAGES / f"{name}.webp"
    assert picture.is_file(), f"docs/images/{name}.webp is missing: {AGAIN}"
    assert shown_build(picture) == build_digest(), (
        f"docs/images/{name}.webp shows another build of the page than search/static: {AGAIN}"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_a_small_one_of_a_desktop(name):
    picture = IMAGES / f"{name}.webp"
    with Image.open(picture) as opened:
        assert opened.width == 1280
        assert 600 <= opened.height <= 800
    assert picture.stat().st_size <= MOST_BYTES


def test_there_are_no_other_pictures():
    assert sorted(path.stem for path in IMAGES.iterdir()) == sorted(NAMES)
