"""Runs a compiled network on many inputs, several at the same time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_in_turn(
    compiled: Any, inputs: Iterable[Any], count: int, result: Callable[[Any], Result]
) -> Iterator[Result]:
    """Yield the results of all inputs, in order.

    Args:
        compiled: a network that OpenVINO compiled.
        inputs: as an inference request takes them; taken up to `count` ahead.
        count: requests at the same time.
        result: waits for a request and copies its outputs, which the next input overwrites.
    """
    idle = [compiled.create_infer_request() for _ in range(count)]
    running: deque[Any] = deque()  # oldest first, which keeps the order
    for given in inputs:
        if not idle:
            request = running.popleft()
            yield result(request)
            idle.append(request)
        request = idle.pop()
        request.start_async(given)
        running.append(request)
    yield from map(result, running)
