"""Writes docs/reference/ from what the product itself says: tables, insights, codes, rules, commands.

Nothing here is edited by hand, so it cannot grow stale. Run by `make docs`.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from tideover.engine.facts.tables import TABLES, Table
from tideover.engine.insight import REGISTRY

ROOT = Path(__file__).parents[1]
CONTENT = ROOT / "tideover" / "content"
OUT = ROOT / "docs" / "reference"
COMMANDS = (
    "demo",
    "decide",
    "explain",
    "simulate",
    "check",
    "publish",
    "releases",
    "tables",
    "make-book",
    "import",
)


def grid(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [list(headings), *([_cell(it) for it in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    match value:
        case None:
            shown = ""
        case bool():
            shown = "yes" if value else "no"
        case list() | tuple():
            shown = ", ".join(map(str, value))
        case _:
            shown = str(value)
    return " ".join(shown.split()).replace("|", "\\|")


def facts() -> str:
    """Every table and column the engine can know."""
    intro = (
        "Keys are text; money is a whole number of minor units beside a currency; rates are parts per "
        "million; moments are UTC. Every row also has `recorded_at`."
    )
    return "\n\n".join(["# Facts", intro, *map(_table, TABLES.values())])


def _table(table: Table) -> str:
    rows = [
        (
            f"`{it.name}`",
            it.kind.name.lower(),
            it.meaning,
            it.unit,
            it.producer,
            "yes" if it.required else "",
            it.codes,
        )
        for it in table.columns
    ]
    standing = "Required." if table.required else f"Without it: {table.cost_if_missing}."
    columns = grid(("column", "kind", "meaning", "unit", "producer", "required", "codes"), rows)
    return f"## {table.name}\n\n{table.meaning}. {standing} Key: {', '.join(table.key)}.\n\n{columns}"


def insights() -> str:
    """Every name a policy can use."""
    rows = sorted((it.level.value, it.name, it.says, it.unit.value) for it in REGISTRY.values())
    parts = ["# Insights", "What follows from the facts. These names can stand in a policy's `when`."]
    for level, of_level in groupby(rows, key=lambda row: row[0]):
        parts.append(f"## {level.capitalize()}")
        parts.append(grid(("name", "meaning", "unit"), ((f"`{name}`", *rest) for _, name, *rest in of_level)))
    return "\n\n".join(parts)


def codes() -> str:
    """The closed lists: purposes, channels, holds."""
    return "\n\n".join(["# Codes", *_closed_lists()])


def _closed_lists() -> Iterator[str]:
    for file in ("purposes", "channels", "holds"):
        for heading, entries in _read(CONTENT / f"{file}.yaml").items():
            keys = list(dict.fromkeys(key for entry in entries.values() for key in entry if key != "says"))
            rows = (
                (f"`{code}`", it.get("says"), *(it.get(key) for key in keys)) for code, it in entries.items()
            )
            yield f"## {heading.capitalize()}\n\n" + grid(("code", "meaning", *keys), rows)


def rules() -> str:
    """Every limit and duty, country by country."""
    intro = "A limit beats every policy. `lender_default` means: nobody has checked this against the law yet."
    countries = sorted(it for it in (CONTENT / "rules").iterdir() if it.is_dir())
    return "\n\n".join(["# Rules", intro, *map(_country, countries)])


def _country(folder: Path) -> str:
    about = _read(folder / "_country.yaml") if (folder / "_country.yaml").exists() else {}
    files = [
        it for it in sorted(folder.glob("*.yaml")) if not it.name.startswith("_") and ".cases." not in it.name
    ]
    rows = (_rule(path.stem, _read(path)) for path in files)
    heads = ("rule", "says", "kind", "newest value", "status", "reference", "still valid on")
    return f"## {about.get('name', folder.name)}\n\n" + grid(heads, rows)


def _rule(name: str, rule: dict[str, Any]) -> tuple[object, ...]:
    sources = [
        f"[{it['title']}]({it['href']})" if it.get("href") else it["title"] for it in rule["reference"]
    ]
    since, value = max(rule["values"].items())
    in_force = (
        ", ".join(f"{key} {it}" for key, it in value.items()) if isinstance(value, dict) else _cell(value)
    )
    told = f"since {since}: {in_force}"
    return (_code(name), rule["says"], rule["kind"], told, rule["status"], sources, rule["still_valid_on"])


def strategies() -> str:
    """What each shipped strategy does, policy by policy."""
    intro = "Policies in alphabetical order; `order.yaml` of a strategy says which one wins."
    return "\n\n".join(["# Strategies", intro, *map(_strategy, sorted((CONTENT / "strategies").iterdir()))])


def _strategy(folder: Path) -> str:
    files = sorted((folder / "policies").glob("*.yaml"))
    policies = [_policy(path) for path in files if not path.name.endswith(".cases.yaml")]
    return "\n\n".join([f"## {folder.name}", _read(folder / "strategy.yaml")["says"], *policies])


def _policy(path: Path) -> str:
    policy = _read(path)
    steps = (
        (_code(it.get("when", "otherwise")), _code(it.get("do", "silence")), _code(it["because"]))
        for it in policy["steps"]
    )
    applies = f" Where `{policy['applies']}`." if policy.get("applies") else ""
    return f"### {path.stem}\n\n{policy['says']}{applies}\n\n" + grid(("when", "do", "because"), steps)


def _code(text: str) -> str:
    return f"`{text}`"


def commands() -> str:
    """What the command line says of itself."""
    intro = "Exit code 0 means done; 2 means refused, with the reason."
    asked = ((f"tideover {name}".rstrip(), _help(name)) for name in ("", *COMMANDS))
    return "\n\n".join(["# Commands", intro, *(f"## {said}\n\n```text\n{told}\n```" for said, told in asked)])


def _help(command: str) -> str:
    asked = [sys.executable, "-m", "tideover", *([command] if command else []), "--help"]
    plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(asked, cwd=ROOT, env=plain, capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def glossary() -> str:
    """The words, for readers of the site."""
    return (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


PAGES = (commands, facts, insights, codes, strategies, rules, glossary)


def main() -> None:
    """Write every page of the reference."""
    OUT.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        (OUT / f"{page.__name__}.md").write_text(page().rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
