"""The benchmark of planning: its tree, and what it finds there."""

from benchmarks import folders


def test_a_tree_is_planned_as_new_and_as_unchanged(monkeypatch):
    monkeypatch.setattr(folders, "SIZES", (45,))
    (table,) = folders.tables()
    assert [row[:2] for row in table.rows] == [("45", "all new"), ("45", "all unchanged")]


def test_a_tree_has_as_many_files_as_asked_for(tmp_path):
    folders.make_tree(tmp_path, 45)
    lengths = sorted(len(list(folder.iterdir())) for folder in tmp_path.glob("*/*"))
    assert lengths == [5, 20, 20]
