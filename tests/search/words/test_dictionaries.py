"""Words of other languages are looked up in dictionaries that tests write themselves."""

import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import BadValue, NotFound
from indexer.kinds import Kind
from search.likely import line_of
from search.teaching.taught import Taught
from search.words import WordFiles, load_thesaurus
from search.words.dictionaries import open_dictionaries
from search.words.dictionaries.dictd import DIGITS
from search.words.lexicon import offensive
from search.words.thesaurus import Thesaurus
from search.words.tree import load_tree

ARTICLES = {
    "Hund": [
        "Hund /hʊnt/ <masc>\nmine car <n>, tub <n>MT, corf <n> [Br.]\n Synonyms: {Wagen}\n",
        'Hund\n [zool.] dog <n>, dawg <n>\n      "ein böser Hund"  - a bad zebra\n see: {Katze}\n',
    ],
    "Katze": ["Katze <fem>\n [zool.] cat <n>\n"],
    "Bär": ["Bär\n [slang] beaver <n>\n", "Bär\n1. bear <n>\n2. ram <n>\n"],
    "Kaffeetasse": ["Kaffeetasse\ncoffee mug (a cup)\n"],
    "Roter Wein": ["Roter Wein\nred wine\n"],
    "Nichts": ["Nichts\nqwxyz\n"],
    "Mit": ["Mit\njoint <adj>\n"],
}


def number(value: int) -> str:
    digits = DIGITS[value % 64]
    while value := value // 64:
        digits = DIGITS[value % 64] + digits
    return digits


def write_dictd(folder: Path, *, compress: bool = False, chunk: int = 50) -> Path:
    """Write a dictionary as dictfmt and dictzip do; return its index."""
    text, lines = b"", []
    for word, articles in ARTICLES.items():
        for article in articles:
            data = article.encode()
            lines.append(f"{word.lower()}\t{number(len(text))}\t{number(len(data))}\n")
            text += data
    index = folder / "freedict-deu-eng.index"
    index.write_text("".join(sorted(lines)), encoding="utf-8")
    if compress:
        index.with_suffix(".dict.dz").write_bytes(dictzip(text, chunk))
    else:
        index.with_suffix(".dict").write_bytes(text)
    return index


def dictzip(text: bytes, chunk: int) -> bytes:
    """Compress text in chunks of their own, with a name in the header."""
    packer, parts = zlib.compressobj(wbits=-zlib.MAX_WBITS), []
    for start in range(0, len(text), chunk):
        part = packer.compress(text[start : start + chunk])
        parts.append(part + packer.flush(zlib.Z_FULL_FLUSH))
    table = struct.pack(f"<HHH{len(parts)}H", 1, chunk, len(parts), *map(len, parts))
    extra = b"RA" + struct.pack("<H", len(table)) + table
    head = b"\x1f\x8b\x08\x0c" + bytes(6) + struct.pack("<H", len(extra)) + extra + b"name\0"
    end = struct.pack("<II", zlib.crc32(text), len(text))
    packed = head + b"".join(parts) + packer.flush() + end
    assert gzip.decompress(packed) == text
    return packed


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    """Words with a German dictionary."""
    index = write_dictd(tmp_path_factory.mktemp("dictionary"), compress=True)
    return load_thesaurus(WordFiles(dictionaries=(index,)))


def test_a_word_means_what_photos_can_show_of_its_senses(words: Thesaurus) -> None:
    (part,) = words.understand("Hund").parts
    dog = words.understand("dog").parts[0]
    assert (part.word, part.kind) == ("hund", Kind.TRANSLATED)
    assert part.meaning == f"dog by freedict-deu-eng: {dog.meaning}"
    assert part.ancestors == dog.ancestors
    assert {wnid: part.labels[wnid] for wnid in dog.labels} == dog.labels
    assert part.reasons["n02099601"] == "a kind of dog, hund = dog"
    assert not part.kinds


def test_the_other_senses_stay_as_weaker_ones(words: Thesaurus) -> None:
    (part,) = words.understand("Hund").parts
    tubs = words.tree.closure("tub")
    assert all(0 < part.labels[tub] < 0.5 for tub in tubs)
    assert {part.reasons[tub] for tub in tubs} == {"hund = tub"}


def test_examples_and_references_are_no_meanings(words: Thesaurus) -> None:
    (part,) = words.understand("Hund").parts
    (zebra,) = words.tree.closure("zebra")
    assert zebra not in part.labels


def test_accents_tell_words_apart(words: Thesaurus) -> None:
    (bear,) = words.understand("Bär").parts
    assert (bear.word, bear.kind) == ("bär", Kind.TRANSLATED)
    assert bear.meaning.startswith("bear by ")
    (bar,) = words.understand("bar").parts
    assert bar.kind == Kind.HYPERNYM


def test_what_english_knows_is_not_looked_up(words: Thesaurus) -> None:
    assert words.understand("dog").parts == load_thesaurus().understand("dog").parts


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Roter Wein", [Kind.TRANSLATED]),
        ("Kaffeetasse", [Kind.TRANSLATED]),
        ("Hund -Katze", [Kind.TRANSLATED, Kind.EXCLUDED]),
        ("Hund zebra", [Kind.TRANSLATED, Kind.LABEL]),
        ("Nichts", [Kind.UNFAMILIAR]),
        ("Pferd", [Kind.UNFAMILIAR]),
    ],
)
def test_words_and_phrases(words: Thesaurus, text: str, kinds: list[Kind]) -> None:
    assert [part.kind for part in words.understand(text).parts] == kinds


@pytest.mark.parametrize("text", ["der Hund", "Hund mit der", "Hund im", "ein Hund und mein Hund"])
def test_articles_and_prepositions_of_its_language_say_nothing(words: Thesaurus, text: str) -> None:
    assert [part.word for part in words.understand(text).parts] == ["hund"]


@pytest.mark.parametrize("text", ["zebra ohne Hund", "zebra nicht Hund", "Katze ohne einen Hund"])
def test_words_for_without_exclude_what_follows(words: Thesaurus, text: str) -> None:
    wanted, unwanted = words.understand(text).parts
    assert (unwanted.word, unwanted.kind) == ("hund", Kind.EXCLUDED)
    assert wanted.kind in (Kind.LABEL, Kind.TRANSLATED)


def test_they_are_words_where_nothing_of_the_language_is_asked_for(words: Thesaurus) -> None:
    assert words.understand("hut im").parts[-1].kind == Kind.UNFAMILIAR


def test_an_excluded_word_excludes_what_it_means(words: Thesaurus) -> None:
    german, english = (words.understand(f"zebra -{word}").parts[1] for word in ("Katze", "cat"))
    assert (german.word, german.labels) == ("katze", english.labels)


def test_in_a_phrase_it_counts_as_its_english_word(words: Thesaurus) -> None:
    german, english = (words.understand(f"{word} beach").parts[0] for word in ("Katze", "cat"))
    assert german.weight == english.weight
    assert german.labels == english.labels


def test_a_word_beside_its_english_one_keeps_its_kind_and_weight(words: Thesaurus) -> None:
    german, english = words.understand("2:Hund dog").parts
    assert (german.kind, english.kind) == (Kind.TRANSLATED, Kind.HYPERNYM)
    assert german.weight == 2 * english.weight


def test_its_likely_photos_are_those_of_the_english_word(words: Thesaurus) -> None:
    lines = [
        line_of(Taught(understanding=words.understand(word), boosts={}, excluded=frozenset()))
        for word in ("Katze", "cat")
    ]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("text", ["2", "2019 12", "!!"])
def test_numbers_are_not_looked_up(tmp_path: Path, text: str) -> None:
    index = tmp_path / "freedict-deu-eng.index"
    index.write_text("".join(f"{word}\tA\tJ\n" for word in ("2", "2019", "12")), encoding="utf-8")
    index.with_suffix(".dict").write_text("2\nfolio\n", encoding="utf-8")
    with_numbers = load_thesaurus(WordFiles(dictionaries=(index,)))
    assert with_numbers.understand(text).parts == load_thesaurus().understand(text).parts


def test_old_and_swiss_spellings_are_found(tmp_path: Path) -> None:
    index = tmp_path / "freedict-deu-eng.index"
    index.write_text("straße\tA\tS\nfluss\tA\tS", encoding="utf-8")  # no newline at its end
    index.with_suffix(".dict").write_text("headword\nzebra <n>", encoding="utf-8")
    german = load_thesaurus(WordFiles(dictionaries=(index,)))
    for word in ("strasse", "Straße", "Fluß", "Fluss"):
        assert german.understand(word).parts[0].kind == Kind.TRANSLATED, word


def test_a_slur_stands_for_nothing(tmp_path: Path) -> None:
    slur = sorted(offensive())[0]
    index = tmp_path / "freedict-deu-eng.index"
    index.write_text("unwort\tA\tBA\n", encoding="utf-8")
    index.with_suffix(".dict").write_text(f"Unwort\n{slur}\n", encoding="utf-8")
    (part,) = load_thesaurus(WordFiles(dictionaries=(index,))).understand("Unwort").parts
    assert part.kind == Kind.UNFAMILIAR


def test_a_taught_word_keeps_its_meaning(words: Thesaurus) -> None:
    (part,) = words.understand("Hund", {"hund"}).parts
    assert part.kind == Kind.TAUGHT
    assert part.labels == words.understand("Hund").parts[0].labels


@pytest.mark.parametrize("form", ["Hunden", "Hundes", "Katzen"])
def test_inflected_forms_are_found(words: Thesaurus, form: str) -> None:
    pytest.importorskip("simplemma")
    (part,) = words.understand(form).parts
    assert part.kind == Kind.TRANSLATED


@pytest.mark.parametrize("form", ["Hunden", "Hundes"])
def test_inflected_forms_of_a_taught_word_are_that_word(words: Thesaurus, form: str) -> None:
    pytest.importorskip("simplemma")
    (part,) = words.understand(form, {"hund"}).parts
    assert (part.word, part.kind) == ("hund", Kind.TAUGHT)
    assert words.understand(form).key == words.understand("Hund").key


@pytest.mark.parametrize(
    ("taught", "text"),
    [("straße", "Strasse"), ("straße", "Straße"), ("strasse", "Straße"), ("strasse", "Strasse")],
)
def test_a_taught_word_is_found_in_its_other_spelling(
    tmp_path: Path, taught: str, text: str
) -> None:
    index = tmp_path / "freedict-deu-eng.index"
    index.write_text("straße\tA\tS\n", encoding="utf-8")
    index.with_suffix(".dict").write_text("headword\nzebra <n>", encoding="utf-8")
    (part,) = load_thesaurus(WordFiles(dictionaries=(index,))).understand(text, {taught}).parts
    assert (part.word, part.kind) == (taught, Kind.TAUGHT)


def test_no_query_spells_the_taught_words(tmp_path: Path) -> None:
    class Taught(str):
        def replace(self, *_: object) -> str:  # type: ignore[override]
            raise AssertionError(f"{self} was spelled for a query")

    index = tmp_path / "freedict-deu-eng.index"
    index.write_text("straße\tA\tS\n", encoding="utf-8")
    index.with_suffix(".dict").write_text("headword\nzebra <n>", encoding="utf-8")
    german = load_thesaurus(WordFiles(dictionaries=(index,)))
    kinds = {
        text: german.understand(text, {Taught("strasse")}).parts[0].kind
        for text in ("Straße", "zebra", "qwertz")
    }
    assert kinds == {"Straße": Kind.TAUGHT, "zebra": Kind.LABEL, "qwertz": Kind.UNFAMILIAR}


@pytest.mark.parametrize("chunk", [1, 7, 50, 60_000])
def test_compressed_articles_are_those_of_the_plain_file(tmp_path: Path, chunk: int) -> None:
    senses = []
    for compress in (False, True):
        folder = tmp_path / str(compress)
        folder.mkdir()
        index = write_dictd(folder, compress=compress, chunk=chunk)
        (found,) = open_dictionaries([index], load_tree())
        senses.append([found.senses(word.lower()) for word in ARTICLES])
    assert senses[0] == senses[1]
    assert senses[0][0] == [["mine car", "tub", "corf"], ["dog", "dawg"]]


def test_coarse_senses_come_last(tmp_path: Path) -> None:
    (found,) = open_dictionaries([write_dictd(tmp_path)], load_tree())
    assert found.senses("bär") == [["bear"], ["ram"], ["beaver"]]


def test_any_file_of_a_dictionary_names_it(tmp_path: Path) -> None:
    index = write_dictd(tmp_path, compress=True)
    for file in (index, index.with_suffix(".dict.dz")):
        (found,) = open_dictionaries([file], load_tree())
        assert (found.name, found.language) == ("freedict-deu-eng", "de")


def test_a_wordnet_names_synsets(tmp_path: Path) -> None:
    file = tmp_path / "wn-data-fin.tab"
    lines = [
        "# FinnWordNet\tfin\thttps://example.org\tCC BY 3.0",
        "02084071-n\tlemma\tkoira",
        "02121620-n\tfin:lemma\tkotikissa_kissa",
        "00001740-v\tlemma\thengittää",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    words = load_thesaurus(WordFiles(dictionaries=(file,)))
    (part,) = words.understand("koira").parts
    assert part.kind == Kind.TRANSLATED
    assert part.ancestors == words.understand("dog").parts[0].ancestors
    assert words.understand("kotikissa kissa").familiar
    assert not words.understand("hengittää").familiar


def cut_index(index: Path) -> None:
    index.write_text("hund\tA\n", encoding="utf-8")


def empty_index(index: Path) -> None:
    index.write_bytes(b"")


def plain_gzip(index: Path) -> None:
    index.with_suffix(".dict.dz").write_bytes(gzip.compress(b"Hund\ndog\n"))


def flip(index: Path) -> None:
    file = index.with_suffix(".dict.dz")
    data = bytearray(file.read_bytes())
    middle = data.index(b"name\0") + 5
    data[middle : middle + 40] = b"\xff" * 40
    file.write_bytes(data)


def cut_articles(index: Path) -> None:
    file = index.with_suffix(".dict.dz")
    file.write_bytes(file.read_bytes()[:-60])


def no_articles(index: Path) -> None:
    index.with_suffix(".dict.dz").unlink()


@pytest.mark.parametrize(
    "harm", [cut_index, empty_index, plain_gzip, flip, cut_articles, no_articles]
)
def test_a_broken_dictionary_is_one_line(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    index = write_dictd(tmp_path, compress=True, chunk=10_000)
    harm(index)
    with pytest.raises((BadValue, NotFound)) as refused:
        load_thesaurus(WordFiles(dictionaries=(index,))).understand("Hund")
    message = str(refused.value)
    assert "freedict-deu-eng" in message and "\n" not in message


def test_dictionaries_of_the_system_are_used_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.words import dictionaries

    write_dictd(tmp_path)
    empty_index(tmp_path / "freedict-fra-eng.index")  # which nobody asked for: no search fails
    monkeypatch.setattr(dictionaries, "SYSTEM", tmp_path)
    (part,) = load_thesaurus().understand("Hund").parts
    assert part.kind == Kind.TRANSLATED


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("words.txt", "Hund dog", "is not a dictionary that Magpie reads"),
        ("words.tab", "Hund\tdog", "is not a wordnet"),
        ("missing.index", None, "no dictionary at"),
        ("notes.index", "1. dogs\n2. cats", "notes.index is damaged at '1. dogs'"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, encoding="utf-8")
    (tmp_path / "notes.dict").touch()
    with pytest.raises((BadValue, NotFound), match=said):
        load_thesaurus(WordFiles(dictionaries=(file,)))
