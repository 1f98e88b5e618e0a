"""Which folders and disks look as if they were away, and how losses are named."""

from collections.abc import Iterable

from indexer.records import File
from indexer.run.losses import by_folder, folders_away, outermost

ROOT = "/photos"


def years(count: int = 10, each: int = 20, device: int = 1) -> list[File]:
    """Photos in folders for years, in one folder for each month."""
    return [
        File(f"{ROOT}/{2010 + year}/{number % 12:02}/{number}.jpg", 1, 1, "id", device=device)
        for year in range(count)
        for number in range(each)
    ]


def away(records: list[File], lost: Iterable[File], *folders: str) -> tuple[str, ...]:
    return folders_away(folders or (ROOT,), records, frozenset(record.path for record in lost))


def below(records: list[File], folder: str) -> list[File]:
    return [record for record in records if record.path.startswith(f"{ROOT}/{folder}/")]


def test_nothing_lost_is_nothing_away():
    assert away(years(), []) == ()


def test_a_root_that_lost_more_than_a_fifth_is_named_as_a_whole():
    records = years()
    assert away(records, records) == (ROOT,)
    assert away(records, records[::4]) == (ROOT,)
    assert away(records, records[::5]) == ()  # not more than 20 %, nowhere


def test_one_year_of_ten_is_named_and_not_its_months():
    records = years()
    assert away(records, below(records, "2015")) == (f"{ROOT}/2015",)
    assert away(records, below(records, "2015") + records[:1]) == (f"{ROOT}/2015",)


def test_three_years_of_ten_are_named_instead_of_the_root():
    records = years()
    lost = [record for year in (2011, 2014, 2019) for record in below(records, str(year))]
    assert away(records, lost) == tuple(f"{ROOT}/{year}" for year in (2011, 2014, 2019))


def test_a_handful_may_go_from_a_folder_whatever_its_share():
    records = years() + [File(f"{ROOT}/trip/{n}.jpg", 1, 1, "id", device=1) for n in range(10)]
    assert away(records, below(records, "trip")) == ()
    records.append(File(f"{ROOT}/trip/more.jpg", 1, 1, "id", device=1))
    assert away(records, below(records, "trip")) == (f"{ROOT}/trip",)


def test_a_small_disk_that_is_away_is_noticed_by_its_number():
    card = [File(f"{ROOT}/card/DCIM/{n}.jpg", 1, 1, "id", device=2) for n in range(5)]
    records = years() + card
    assert away(records, card) == (f"{ROOT}/card",)
    assert away(records, card[:2]) == ()  # the disk is there: somebody deleted two


def test_records_without_numbers_of_disks_count_for_no_disk():
    records = years(device=None)
    assert away(records, records[:10]) == ()


def test_a_root_inside_another_is_judged_by_itself():
    records = years()
    lost = below(records, "2015")[:5]
    assert away(records, lost) == ()
    assert away(records, lost, ROOT, f"{ROOT}/2015") == (f"{ROOT}/2015",)


def test_losses_are_named_by_the_topmost_folder_of_which_nothing_is_left():
    paths = [record.path for record in years()]
    lost = [path for path in paths if "/2012/" in path]
    assert by_folder([ROOT], paths, lost) == {f"{ROOT}/2012": 20}
    some = [path for path in paths if "/2013/01/" in path][:1]
    assert by_folder([ROOT], paths, lost + some) == {f"{ROOT}/2012": 20, f"{ROOT}/2013/01": 1}
    assert by_folder([ROOT], paths, lost + some, fewest=2) == {f"{ROOT}/2012": 20}
    assert by_folder([ROOT], paths, paths) == {ROOT: 200}
    assert by_folder([ROOT], paths, []) == {}


def test_the_root_of_the_disk_is_a_folder_too():
    paths = ["/a.jpg", "/b/c.jpg", "/b/d.jpg"]
    assert by_folder(["/"], paths, paths[1:]) == {"/b": 2}
    assert by_folder(["/"], paths, paths) == {"/": 3}
    records = [File(path, 1, 1, "id") for path in paths]
    assert away(records, records, "/") == ("/",)


def test_folders_in_others_are_left_out():
    assert outermost(["/a/b", "/a", "/ab", "/c/d"]) == ("/a", "/ab", "/c/d")
    assert outermost(["/", "/a"]) == ("/",)


def test_nesting_may_be_deeper_than_python_recurses():
    deep = ROOT + "/x" * 1500
    records = [File(f"{deep}/{number}.jpg", 1, 1, "id") for number in range(12)]
    assert away(records, records) == (ROOT,)
