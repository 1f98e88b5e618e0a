"""Reads the tensors of a legacy PyTorch file (before 1.6) without PyTorch and without running code.

Such a file is a series of pickles (magic number, protocol, system information, tensors by name,
keys of the storages) and then, for each key, the count of numbers (int64) and the numbers
themselves (`_legacy_save` in torch/serialization.py). A pickle can call whatever it names, so only
the names that a table of tensors needs are allowed.
"""

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from indexer.errors import BadValue

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Tensor = NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True, slots=True)
class _View:
    """A tensor whose numbers come later in the file; offset and strides count numbers."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, storages: dict[str, Tensor]) -> Tensor:
        numbers = storages[self.storage.key]
        last = self.offset + sum(
            (length - 1) * stride for length, stride in zip(self.shape, self.strides, strict=True)
        )
        if min((self.offset, *self.strides)) < 0 or last >= numbers.size:
            raise ValueError("a tensor reaches out of its storage")
        strides = [stride * numbers.itemsize for stride in self.strides]
        view: Any = as_strided(numbers[self.offset :], self.shape, strides)
        return np.array(view, order="C")


class _TensorsOnly(pickle.Unpickler):
    """Finds a table of tensors and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _View(
                storage, offset, shape, strides
            )
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise pickle.UnpicklingError(f"it names {module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        return _Storage(key, dtype)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors by name, float32 or int64, C order.

    Raises:
        BadValue: the file is damaged, is not a legacy PyTorch file, or names anything but tensors;
            none of it was run.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except Exception as error:  # a damaged pickle can fail in any way
        raise BadValue(
            f"{path} does not hold PyTorch tensors: {error}; get the file again"
        ) from error


def _read(file: BinaryIO) -> dict[str, Tensor]:
    if _TensorsOnly(file).load() != MAGIC_NUMBER:
        raise ValueError("wrong magic number")
    _protocol, _system = _TensorsOnly(file).load(), _TensorsOnly(file).load()
    views: dict[str, _View] = _TensorsOnly(file).load()
    keys: list[str] = _TensorsOnly(file).load()
    dtypes = {view.storage.key: view.storage.dtype for view in views.values()}
    storages = {key: _read_storage(file, dtypes[key]) for key in keys}
    return {name: view.read(storages) for name, view in views.items()}


def _read_storage(file: BinaryIO, dtype: np.dtype[Any]) -> Tensor:
    count = int.from_bytes(file.read(8), "little")
    numbers = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    if numbers.size != count:
        raise ValueError("it ends too early")
    return numbers
