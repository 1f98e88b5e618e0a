"""Which folders lost photos: those that look as if their disk is away, and how losses are named."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from indexer.photos.paths import above, parent
from indexer.records import File

GONE_SHARE = 0.2
"""A folder or disk that lost more than this share of its photos looks as if it is not mounted."""

HANDFUL = 10
"""Up to this many photos may go from a folder below, whatever their share, and are not named."""

_MOST_NAMES = 5
"""If more folders than that are gone, the one around them is named instead."""


@dataclass(frozen=True, slots=True)
class Losses:
    """How many files lie in and below each folder, and how many of them are lost.

    Attributes:
        tops: folders around all others; none lies in another one.
        files, lost: numbers by folder.
        inner: the folders in a folder that lost files, by folder.
    """

    tops: Sequence[str]
    files: Counter[str]
    lost: Counter[str]
    inner: dict[str, set[str]]

    @classmethod
    def of(cls, folders: Iterable[str], files: Iterable[str], lost: Iterable[str]) -> Self:
        """Count files.

        Args:
            folders: around all files; one may lie in another.
            files: paths of all files, lost ones too.
            lost: those of them that are.
        """
        tops = outermost(folders)
        lost_below = _count(lost, tops)
        inner: dict[str, set[str]] = defaultdict(set)
        for folder in lost_below:
            if folder not in tops:
                inner[parent(folder)].add(folder)
        return cls(tops, _count(files, tops), lost_below, inner)

    def is_large(self, folder: str) -> bool:
        """Tell whether more than `GONE_SHARE` of the files in and below a folder are lost."""
        return self.lost[folder] > GONE_SHARE * self.files[folder]

    def below(self, top: str) -> Iterator[str]:
        """Yield `top` and the folders below it that lost files, outer ones first."""
        stack = [top] if self.lost[top] else []
        while stack:
            folder = stack.pop()
            stack.extend(sorted(self.inner.get(folder, ()), reverse=True))
            yield folder

    def whole(self, top: str) -> list[str]:
        """Return the topmost folders of which nothing is left."""
        return list(outermost(one for one in self.below(top) if self.lost[one] == self.files[one]))

    def cause(self, folder: str) -> list[str]:
        """Return the folders that explain the losses of `folder`: as few and as small as do."""
        whole = self.whole(folder)
        if len(whole) <= _MOST_NAMES and sum(self.lost[one] for one in whole) == self.lost[folder]:
            return whole
        return [self.around(folder)]

    def around(self, folder: str) -> str:
        """Return the smallest folder that has all losses of `folder`."""
        while len(inner := self.inner.get(folder, set())) == 1:
            (only,) = inner
            if self.lost[only] != self.lost[folder]:
                break
            folder = only
        return folder


def folders_away(
    folders: Sequence[str], records: Sequence[File], lost: frozenset[str]
) -> tuple[str, ...]:
    """Return the folders whose lost photos look as if a disk is not mounted.

    Their root lost more than `GONE_SHARE` of its photos; or they did themselves, and more than a
    `HANDFUL`; or a disk did that photos below them lie on.

    Args:
        folders: of the run.
        records: of the photos that were below them before.
        lost: paths of those of them that are gone and did not turn up elsewhere.
    """
    if not lost:
        return ()
    losses = Losses.of(folders, (record.path for record in records), lost)
    roots = set(folders)
    away = [
        cause
        for top in losses.tops
        for folder in outermost(one for one in losses.below(top) if _is_away(losses, one, roots))
        for cause in losses.cause(folder)
    ]
    for gone in _disks_away(records, lost):
        of_disk = Losses.of(folders, (record.path for record in records), gone)
        away += [cause for top in of_disk.tops if of_disk.lost[top] for cause in of_disk.cause(top)]
    return outermost(away)


def _is_away(losses: Losses, folder: str, roots: set[str]) -> bool:
    return losses.is_large(folder) and (folder in roots or losses.lost[folder] > HANDFUL)


def _disks_away(records: Iterable[File], lost: frozenset[str]) -> Iterator[list[str]]:
    """Yield the lost paths of each disk that seems to be away.

    The numbers of disks change when a machine starts, so they only tell apart the disks of one run.
    """
    files: Counter[int] = Counter()
    gone: dict[int, list[str]] = defaultdict(list)
    for record in records:
        if record.device is not None:
            files[record.device] += 1
            if record.path in lost:
                gone[record.device].append(record.path)
    for device, paths in gone.items():
        number = len(paths)
        # Of a disk that is away nothing is left, so a handful that people deleted tells nothing.
        if number > GONE_SHARE * files[device] and (number > HANDFUL or number == files[device]):
            yield paths


def by_folder(
    folders: Sequence[str], files: Iterable[str], lost: Sequence[str], fewest: int = 1
) -> dict[str, int]:
    """Return how many files were lost in which folders, each counted once.

    Folders of which nothing is left are named as such, others by the folder that has all the rest.

    Args:
        folders: around all files.
        files: paths of all files, lost ones too.
        lost: those of them that are.
        fewest: folders that lost fewer are not named.
    """
    everything = list(files)
    losses = Losses.of(folders, everything, lost)
    named = {
        one: losses.lost[one]
        for top in losses.tops
        for one in losses.whole(top)
        if losses.lost[one] >= fewest
    }
    rest = [path for path in lost if not any(folder in named for folder in above(path))]
    others = Losses.of(folders, everything, rest)
    for top in others.tops:
        if others.lost[top] >= max(fewest, 1):
            named[others.around(top)] = others.lost[top]
    return dict(sorted(named.items()))


def outermost(folders: Iterable[str]) -> tuple[str, ...]:
    """Return, in order, those of `folders` that do not lie in another one."""
    wanted = set(folders)
    return tuple(sorted(one for one in wanted if not any(up in wanted for up in above(one))))


def _count(paths: Iterable[str], tops: Sequence[str]) -> Counter[str]:
    """Count files in and below each folder, up to the top around it."""
    ends, numbers = set(tops), Counter[str]()
    for folder, number in Counter(map(parent, paths)).items():
        numbers[folder] += number
        if folder not in ends:
            for around in above(folder):
                numbers[around] += number
                if around in ends:
                    break
    return numbers
