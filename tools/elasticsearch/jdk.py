"""Find a JDK that is new enough for a version of Elasticsearch."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USUAL_PLACES = (
    "/usr/lib/jvm/*",
    "/opt/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
)
"""Where systems, sdkman and IntelliJ put JDKs; the newest of a place is tried first."""


class NoJdk(Exception):
    """There is none; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Jdk:
    """A JDK: its folder, and its major version."""

    home: Path
    version: int

    def program(self, name: str) -> str:
        """Return the path of one of its programs."""
        return str(self.home / "bin" / name)


def find(least: int) -> Jdk:
    """Return the first JDK of at least the version `least`.

    JAVA_HOME is tried first, then `java` of the PATH, then the usual places.

    Raises:
        NoJdk: there is none.
    """
    too_old = []
    for home in dict.fromkeys(_homes()):
        jdk = Jdk(home, version(home))
        if jdk.version >= least and (home / "bin" / "javac").exists():
            return jdk
        if 0 < jdk.version < least:
            too_old.append(jdk)
    found = ", ".join(f"Java {jdk.version} in {jdk.home}" for jdk in too_old)
    said = f"is needed, but there is only {found}" if found else "is needed, but there is none"
    raise NoJdk(
        f"a JDK, {least} or later, {said}: install one (Debian: default-jdk-headless or a "
        "newer openjdk-*-jdk-headless), or name its folder in JAVA_HOME"
    )


def version(home: Path) -> int:
    """Return the major version of the Java in a folder; 0 where none runs there."""
    try:
        asked = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True)
    except OSError:
        return 0
    told = re.search(r'version "(?:1\.)?(\d+)', asked.stderr)  # Java 8 calls itself 1.8
    return int(told[1]) if told else 0


def _homes() -> Iterator[Path]:
    if given := os.environ.get("JAVA_HOME"):
        yield Path(given)
    if java := shutil.which("java"):
        yield Path(java).resolve().parents[1]
    for pattern in USUAL_PLACES:
        folder, _, rest = pattern.partition("*")
        for home in sorted(Path(folder).expanduser().glob(f"*{rest}"), key=_number, reverse=True):
            if (home / "bin" / "java").exists():
                yield home.resolve()


def _number(home: Path) -> int:
    """The first number in the name of a folder, such as 25 in temurin-25-jdk-amd64."""
    found = re.search(r"\d+", home.name)
    return int(found[0]) if found else 0
