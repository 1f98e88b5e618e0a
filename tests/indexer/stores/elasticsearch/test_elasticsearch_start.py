"""tools/elasticsearch/start: what it says, and that its second start needs no Maven."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from check_tools import START
from elasticsearch_server import free_port, running
from surroundings import wanted_version


@pytest.fixture
def only_java(tmp_path):
    """An environment whose PATH holds nothing but java."""
    (tmp_path / "bin").mkdir()
    if java := shutil.which("java"):
        (tmp_path / "bin" / "java").symlink_to(java)
    return {**os.environ, "PATH": str(tmp_path / "bin"), "STOP_WITH_PARENT": "yes"}


def run(*arguments, **options):
    command = [sys.executable, str(START), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


@pytest.fixture(autouse=True)
def built(elasticsearch_url):
    """The home of the server, unless the tests use a server of somebody else."""
    if os.environ.get("ES_URL"):
        pytest.skip("ES_URL names a server that start did not start")


def test_a_second_start_needs_no_maven_and_ctrl_c_ends_it(tmp_path, only_java):
    command = [sys.executable, str(START), "--port", str(free_port()), "--data", str(tmp_path)]
    with subprocess.Popen(command, env=only_java, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 130
    assert line.startswith(f"Elasticsearch {wanted_version()}")
    assert "is ready at http://127.0.0.1:" in line
    assert str(tmp_path) in line


def test_a_port_or_folder_in_use_is_named_in_one_line(elasticsearch_url, tmp_path):
    port = elasticsearch_url.rpartition(":")[2]
    done = run("--port", port, "--data", str(tmp_path))
    assert done.returncode == 1
    assert port in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "--port" in done.stderr


def test_a_server_that_cannot_start_fails_the_tests_with_its_words(tmp_path):
    with (
        pytest.raises(RuntimeError, match=r"no\.such\.setting"),
        running(tmp_path, "--setting", "no.such.setting=1"),
    ):
        pass
