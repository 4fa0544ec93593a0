"""A name says the idea; these names say nothing."""

from tests.architecture.tree import files, name

SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "service",
    "services",
}


def test_every_python_file_and_folder_is_named_for_its_idea():
    words = {path: set(name(path).removesuffix(".py").split("/")) for path in files("*.py")}

    assert [name(path) for path, parts in words.items() if SAYS_NOTHING & parts] == []
