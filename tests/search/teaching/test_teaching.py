"""Teaching as a user meets it: through the Python API on a small library of real photos."""

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import BadValue, NotFound, StoreAway, Unreadable
from search.library import open_library
from search.teaching.event_files import read_file, write_events


def ids(answer):
    return [hit.id for hit in answer.hits]


def ranking(library, text):
    return [(hit.id, hit.score, hit.reasons) for hit in library.search(text, limit=100).hits]


def test_an_unknown_word_is_learned_from_one_example(library, photo_id):
    assert not library.search("zorbla").familiar
    library.teach("zorbla", [photo_id("chelsea.png")])
    answer = library.search("Zorblas")
    assert answer.familiar and answer.parts[0].kind == "taught"
    assert ids(answer)[0] == photo_id("chelsea.png") and len(ids(answer)) > 3
    vote, neighbour = answer.hits[0].reasons[0], answer.hits[1].reasons[0]
    assert (vote.kind, vote.what) == ("vote", "marked good by 1 vote")
    assert neighbour.kind == "neighbour" and "chelsea.png" in neighbour.what


def test_a_file_outside_the_library_teaches_too_and_is_kept_small(library, outside, home):
    event = library.teach("zorbla", [str(outside)])
    answer = library.search("zorbla")
    assert answer.familiar and answer.hits
    outside.unlink()
    assert ids(library.search("zorbla")) == ids(answer)
    (upload,) = event.uploads
    assert upload.id == event.good[0] and upload.thumbnail[:2] == b"\xff\xd8"
    assert len(upload.thumbnail) < 60_000 and len(upload.labels) == 50


def test_a_file_whose_name_is_not_text_teaches_too(library, outside):
    """Fails if the name that the example keeps is the one that the file system gave."""
    name = os.fsdecode(os.fsencode(outside.parent) + b"/caf\xe9.jpg")
    outside.rename(name)
    (upload,) = library.teach("zorbla", [name]).uploads
    assert upload.name.endswith("/caf\ufffd.jpg")
    assert library.search("zorbla").hits


def test_an_example_from_outside_counts_as_itself_once_it_is_indexed(library, outside, home):
    event = library.teach("zorbla", [str(outside)])
    library.index([home / "photos", outside.parent])
    assert ids(library.search("zorbla"))[0] == event.good[0]


def test_what_was_taught_is_there_after_a_restart_and_in_another_process(library, url, photo_id):
    library.search("zorbla")
    code = (
        "import sys; from search.library import open_library\n"
        "with open_library(sys.argv[1]) as library:\n"
        "    library.teach('zorbla', [sys.argv[2]])"
    )
    command = [sys.executable, "-c", code, url, photo_id("chelsea.png")]
    subprocess.run(command, check=True)
    assert ids(library.search("zorbla"))[0] == photo_id("chelsea.png")
    with open_library(url) as restarted:
        assert ranking(restarted, "zorbla") == ranking(library, "zorbla")


def test_photos_that_are_indexed_later_are_ranked_by_a_taught_word(
    library, home, photo_id, outside, tmp_path
):
    library.teach("zorbla", [photo_id("rocket.jpg")])
    before = ids(library.search("zorbla", limit=100))
    (tmp_path / "more").mkdir()
    from PIL import Image

    with Image.open(home / "photos" / "rocket.jpg") as image:
        image.rotate(2).save(tmp_path / "more" / "again.png")
    library.index([tmp_path / "more"])
    after = ids(library.search("zorbla", limit=100))
    assert (set(after) - set(before)) & set(after[:3])


@pytest.mark.parametrize("query", ["zorbla", "cat", "animal"])
def test_undo_gives_back_the_identical_ranking(library, photo_id, query):
    library.teach("zorbla", [photo_id("coffee.png")])
    before = ranking(library, query)
    good, bad = [photo_id("chelsea.png")], [photo_id("rocket.jpg"), photo_id("coffee.png")]
    event = library.feedback(query, good, bad)
    assert ranking(library, query) != before
    library.undo(event.id)
    assert ranking(library, query) == before


def test_a_photo_voted_bad_is_left_out_for_that_word_only(library, photo_id):
    cat = photo_id("chelsea.png")
    assert ids(library.search("cat"))[0] == cat
    library.feedback("cats", bad=[cat])
    assert cat not in ids(library.search("cat", limit=100))
    assert cat in ids(library.search("animal", limit=100))
    library.feedback("cat", good=[cat], user="bob")
    assert cat in ids(library.search("cat", limit=100))  # one for, one against


@pytest.mark.parametrize("again", ["ann", "bob"])
def test_one_bad_vote_only_lowers_a_photo_that_labels_speak_for(library, photo_id, again):
    cat, coffee, rocket = map(photo_id, ("chelsea.png", "coffee.png", "rocket.jpg"))
    untaught = library.search("cat").hits[0]
    library.feedback("cat", [coffee], [cat, rocket], user="ann")
    answer = library.search("cat", limit=100)
    (hit,) = (hit for hit in answer.hits if hit.id == cat)
    assert rocket not in ids(answer) and 0 < hit.score < untaught.score
    assert any(reason.what == "marked bad by 1 vote" for reason in hit.reasons)
    assert sum(reason.score for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-5)
    event = library.feedback("cat", bad=[cat], user=again)
    assert cat not in ids(library.search("cat", limit=100))
    library.undo(event.id)
    assert library.search("cat", limit=100).hits == answer.hits


def test_more_votes_beat_fewer(library, photo_id):
    rocket, coffee = photo_id("rocket.jpg"), photo_id("coffee.png")
    library.feedback("zorbla", [rocket], user="ann")
    for user in ("ann", "bob", "eve"):
        library.feedback("zorbla", [coffee], user=user)
    assert ids(library.search("zorbla"))[:2] == [coffee, rocket]


def test_reasons_add_up_whatever_was_taught(library, photo_id):
    library.teach("zorbla", [photo_id("chelsea.png")], [photo_id("rocket.jpg")])
    library.feedback("animal", [photo_id("coffee.png")], [photo_id("chelsea.png")])
    library.feedback("cup", bad=[photo_id("coffee.png")])
    for query in ("zorbla", "animal", "cup", "zorbla cup", "animal -zorbla"):
        for hit in library.search(query, limit=100).hits:
            total = sum(reason.score for reason in hit.reasons)
            assert total == pytest.approx(hit.score, abs=1e-5), query


def test_bad_clicks_alone_damp_photos_like_them_and_say_so(library, photo_id):
    before = dict(
        zip(
            *np.array(
                [(hit.id, hit.score) for hit in library.search("animal", limit=100).hits], object
            ).T,
            strict=True,
        )
    )
    library.feedback("animal", bad=[photo_id("chelsea.png")])
    after = library.search("animal", limit=100).hits
    assert all(hit.score <= before[hit.id] for hit in after)
    damped = [reason for hit in after for reason in hit.reasons if reason.kind == "damping"]
    assert damped and all(reason.score <= 0 and "chelsea.png" in reason.what for reason in damped)


def test_a_taught_word_is_part_of_phrases_and_can_be_excluded(library, photo_id):
    chelsea = photo_id("chelsea.png")
    library.teach("zorbla", [chelsea])
    both = library.search("zorbla with coffee")
    assert {part.word for part in both.parts} >= {"zorbla"}
    assert chelsea in ids(both)[:3] and photo_id("coffee.png") in ids(both)[:3]
    assert chelsea not in ids(library.search("animal -zorbla", limit=100))


def test_a_taught_name_of_several_words_is_one_word(library, photo_id):
    library.teach("Rex the Second", [photo_id("chelsea.png")])
    assert ids(library.search("rex the second"))[0] == photo_id("chelsea.png")
    assert library.words()[0].good == 1


def test_forget_rename_and_merge(library, photo_id):
    chelsea, rocket = photo_id("chelsea.png"), photo_id("rocket.jpg")
    library.teach("zorbla", [chelsea])
    library.rename("zorbla", "zorbly")
    assert not library.search("zorbla").familiar
    assert ids(library.search("zorbly"))[0] == chelsea
    library.teach("qwyzzt", [rocket])
    library.merge("qwyzzt", "zorbly")
    assert set(ids(library.search("zorbly"))[:2]) == {chelsea, rocket}
    library.forget("zorbly")
    assert library.words() == () and not library.search("zorbly").familiar
    library.undo()
    assert set(ids(library.search("zorbly"))[:2]) == {chelsea, rocket}


def test_export_and_import_round_trip_is_exact(library, photo_id, outside, home, indexed_photos):
    library.teach("zorbla", [str(outside)], [photo_id("rocket.jpg")])
    library.feedback("cat", bad=[photo_id("chelsea.png")], user="bob")
    library.undo(user="bob")
    file = home / "taught.jsonl"
    assert write_events(file, library.events()) == 3
    shutil.copy(indexed_photos / "photos.db", home / "other.db")
    with open_library(f"sqlite:///{home}/other.db") as other:
        assert other.import_(file.read_bytes(), "the file") == 3
        assert other.import_(file.read_bytes(), "the file") == 0
        assert other.history() == library.history()
        assert ranking(other, "zorbla") == ranking(library, "zorbla")
        write_events(home / "again.jsonl", other.events())
    assert (home / "again.jsonl").read_bytes() == file.read_bytes()


def test_a_backup_outlives_a_full_disk_and_keeps_its_permissions(library, photo_id, home):
    library.teach("zorbla", [photo_id("rocket.jpg")])
    library.flush()  # which would write later
    file = home / "taught.jsonl"
    write_events(file, library.events())
    file.chmod(0o600)
    before, names = file.read_bytes(), sorted(home.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) - 1, limits[1]))
    try:
        with pytest.raises(StoreAway, match=r"cannot write '.*taught\.jsonl': "):
            write_events(file, library.events())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before and sorted(home.iterdir()) == names
    assert write_events(file, library.events()) == 1
    assert file.read_bytes() == before and file.stat().st_mode & 0o777 == 0o600


def test_an_export_goes_into_a_pipe_and_behind_a_link_and_makes_no_folder(library, photo_id, home):
    library.teach("zorbla", [photo_id("rocket.jpg")])
    file, link = home / "taught.jsonl", home / "link.jsonl"
    link.symlink_to(file)
    write_events(link, library.events())
    reading, writing = os.pipe()
    write_events(Path(f"/dev/fd/{writing}"), library.events())
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == file.read_bytes() != b""
    assert link.is_symlink()
    with pytest.raises(StoreAway, match="No such file or directory"):
        write_events(home / "none" / "taught.jsonl", library.events())
    assert not (home / "none").exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2 of .* is not an event"),
        ("[]", "line 2 of .* is not an event .not a JSON object"),
        ('{"id": "a"}', "line 2 of .* is not an event .field 'time' is missing"),
        ("[" * 100_000, "line 2 of .* is not an event"),
    ],
)
def test_a_file_with_a_broken_line_imports_nothing_and_names_it(
    library, photo_id, home, line, reason
):
    library.teach("zorbla", [photo_id("chelsea.png")])
    file = home / "taught.jsonl"
    write_events(file, library.events())
    good = file.read_text().replace("zorbla", "qwyzzt").replace('"id": "', '"id": "0')
    file.write_text(good + line + "\n" + good)
    before = library.history()
    with pytest.raises(BadValue, match=reason):
        library.import_(file.read_bytes(), "the file")
    assert library.history() == before


@pytest.mark.parametrize("other", ["weights", "length"])
def test_examples_that_only_another_network_saw_are_refused_with_the_way_out(
    library, outside, home, other
):
    event = library.teach("zorbla", [str(outside)])
    (upload,) = event.uploads
    length = 1280 if other == "weights" else 1277
    upload = replace(upload, vector=upload.vector[:length], weights="0ther" * (length == 1280))
    write_events(home / "taught.jsonl", [replace(event, uploads=(upload,))])
    before = library.history()
    with pytest.raises(BadValue, match=r"line 1 of .* only another network saw, not ") as caught:
        library.import_((home / "taught.jsonl").read_bytes(), "the file")
    message = str(caught.value)
    assert "`magpie reindex --model efficientnet_lite0` on the library that it comes" in message
    assert "\n" not in message and library.history() == before


def test_what_cannot_be_taught_is_refused_in_one_line(library, photo_id, home, outside):
    chelsea = photo_id("chelsea.png")
    broken = home / "broken.jpg"
    broken.write_text("no picture")
    for act, error, message in [
        (lambda: library.teach("zorbla", ["nowhere.jpg"]), NotFound, "no photo 'nowhere.jpg'"),
        (lambda: library.teach("zorbla", [str(broken)]), Unreadable, "broken.jpg"),
        (lambda: library.teach("zorbla", [chelsea], [chelsea]), BadValue, "as good and as bad"),
        (lambda: library.teach("", [chelsea]), BadValue, "names nothing"),
        (lambda: library.feedback("cat", [chelsea], [chelsea]), BadValue, "as good and as bad"),
        (lambda: library.feedback("  ", [chelsea]), BadValue, "names nothing"),
        (lambda: library.feedback("-cat", [chelsea]), BadValue, "names nothing"),
        (lambda: library.feedback("x" * 10_000, [chelsea]), BadValue, "10000 characters"),
        (lambda: library.feedback("cat", [str(outside)]), NotFound, "in the library"),
        (lambda: library.feedback("cat", ["0" * 32]), NotFound, "no photo '0000"),
        (lambda: library.feedback("cat"), BadValue, "no photo is given"),
        (lambda: library.feedback("cat", [chelsea], user=" "), BadValue, "user"),
        (lambda: library.undo(), NotFound, "anonymous has nothing to undo"),
        (lambda: library.undo("nothing"), NotFound, "no event 'nothing'"),
        (lambda: library.forget("zorbla"), NotFound, "'zorbla' was not learned"),
        (lambda: read_file(home / "none"), NotFound, "no file"),
        (lambda: read_file(home), BadValue, "cannot read"),
    ]:
        with pytest.raises(error, match=message) as caught:
            act()
        assert "\n" not in str(caught.value)
    assert library.history() == ()


def test_feedback_on_a_removed_photo_is_refused_and_its_votes_wait(library, store, photo_id):
    chelsea = photo_id("chelsea.png")
    library.teach("zorbla", [chelsea, photo_id("rocket.jpg")])
    photo = store.photos.get([chelsea])[chelsea]
    store.photos.delete([chelsea])
    with pytest.raises(NotFound, match="no photo"):
        library.feedback("zorbla", [chelsea])
    assert ids(library.search("zorbla"))[0] == photo_id("rocket.jpg")
    store.photos.put([replace(photo, version=None)])
    assert chelsea in ids(library.search("zorbla"))[:2]


def test_renaming_to_itself_and_to_a_learned_word_is_refused(library, photo_id):
    library.teach("zorbla", [photo_id("chelsea.png")])
    library.teach("qwyzzt", [photo_id("rocket.jpg")])
    with pytest.raises(BadValue, match="magpie merge"):
        library.rename("zorbla", "qwyzzt")
    with pytest.raises(BadValue, match="already that word"):
        library.merge("zorbla", "Zorblas")
