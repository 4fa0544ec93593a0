"""One idea a file. The tail is where even good projects hurt, so the tail is what fails."""

import warnings
from statistics import median

from tests.architecture.tree import files, name

MOST_LINES = 500
USUAL_LINES = 130


def _lines(*patterns: str) -> dict[str, int]:
    return {name(path): len(path.read_bytes().splitlines()) for path in files(*patterns)}


def test_no_file_is_longer_than_one_can_hold_in_mind():
    lengths = _lines("*.py", "*.yaml", "*.yml", "content/**/*.md", "*.toml", "Makefile")

    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_the_usual_file_is_short():
    product = [lines for path, lines in _lines("*.py").items() if path.startswith("tideover/") and lines > 3]

    if product and median(product) > USUAL_LINES:
        warnings.warn(f"the median product file has {median(product)} lines; split by idea", stacklevel=1)
