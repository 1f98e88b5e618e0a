"""Which JDK tools/elasticsearch/start takes for which version, and what it says without one."""

import os
import subprocess
import sys

import pytest
from check_tools import START

ONLY_GIVEN = """
import runpy, sys
sys.path.insert(0, sys.argv[1].rpartition("/")[0])
import jdk
jdk.USUAL_PLACES = (sys.argv[2],)
sys.argv[:] = [sys.argv[1], *sys.argv[3:]]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs start as if nothing were in the usual places for JDKs but what is in one of the test's."""


def make_jdk(home, version, compiler=True):
    """A folder that looks like a JDK, as far as `start` looks before it starts anything."""
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    (home / "bin" / "java").chmod(0o755)
    if compiler:
        (home / "bin" / "javac").touch()
    return home


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Finds a JDK where there are none but those of the test."""
    monkeypatch.syspath_prepend(str(START.parent))
    import jdk

    monkeypatch.setattr(jdk, "USUAL_PLACES", (f"{tmp_path}/jvm/*",))
    monkeypatch.setenv("PATH", f"{tmp_path}/path/bin")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return lambda least: jdk.find(least).home


def test_the_newest_jdk_of_the_usual_places_is_found(found, tmp_path):
    make_jdk(tmp_path / "jvm" / "java-9-openjdk", "9")
    make_jdk(tmp_path / "jvm" / "temurin-25-jdk", "25.0.3")
    make_jdk(tmp_path / "jvm" / "java-21-openjdk", "21.0.1")
    make_jdk(tmp_path / "jvm" / "java-26-openjdk-jre", "26", compiler=False)
    assert found(21) == tmp_path / "jvm" / "temurin-25-jdk"


def test_java_home_comes_first_and_the_path_next_unless_they_are_too_old(
    found, tmp_path, monkeypatch
):
    newest = make_jdk(tmp_path / "jvm" / "java-25", "25.0.3")
    in_path = make_jdk(tmp_path / "path", "21.0.1")
    assert found(21) == in_path
    monkeypatch.setenv("JAVA_HOME", str(make_jdk(tmp_path / "home", "17.0.15")))
    assert [found(least) for least in (17, 21, 22)] == [tmp_path / "home", in_path, newest]


@pytest.mark.parametrize(
    ("version", "jdks", "said"),
    [
        ("8.19", {}, "a JDK, 17 or later, is needed, but there is none: install one "),
        ("9.5", {"java-17": "17.0.15", "java-8": "1.8.0_312"}, "21 or later, is needed, but there "
         "is only Java 17 in {0}/java-17, Java 8 in {0}/java-8: install one "),
    ],
    ids=["none", "too old"],
)  # fmt: skip
def test_without_a_jdk_it_says_what_is_needed_and_what_is_there(tmp_path, version, jdks, said):
    for name, number in jdks.items():
        make_jdk(tmp_path / "jvm" / name, number)
    command = [sys.executable, "-c", ONLY_GIVEN, str(START), f"{tmp_path}/jvm/*"]
    environment = {**os.environ, "PATH": str(tmp_path), "JAVA_HOME": ""}
    done = subprocess.run(
        [*command, "--version", version], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert said.format(tmp_path / "jvm") in done.stderr and "JAVA_HOME" in done.stderr


@pytest.mark.parametrize("given", ["7.17.0", "9", "nine"])
def test_a_version_that_cannot_be_started_is_wrong_usage(given):
    environment = {**os.environ, "ES_VERSION": given}
    done = subprocess.run(
        [sys.executable, str(START)], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 2
    assert f"'{given}' is not a version" in done.stderr and "8.19 or 9.5" in done.stderr
