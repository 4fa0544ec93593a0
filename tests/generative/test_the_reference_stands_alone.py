"""An oracle that leans on what it judges is none."""

import ast
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "reference").glob("*.py"))
MAY_USE = ("tests.reference", "tideover.kit.ids")
PLAIN = {
    "ast",
    "collections",
    "dataclasses",
    "datetime",
    "functools",
    "importlib",
    "operator",
    "pathlib",
    "zoneinfo",
}
DATA = {"holidays", "yaml"}


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reference_uses_nothing_of_the_engine(path):
    strange = [
        name
        for name in _imported(path)
        if not name.startswith(MAY_USE) and name.split(".")[0] not in PLAIN | DATA
    ]

    assert strange == []


def test_every_file_of_the_reference_can_be_held_in_mind():
    assert len(FILES) > 10
    assert max(len(path.read_text().splitlines()) for path in FILES) <= 400
