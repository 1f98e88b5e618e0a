"""The shape of the house: who may import whom, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (
    # From the ground up. A module imports from its own layer and from those below; where two
    # entries fit, the longer one counts. "indexer" and "search" are those packages' own files.
    ("mappings", "indexer", "indexer.defaults", "indexer.letters"),
    (
        "indexer.errors",
        "indexer.kinds",
        "indexer.facets",
        "indexer.filters",
        "indexer.records",
        "indexer.queries",
        "indexer.events",
        "indexer.batches",
        "indexer.halves",
        "indexer.times",
    ),
    ("indexer.derived", "indexer.imagenet", "indexer.photos", "indexer.progress"),
    ("indexer.network", "indexer.stores"),
    ("indexer.neighbours",),
    ("indexer.run", "indexer.verifying", "indexer.following"),
    ("indexer.pipeline",),
    ("indexer.exports", "indexer.moving"),
    ("indexer.commands",),
    ("search.filters", "search.levels", "search.words"),
    ("search.teaching",),
    ("search.likely",),
    ("search.answers", "search.likeness", "search.looking", "search.named_photos"),
    ("search.engine", "search.background"),
    (
        *("search", "search.opened", "search.searching", "search.counting", "search.browsing"),
        "search.completing",
        *("search.teaching.teacher", "search.library"),
    ),
    ("search.evaluation", "search.library_copy"),
    ("search.api", "search.kibana"),
    ("search.commands",),
    ("search.__main__",),
)
TOPS = ("indexer", "search")


def imports_of(path: Path) -> set[str]:
    """The project's modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {_imported(node.module, alias.name) for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("indexer", "search", "mappings")}


def _imported(module: str, name: str) -> str:
    """What `from module import name` imports: the module, or a module in it."""
    inner = f"{module}.{name}"
    place = ROOT.joinpath(*inner.split("."))
    return inner if place.is_dir() or place.with_suffix(".py").is_file() else module


def layer_of(module: str) -> int:
    """The number of the layer that names a module, or a package around it, most closely.

    Raises:
        LookupError: no layer does.
    """
    numbers = {member: number for number, members in enumerate(LAYERS) for member in members}
    if module in numbers:
        return numbers[module]
    parent = module.rpartition(".")[0]
    if parent in ("", *TOPS):
        raise LookupError(module)
    return layer_of(parent)


def modules() -> list[Path]:
    tops = ("indexer", "search", "mappings")
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_every_module_has_a_layer_and_no_arrow_points_upwards(path):
    own = layer_of(name_of(path))
    for imported in imports_of(path):
        if name_of(path).split(".")[0] in ("indexer", "mappings"):
            assert not imported.startswith("search"), imported
        assert layer_of(imported) <= own, f"{name_of(path)} imports {imported} of a higher layer"


def test_every_layer_is_of_modules_that_exist():
    names = {name_of(path) for path in modules()}
    assert {member for members in LAYERS for member in members} <= names


def test_every_class_name_stands_once():
    """A reader who meets a name never has to ask which of two classes it is."""
    found: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(name_of(path))
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


def test_importing_loads_nothing_heavy():
    heavy = ("tensorflow", "keras", "openvino", "gensim", "sklearn", "elasticsearch", "annoy")
    heavy += ("ray", "pyarrow")
    # loaded by name, and only where their library is used
    by_name = ("indexer.network.engines.", "indexer.stores.elasticsearch")
    names = [name_of(path) for path in modules() if not name_of(path).startswith(by_name)]
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    for library in {heavy!r}:\n"
        "        if sys.modules.pop(library, None): print(name, 'loads', library)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_slow_tests_exist():
    """Else a test that was renamed would make `make quick` slow again."""
    for line in (ROOT / "tests" / "slow.txt").read_text("utf-8").splitlines():
        file, _, function = line.partition("::")
        assert f"def {function}(" in (ROOT / file).read_text("utf-8"), line


def test_the_repository_names_no_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".cfg", ".toml", ".yml", ".json", ".xml", ".java"}:
            text = path.read_text("utf-8")
            assert "/ro" + "ot/" not in text and "/wo" + "rk/" not in text, name
