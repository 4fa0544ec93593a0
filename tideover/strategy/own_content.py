"""The lender's own rules, lists and messages as part of a release: kept as text, laid out again, changed only by two people.

Strategies in that folder are releases of their own and stay out of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from tideover.engine.decision.setup import read_setup
from tideover.engine.message import check_messages, check_words
from tideover.engine.policy.content import Problem
from tideover.engine.policy.lists import LISTS
from tideover.kit.errors import Refused
from tideover.kit.ids import hash_of_files
from tideover.strategy.models import Release
from tideover.strategy.models.releases import DECIDING

BESIDE, OF_THEIR_OWN = "content/", "strategies"
"""Before the names of its files in a release; and the folder that is none of it."""

SPOKEN = tuple(f"{BESIDE}{it}" for it in ("messages/", "words/", *LISTS))
"""What names begin with of files that say which messages there are and how they are worded."""


class NotAsPublished(Refused):
    """The files of a release are not those that were approved."""


def own_files(folder: Path | None) -> dict[str, str]:
    """Every text of the lender's folder, by the name it has in a release."""
    if folder is None or not folder.is_dir():
        return {}
    named = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        f"{BESIDE}{name.as_posix()}": text
        for name, path in named.items()
        if name.parts[0] != OF_THEIR_OWN and not any(it.startswith(".") for it in name.parts)
        if (text := _text_of(path)) is not None
    }


def _text_of(path: Path) -> str | None:
    """None of a picture or the like, which decides nothing."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def hash_with(strategy_hash: str, files: Mapping[str, str]) -> str:
    """The name of a release: the strategy's own where the lender has nothing beside it."""
    own = {name: text.encode() for name, text in _named(files, BESIDE).items()}
    return hash_of_files({"strategy": strategy_hash.encode(), **own}) if own else strategy_hash


def problems_of(folder: Path, overlay: Path | None) -> Iterable[Problem]:
    """What is wrong with rules and messages of the lender's own. Raises RulesRefused where rules cannot be read."""
    if not own_files(overlay):
        return ()
    setup = read_setup(str(folder), overlay=overlay, acts_as=settings.ACTS_AS)
    return [*check_words(overlay, rules=setup.rules), *check_messages(overlay, rules=setup.rules)]


def content_of(release: Release) -> Path | None:
    """The folder of what was approved with it, laid out from what is kept; None where nothing was. Raises NotAsPublished."""
    if not release.carries_content:  # published before a release carried it
        given: Path | None = settings.CONTENT
        return given
    files = _named(release.files, BESIDE)
    if not files:
        return None
    folder: Path = settings.DATA / "content" / release.hash[:16]
    lay_out(folder, {name.removeprefix(BESIDE): text for name, text in files.items()})
    if own_files(folder) != files:
        raise NotAsPublished(f"The files in {folder} are not those of {release}; take away what was added.")
    return folder


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    """Texts as files again, each whole or not at all: another process may be reading. What lies there already is left alone."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text("utf-8") != text:
            half = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
            half.write_text(text, "utf-8")
            half.replace(file)


def _named(files: Mapping[str, str], beginning: str | tuple[str, ...]) -> dict[str, str]:
    return {name: text for name, text in files.items() if name.startswith(beginning)}


def content_in_force() -> Path | None:
    """Whose lists and messages are spoken: of the release that decides for everybody, else of what ramps, else the folder's."""
    if settings.CONTENT is None:
        return None
    decides = _speaking().first()
    return content_of(decides) if decides else settings.CONTENT


def speaks_otherwise() -> bool:
    """Whether lists or messages of the lender's folder are others than those spoken now: everybody is spoken to from one of them."""
    live = Release.objects.filter(state="live").first()
    if live is None or not live.carries_content:
        return False
    return _named(own_files(settings.CONTENT), SPOKEN) != _named(live.files, SPOKEN)


def spoken_by() -> str:
    """The hash of the release whose lists and messages are spoken; "" where the lender has none of its own."""
    if settings.CONTENT is None:
        return ""
    return _speaking().values_list("hash", flat=True).first() or ""


def _speaking() -> QuerySet[Release]:
    """The live one, then what ramps."""
    return Release.objects.filter(state__in=DECIDING).order_by("state")


def not_yet_agreed() -> list[str]:
    """The files of the lender's folder that are not as they were approved: a new release waits to be asked for."""
    live = Release.objects.filter(state="live").first()
    if live is None or not live.carries_content:
        return []
    now, before = own_files(settings.CONTENT), _named(live.files, BESIDE)
    return sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
