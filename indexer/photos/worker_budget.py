"""What workers may take for a picture, and what they are told and ask for it."""

from dataclasses import dataclass

from indexer.photos.room import pictures_of


@dataclass(frozen=True, slots=True)
class Budget:
    """What a worker may take for one picture.

    Attributes:
        spare: bytes, besides what the format says that the picture takes.
        seconds: of computing, for a small picture.
        bytes_a_second: of memory that larger pictures take; each gives a second more.
        patience: times as many seconds that may pass, if it computes or not.
        large: bytes above which a picture gets in only if twice as many are free.
    """

    spare: int = 128_000_000
    seconds: float = 60.0
    bytes_a_second: float = 10_000_000.0
    patience: float = 10.0
    large: int = pictures_of(1)

    def granted(self, stated: float) -> int:
        """Return the bytes for a picture that says how many it takes; damage may double them."""
        return int(self.spare + stated + min(stated, self.large))

    def time(self, stated: float) -> float:
        """Return its seconds of computing."""
        return self.seconds + stated / self.bytes_a_second


@dataclass(frozen=True, slots=True)
class DecodingJob:
    """What a worker is to do: call a function of `indexer.photos.decoding` with a file.

    Attributes:
        function: its name.
        arguments: behind the file.
        seconds: of computing that it may take, until the picture said what it takes.
        in_memory: whether the file's bytes come next, or the open file itself.
    """

    function: str
    arguments: tuple[int, ...]
    seconds: float
    in_memory: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A worker's question: may it decode a picture that takes so many bytes?"""

    memory: float
