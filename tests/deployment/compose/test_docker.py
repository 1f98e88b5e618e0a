"""docker-compose.yml and Dockerfile, as far as they can be checked without Docker."""

import json
import re
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import compose_file
import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from compose_file import DOCKERFILE, TEXT, Unset, example, load
from surroundings import ROOT

from search.commands import main

SERVICES = yaml.safe_load(TEXT)["services"]
STAYING = ["elasticsearch", "kibana", "magpie", "page"]
FILLED = {**example(), "ELASTIC_PASSWORD": "a.b-c_d1", "KIBANA_PASSWORD": "kibana1",
          "MAGPIE_API_KEY": "a long secret", "PHOTOS": "/home/ann/Pictures"}  # fmt: skip
SCHEMA = json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8"))


def check(document):
    jsonschema.Draft7Validator(SCHEMA).validate(document)


@pytest.mark.parametrize("document", [yaml.safe_load(TEXT), load(FILLED)], ids=["raw", "filled"])
def test_the_file_is_what_compose_takes(document):
    check(document)


@pytest.mark.parametrize(
    "wrong", [{"comand": ["index"]}, {"restart": ["no"]}, {"healthcheck": {"test": 5}}]
)
def test_a_mistake_in_it_would_be_noticed(wrong):
    document = load(FILLED)
    document["services"]["magpie"] |= wrong
    with pytest.raises(jsonschema.ValidationError):
        check(document)


def test_the_services_are_there():
    assert set(STAYING) <= set(SERVICES)


@pytest.mark.parametrize("name", STAYING)
def test_services_that_stay_have_a_health_check_and_restart(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_services_wait_for_what_they_need():
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert SERVICES[name]["healthcheck"]
            else:  # one that ends
                assert how["condition"] == "service_completed_successfully"
                assert SERVICES[name]["restart"] == "no"


def test_images_are_pinned_and_of_one_elastic_version():
    images = [service["image"] for service in load(FILLED)["services"].values()]
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all(re.search(r":\d+\.\d+\.\d+(-[a-z-]+)?$", image) for image in (*images, *bases))
    assert len({image.split(":")[1] for image in images if "elastic.co" in image}) == 1
    assert len(set(bases)) == 1  # the environment that one made must run in the other


def test_elasticsearch_and_kibana_are_of_the_version_that_is_asked_for():
    services = load({**FILLED, "ELASTIC_VERSION": "9.5.3"})["services"]
    elastic = [one["image"] for one in services.values() if "elastic.co" in one["image"]]
    assert len(elastic) == 3 and all(image.endswith(":9.5.3") for image in elastic)


def test_every_volume_is_named_or_a_read_only_folder_of_photos():
    named = set(yaml.safe_load(TEXT)["volumes"])
    used = [volume for service in SERVICES.values() for volume in service.get("volumes", ())]
    assert {volume.split(":")[0] for volume in used if volume[0] != "$"} == named
    assert all(volume.endswith(":/photos:ro") for volume in used if volume[0] == "$")


def test_every_variable_has_a_default_or_fails_clearly_and_no_password_has_one():
    used = re.findall(r"(?<!\$)\$\{(\w+)(:[-?])?([^}]*)\}", TEXT)
    assert used and not re.search(r"(?<!\$)(\$\$)*\$(?![{$])", TEXT)
    for name, kind, text in used:
        assert kind in (":-", ":?") and text, name
        if "PASSWORD" in name or "KEY" in name:
            assert kind == ":?", name


def test_the_example_names_every_variable_and_gives_the_defaults_of_the_file():
    used = re.findall(r"(?<!\$)\$\{(\w+):([-?])([^}]*)\}", TEXT)
    defaults = {name: text if kind == "-" else "" for name, kind, text in used}
    assert example() == defaults


@pytest.mark.parametrize("name", [name for name, value in example().items() if not value])
def test_what_is_not_filled_in_is_named_with_what_to_do(name):
    with pytest.raises(Unset, match=rf"{name} is missing a value: (choose|name) "):
        load({**FILLED, name: ""})


def test_no_default_is_a_secret_and_none_is_in_the_image():
    assert not any(value for name, value in example().items() if re.search("PASS|KEY|TOKEN", name))
    assert not re.search("PASS|KEY|TOKEN|SECRET", DOCKERFILE)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    for secret in (".env", ".env.example", "photos.db", ".git"):
        assert any(fnmatch(secret, pattern) for pattern in ignored), secret


def test_ports_are_open_on_loopback_only_and_each_is_used_once():
    ports = [port for one in load(FILLED)["services"].values() for port in one.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports) == 3


def test_the_image_runs_as_nobody_special_and_on_any_processor():
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    assert not any("user" in service for service in SERVICES.values())
    for name in ("magpie", "page"):
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    arguments = re.search(r'ANNOY_COMPILER_ARGS="([^"]+)"', DOCKERFILE)
    assert arguments and "native" not in arguments[1]


def test_folders_that_are_written_belong_to_that_user():
    made = re.search(r"useradd .*?(\w+) && install -d -o (\w+) (.*)$", DOCKERFILE, re.MULTILINE)
    assert made and made[1] == made[2]
    volumes = json.loads(re.search(r"^VOLUME (.*)$", DOCKERFILE, re.MULTILINE)[1])
    assert made[3].split() == volumes
    environment = compose_file.image_environment()
    assert environment["MAGPIE_CACHE"] in volumes
    assert Path(environment["MAGPIE_STORE"].removeprefix("sqlite:///")).parent.as_posix() in volumes
    mounted = [volume for one in SERVICES.values() for volume in one.get("volumes", ())]
    assert f"magpie-cache:{environment['MAGPIE_CACHE']}" in mounted


def test_the_commands_of_the_image_exist():
    entry = re.search(r'^ENTRYPOINT \["magpie"\]$', DOCKERFILE, re.MULTILINE)
    assert entry
    health = SERVICES["magpie"]["healthcheck"]["test"][2:]
    for words in (SERVICES["magpie"]["command"], SERVICES["page"]["command"], health):
        done = CliRunner().invoke(main, [words[0], "--help"])
        assert done.exit_code == 0
        for option in (word for word in words[1:] if word.startswith("--")):
            assert option in done.output


@pytest.mark.slow
def test_what_the_image_copies_makes_the_whole_wheel(tmp_path):
    """The build stage copies few files: of these alone the wheel has all that the packages have."""
    (tmp_path / "src").mkdir()
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            place = tmp_path / "src" / target
            command = ["cp", "-r", ROOT / source, place / source if target == "./" else place]
            subprocess.run(command, check=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path]
    done = subprocess.run([*build, tmp_path / "src"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "indexer", "search", "mappings"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a checkout")
    assert set(listed.stdout.split()) <= held
