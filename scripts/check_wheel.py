"""Build the wheel, install it into an empty environment, and index, search and serve there.

Catches what an editable install hides: missing package data, a missing requirement, a module that
only developers have.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from urllib.request import urlopen

from real_photos import real_photos

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without any of this checkout on its path; return what it printed."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed with exit code {done.returncode}")
    return done.stdout


def main() -> None:
    """Exit with an error unless the wheel on its own indexes and finds real photos."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        run(sys.executable, "-m", "build", "--wheel", "--outdir", home, ROOT, cwd=home)
        wheel = next(home.glob("*.whl"))
        venv.create(home / "venv", with_pip=True)
        programs = home / "venv" / "bin"
        # The environment lives for a minute: what it does not import need not be compiled.
        run(programs / "pip", "install", "--quiet", "--no-compile", wheel, cwd=home)
        magpie, photos = programs / "magpie", home / "photos"
        photos.mkdir()
        for path in real_photos():
            (photos / path.name).write_bytes(path.read_bytes())
        run(magpie, "--help", cwd=home)
        run(magpie, "kibana", "--store", "http://localhost:9200/photos", cwd=home)
        store = f"sqlite:///{home / 'photos.db'}"
        report = json.loads(run(magpie, "index", photos, "--store", store, "--json", cwd=home))
        found = json.loads(run(magpie, "search", "cat", "--store", store, "--json", cwd=home))
        served = serve(magpie, store, home)
    assert report["indexed"] == len(real_photos()), report
    assert Path(found["hits"][0]["path"]).name == "chelsea.png", found["hits"][:1]
    assert '<div id="root">' in served["/"] and "swagger-ui" in served["/docs"], served
    assert json.loads(served["/api/search?q=cat"])["hits"][0]["id"] == found["hits"][0]["id"]
    print(f"{wheel.name}: installs, indexes {report['indexed']} photos, finds the cat, serves it")


def serve(magpie: Path, store: str, home: Path) -> dict[str, str]:
    """Return what the server answers: the page, its documentation and a search, by path."""
    command = [magpie, "serve", "--port", "0", "--json", "--store", store]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(
        command, cwd=home, env=clean, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        url = json.loads("".join(server.stdout.readline() for _ in range(3)))["url"]
        paths = ("/", "/docs", "/api/search?q=cat")
        return {path: urlopen(f"{url}{path}").read().decode() for path in paths}
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
