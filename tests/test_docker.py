"""docker-compose.yml and Dockerfile, as far as they can be checked without Docker."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from search.commands import main

ROOT = Path(__file__).parents[1]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_the_services_are_there():
    assert {"elasticsearch", "kibana", "magpie", "page"} <= set(SERVICES)


@pytest.mark.parametrize("name", ["elasticsearch", "kibana", "magpie", "page"])
def test_services_that_stay_have_a_health_check_and_restart(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_images_are_pinned_and_of_one_elastic_version():
    images = [service["image"] for service in SERVICES.values()]
    assert all(re.search(r":\d+\.\d+\.\d+$", image) for image in images)
    assert len({image.split(":")[1] for image in images if "elastic.co" in image}) == 1
    assert all(":latest" not in line for line in DOCKERFILE.splitlines())


def test_every_volume_is_named_or_a_read_only_folder_of_photos():
    named = set(yaml.safe_load(COMPOSE)["volumes"])
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in named or volume.endswith(":/photos:ro")


def test_every_variable_has_a_default_or_fails_clearly_and_no_password_has_one():
    used = re.findall(r"(?<!\$)\$\{(\w+)(:[-?])?([^}]*)\}", COMPOSE)
    assert used
    for name, kind, text in used:
        assert kind in (":-", ":?") and text, name
        if "PASSWORD" in name or "KEY" in name:
            assert kind == ":?", name


def test_ports_are_open_on_loopback_only():
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_image_runs_as_nobody_special_and_on_any_processor():
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    arguments = re.search(r'ANNOY_COMPILER_ARGS="([^"]+)"', DOCKERFILE)
    assert arguments and "native" not in arguments[1]


def test_the_commands_of_the_image_exist():
    entry = re.search(r'^ENTRYPOINT \["magpie"\]$', DOCKERFILE, re.MULTILINE)
    assert entry
    health = SERVICES["magpie"]["healthcheck"]["test"][2:]
    for words in (SERVICES["magpie"]["command"], SERVICES["page"]["command"], health):
        done = CliRunner().invoke(main, [words[0], "--help"])
        assert done.exit_code == 0
        for option in (word for word in words[1:] if word.startswith("--")):
            assert option in done.output
