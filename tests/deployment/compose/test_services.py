"""The services of docker-compose.yml at work: its very commands, environments and health checks.

Only places are others: hosts, ports and folders. The server of the tests has no security and takes
every password; how Elastic's own images start is not run.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import elasticsearch_server
import httpx2
import pytest
from compose_file import image_environment, load, replaced
from surroundings import missing

PROGRAMS = Path(sys.executable).parent
STARTS_WITHIN_SECONDS = 120
ENDS_WITHIN_SECONDS = 10
"""What `docker stop` grants."""


@pytest.fixture
def photos(tmp_path, free_photos):
    home = tmp_path / "photos"
    home.mkdir()
    for photo in free_photos[:4]:
        shutil.copy(photo, home)
    return home


@pytest.fixture
def services(photos):
    given = {"ELASTIC_PASSWORD": "a.b-c_d1", "KIBANA_PASSWORD": "kibana1",
             "MAGPIE_API_KEY": "a long secret", "PHOTOS": str(photos)}  # fmt: skip
    return load(given)["services"]


@pytest.fixture
def places(elasticsearch_store_url, photos, tmp_path, new_cache):
    """Where in the tests is what the services see at these places."""
    server, _, store = elasticsearch_store_url.rpartition("/")
    host = server.removeprefix("http://")
    return {
        "elasticsearch:9200/photos": f"{host}/{store}",
        "localhost:9200": host,
        "/photos": str(photos),
        "/cache": str(new_cache(tmp_path / "cache")),
        "/data": str(tmp_path / "data"),
        "localhost:8000": f"localhost:{elasticsearch_server.free_port()}",
    }


def environment(service, places):
    """All that the service's container would see."""
    given = replaced({**image_environment(), **service.get("environment", {})}, places)
    given["PATH"] = f"{PROGRAMS}:{os.environ['PATH']}"
    return {**given, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}


@contextmanager
def started(service, places, *more):
    """Run the command of a service, and stop it as Docker does."""
    words = ["magpie", *replaced(service["command"], places), *more]
    process = subprocess.Popen(
        words, env=environment(service, places), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=ENDS_WITHIN_SECONDS)
        finally:
            process.kill()
            process.wait()


def is_healthy(service, places):
    """Run the health check of a service."""
    kind, *words = replaced(service["healthcheck"]["test"], places)
    command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
    done = subprocess.run(command, env=environment(service, places), capture_output=True)
    return done.returncode == 0


def wait_until(holds, process):
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.3)


def test_magpie_indexes_the_photos_follows_them_and_ends_when_it_is_stopped(
    services, places, photos, free_photos
):
    magpie = services["magpie"]
    assert not is_healthy(magpie, places)  # there is no library yet

    def found(number):
        words = ["magpie", "status", "--json"]
        done = subprocess.run(words, env=environment(magpie, places), capture_output=True)
        return done.returncode == 0 and json.loads(done.stdout)["photos"] == number

    with started(magpie, places) as process:
        wait_until(lambda: found(4), process)
        assert is_healthy(magpie, places)
        shutil.copy(free_photos[4], photos)
        wait_until(lambda: found(5), process)
    assert process.returncode == 130


def test_the_page_answers_with_the_key_alone(services, places, photos):
    page = services["page"]
    words = ["magpie", "index", str(photos)]
    subprocess.run(words, env=environment(page, places), check=True, capture_output=True)
    assert not is_healthy(page, places)
    url = f"http://{places['localhost:8000']}"
    with started(page, places, "--port", url.rpartition(":")[2]) as process:
        wait_until(lambda: is_healthy(page, places), process)
        assert httpx2.get(f"{url}/api/search?q=cat").status_code == 401
        key = {"Authorization": f"Bearer {page['environment']['MAGPIE_API_KEY']}"}
        hits = httpx2.get(f"{url}/api/search?q=animal", headers=key).json()["hits"]
        assert hits and all(hit["path"].startswith(str(photos)) for hit in hits)
    assert not is_healthy(page, places)


def need_curl():
    if not shutil.which("curl"):
        missing("curl, which Elastic's images have")


def test_the_health_check_of_elasticsearch_tells_a_server_from_none(services, places):
    need_curl()
    assert is_healthy(services["elasticsearch"], places)
    nobody = f"localhost:{elasticsearch_server.free_port()}"
    assert not is_healthy(services["elasticsearch"], {**places, "localhost:9200": nobody})


class Asked(BaseHTTPRequestHandler):
    """Answers all requests with the status of the server, and keeps what it was asked."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def fake():
    """A service that answers with its `status`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.status, server.asked = 200, []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_kibana_is_healthy_when_its_status_is_available(services, fake):
    need_curl()
    there = {"localhost:5601": f"127.0.0.1:{fake.server_port}"}
    assert is_healthy(services["kibana"], there)
    assert fake.asked[0][:2] == ("GET", "/api/status")
    fake.status = 503
    assert not is_healthy(services["kibana"], there)


@pytest.mark.parametrize("status", [200, 401])
def test_kibanas_own_user_gets_the_password_that_kibana_uses(services, fake, status):
    need_curl()
    fake.status = status
    service = services["kibana-password"]
    places = {"elasticsearch:9200": f"127.0.0.1:{fake.server_port}"}
    command = replaced(service["command"], places)
    done = subprocess.run(command, env=environment(service, places), capture_output=True)
    ((method, path, headers, body),) = fake.asked
    assert (method, path) == ("POST", "/_security/user/kibana_system/_password")
    password = services["kibana"]["environment"]["ELASTICSEARCH_PASSWORD"]
    assert json.loads(body) == {"password": password}
    user = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert user == f"elastic:{services['elasticsearch']['environment']['ELASTIC_PASSWORD']}"
    assert (done.returncode == 0) == (status == 200)
