"""Reading tensors out of a pickle that may be anything."""

import io
import os
import pickle
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from indexer.errors import BadValue
from indexer.network import models
from indexer.network.torch_pickle import MAGIC_NUMBER, read_tensors


class Tensor:
    """Pickles as PyTorch's tensors do."""

    def __init__(self, key: str, offset: int, shape: Any, strides: Any, kind: str) -> None:
        self.parts = (SimpleNamespace(key=key, kind=kind), offset, shape, strides, False, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.parts


class Writer(pickle.Pickler):
    """Pickles storages as PyTorch does: by a name that stands for numbers further down."""

    def persistent_id(self, thing: Any) -> Any:
        if not isinstance(thing, SimpleNamespace):
            return None
        return ("storage", getattr(sys.modules["torch"], thing.kind), thing.key, "cpu", 9, None)


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three names of PyTorch that its files hold."""
    top, utils = ModuleType("torch"), ModuleType("torch._utils")
    for module, name in (
        (top, "FloatStorage"),
        (top, "LongStorage"),
        (utils, "_rebuild_tensor_v2"),
    ):
        thing = type(name, (), {"__module__": module.__name__})
        setattr(module, name, thing)
        monkeypatch.setitem(sys.modules, module.__name__, module)


def file_of(tensors: Any, storages: dict[str, np.ndarray], magic: int = MAGIC_NUMBER) -> bytes:
    file = io.BytesIO()
    for thing in (magic, 1001, {"little_endian": True}, tensors, list(storages)):
        Writer(file, protocol=2).dump(thing)
    for numbers in storages.values():
        file.write(struct.pack("<q", numbers.size) + numbers.tobytes())
    return file.getvalue()


def read(content: bytes, folder: Path) -> dict[str, np.ndarray]:
    path = folder / "some.pth"
    path.write_bytes(content)
    return read_tensors(path)


NUMBERS = np.arange(24, dtype="<f4")


def test_tensors_come_back_by_name_and_type(torch: None, tmp_path: Path) -> None:
    tensors = OrderedDict(
        weight=Tensor("a", 0, (4, 6), (6, 1), "FloatStorage"),
        steps=Tensor("b", 0, (), (), "LongStorage"),
    )
    storages = {"b": np.array([7], "<i8"), "a": NUMBERS}
    found = read(file_of(tensors, storages), tmp_path)
    assert list(found) == ["weight", "steps"]
    assert (found["weight"] == NUMBERS.reshape(4, 6)).all()
    assert found["weight"].dtype == np.float32
    assert found["steps"].shape == ()
    assert found["steps"] == 7


def test_strides_and_offsets_are_honoured(torch: None, tmp_path: Path) -> None:
    tensors = {
        "transposed": Tensor("a", 0, (6, 4), (1, 6), "FloatStorage"),
        "part": Tensor("a", 8, (2, 3), (6, 1), "FloatStorage"),
        "repeated": Tensor("a", 5, (3,), (0,), "FloatStorage"),
    }
    found = read(file_of(tensors, {"a": NUMBERS}), tmp_path)
    table = NUMBERS.reshape(4, 6)
    assert (found["transposed"] == table.T).all()
    assert (found["part"] == table[1:3, 2:5]).all()
    assert found["repeated"].tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [(0, (5, 6), (6, 1)), (1, (4, 6), (6, 1)), (-1, (2,), (1,)), (3, (2,), (-1,))],
)
def test_a_tensor_that_reaches_out_of_its_numbers_is_refused(
    torch: None, tmp_path: Path, offset: int, shape: Any, strides: Any
) -> None:
    tensors = {"weight": Tensor("a", offset, shape, strides, "FloatStorage")}
    with pytest.raises(BadValue, match="reaches out of its storage"):
        read(file_of(tensors, {"a": NUMBERS}), tmp_path)


class Malice:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("place", ["first", "tensors"])
@pytest.mark.parametrize("function", [os.system, eval, exec, Path, getattr, open])
def test_a_pickle_that_calls_anything_else_is_refused_and_nothing_runs(
    tmp_path: Path, place: str, function: Any
) -> None:
    victim = tmp_path / "victim"
    call = {
        os.system: f"touch {victim}",
        eval: f"open({str(victim)!r}, 'w')",
        exec: f"open({str(victim)!r}, 'w')",
        open: str(victim),
    }.get(function, str(victim))
    malice = Malice(function, call, *(["w"] if function is open else []))
    content = pickle.dumps(malice, 2) if place == "first" else file_of(malice, {})
    with pytest.raises(BadValue, match=r"some\.pth does not hold PyTorch tensors: it names "):
        read(content, tmp_path)
    assert not victim.exists()


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04zip", pickle.dumps(3), b"\x80\x02."])
def test_anything_else_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(
        BadValue, match=r"some\.pth does not hold PyTorch tensors: .*get the file again"
    ):
        read(content, tmp_path)


def test_another_magic_number_is_refused(torch: None, tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="magic number"):
        read(file_of({}, {}, magic=1), tmp_path)


@pytest.mark.parametrize("part", [0.0005, 0.002, 0.0025, 0.5, 0.9999999])
def test_the_real_file_cut_short_anywhere_is_refused(tmp_path: Path, part: float) -> None:
    whole = models.load("efficientnet_lite0").weights().path.read_bytes()
    with pytest.raises(BadValue, match="does not hold PyTorch tensors"):
        read(whole[: int(part * len(whole))], tmp_path)


def test_the_real_file_holds_the_networks_numbers() -> None:
    tensors = read_tensors(models.load("efficientnet_lite0").weights().path)
    assert len(tensors) == 296
    assert tensors["_fc.weight"].shape == (1000, 1280)
    assert tensors["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert all(np.isfinite(numbers).all() for numbers in tensors.values())
