"""The shape of the house: who may import whom, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (
    # from the ground up; a module may import from its own layer and from those before it
    ("mappings", "indexer.errors", "indexer.records", "indexer.arrays", "indexer.paths"),
    ("indexer.places", "indexer.network", "indexer.imagenet", "indexer.photos"),
    ("indexer.vectors", "indexer.vector_file"),
    ("indexer.stores", "indexer.models", "indexer.engines", "indexer.neighbours"),
    ("indexer.describer", "indexer.reading", "indexer.linking", "indexer.verifying"),
    ("indexer.carrying",),
    (
        *("indexer.describing", "indexer.plan", "indexer.cluster"),
        *("indexer.settling", "indexer.pipeline"),
    ),
    ("indexer.store_sync",),
    ("indexer.store_copy",),
    ("indexer.examples", "indexer.reindexing"),
    ("indexer.layers", "indexer.distances", "indexer.copying"),
    ("indexer.cli", "indexer.commands", "indexer.file_commands", "indexer.reindex_command"),
    ("search.words",),
    ("search.answers", "search.likeness", "search.engine", "search.library"),
    ("search.api",),
    ("search.commands", "search.serve_command"),
)


def imports_of(path: Path) -> set[str]:
    """The project's modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.split(".")[0] in ("indexer", "search", "mappings")}


def layer_of(module: str) -> int | None:
    for number, members in enumerate(LAYERS):
        if any(module == member or module.startswith(member + ".") for member in members):
            return number
    return None


def modules() -> list[Path]:
    tops = ("indexer", "search", "mappings")
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_arrow_points_upwards(path):
    own = layer_of(name_of(path))
    for imported in imports_of(path):
        if name_of(path).split(".")[0] in ("indexer", "mappings"):
            assert not imported.startswith("search"), imported
        theirs = layer_of(imported)
        if own is not None and theirs is not None:
            assert theirs <= own, f"{name_of(path)} imports {imported} of a higher layer"


def test_importing_loads_nothing_heavy():
    heavy = ("tensorflow", "keras", "openvino", "gensim", "sklearn", "elasticsearch", "annoy")
    heavy += ("ray", "pyarrow")
    # loaded by name, and only where their library is used
    by_name = ("indexer.engines.", "indexer.stores.elasticsearch")
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


def test_the_repository_names_no_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".cfg", ".toml", ".yml", ".json", ".xml", ".java"}:
            text = path.read_text("utf-8")
            assert "/ro" + "ot/" not in text and "/wo" + "rk/" not in text, name
