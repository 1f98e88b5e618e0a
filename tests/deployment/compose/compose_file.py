"""docker-compose.yml as Compose reads it: with its variables put in, in the ways it uses them."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from surroundings import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")
"""`$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`: see 12-interpolation.md of the spec."""


class Unset(Exception):
    """A variable that must be set is not; Compose prints the message and ends."""


def interpolated(value: Any, environment: Mapping[str, str]) -> Any:
    """Put variables into all texts of a YAML document.

    Raises:
        Unset: one that must be set is missing or empty.
    """
    if isinstance(value, Mapping):
        return {name: interpolated(item, environment) for name, item in value.items()}
    if isinstance(value, list):
        return [interpolated(item, environment) for item in value]
    if not isinstance(value, str):
        return value

    def put(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        given = environment.get(found[1], "")
        if not given and found[2] == "?":
            raise Unset(f"required variable {found[1]} is missing a value: {found[3]}")
        return given or (found[3] if found[2] == "-" else "")

    return VARIABLE.sub(put, value)


def load(environment: Mapping[str, str]) -> Any:
    """Return the whole file as it is with these variables."""
    return interpolated(yaml.safe_load(TEXT), environment)


def example() -> dict[str, str]:
    """Return the variables of .env.example."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line.strip() and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def image_environment() -> dict[str, str]:
    """Return what the image sets, by the ENV instructions of its last stage."""
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :].replace("\\\n", " ")
    words = [word for line in re.findall(r"^ENV (.*)$", last, re.M) for word in line.split()]
    return dict(word.split("=", 1) for word in words)


def replaced(value: Any, places: Mapping[str, str]) -> Any:
    """Put other places (hosts, folders) into all texts of commands and environments."""
    if isinstance(value, Mapping):
        return {name: replaced(item, places) for name, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, places) for item in value]
    for place, other in places.items():
        value = value.replace(place, other)
    return value
