"""What comes beside a book of files and no decision may see: names, addresses and the words of consents.

They are files of the book's folder, made by the `beside:` part of a mapping. They go into the database sealed, and the
same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl
from django.db import transaction

from tideover.access.sealing import blind
from tideover.book.actions import touch
from tideover.book.addresses import UnusableAddress, can_be_seen, usable
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.kit.errors import Refused

AT_ONCE = 5_000
MOST_OF_A_TAG = 35
"""Letters of the longest language tag that is kept (RFC 5646)."""

COLUMNS = {
    "consent_words": ("language", "text"),
    "names": ("person_id", "name"),
    "addresses": ("address_id", "channel", "value"),
}
Row = dict[str, str]


class NotBeside(Refused):
    """A file beside the book lacks a column that it must have."""


@dataclass
class Taken:
    """How many rows of a file were read, how many said something new, and why others were set aside, in sentences."""

    seen: int = 0
    added: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)


def take_beside(folder: Path, *, address_kinds: dict[str, str], at: datetime) -> dict[str, Taken]:
    """Take in what lies beside a book, once its people are known. `address_kinds` has the kind of address of each channel.

    Raises NotBeside before anything is taken; `check_beside` tells so before the book itself is.
    """
    takers: dict[str, Callable[[list[Row], Taken], None]] = {
        "consent_words": lambda rows, done: _words(rows, done, at),
        "names": _names,
        "addresses": lambda rows, done: _addresses(rows, done, address_kinds),
    }
    done = {}
    for name, path in check_beside(folder).items():
        done[name] = Taken()
        for rows in _pieces(path, COLUMNS[name], done[name]):
            with transaction.atomic():
                takers[name](rows, done[name])
    return done


def check_beside(folder: Path) -> dict[str, Path]:
    """The files that lie beside a book and are taken in. Raises NotBeside where one lacks a column."""
    found = {name: folder / f"{name}.parquet" for name in COLUMNS if (folder / f"{name}.parquet").is_file()}
    for name, path in found.items():
        _check(name, path, COLUMNS[name])
    return found


def words_missing() -> int:
    """How many consents name words that are not here: they could not be proved."""
    named = FACTS["consents"].objects.exclude(text_hash=None).exclude(text_hash="")
    return named.exclude(text_hash__in=ConsentText.objects.values("text_hash")).count()


def _check(name: str, path: Path, columns: tuple[str, ...]) -> None:
    missing = [it for it in columns if it not in pl.read_parquet_schema(path)]
    if missing:
        raise NotBeside(
            f"'{name}' beside the book needs the columns {', '.join(columns)}; {', '.join(missing)} is missing."
        )


def _pieces(path: Path, columns: tuple[str, ...], done: Taken) -> Iterator[list[Row]]:
    """The rows of a file, some thousands at once, those that lack something set aside."""
    texts = [pl.col(it).cast(pl.String) for it in columns]
    extra = [pl.col("country").cast(pl.String)] if "country" in pl.read_parquet_schema(path) else []
    for piece in (
        pl.read_parquet(path).select(*texts, *extra).unique(maintain_order=True).iter_slices(AT_ONCE)
    ):
        whole = piece.drop_nulls(list(columns))
        done.seen += piece.height
        done.set_aside["Something is missing in the row."] += piece.height - whole.height
        yield list(whole.iter_rows(named=True))


def _words(rows: list[Row], done: Taken, at: datetime) -> None:
    """The words of consents by their hash; they stay as they were. What no consent names may be of somebody who was erased."""
    usable_ones = [
        it
        for it in rows
        if it["text"].strip() and "\0" not in it["text"] and len(it["language"]) <= MOST_OF_A_TAG
    ]
    told = {hashlib.sha256(it["text"].encode()).hexdigest(): it for it in usable_ones}
    known = set(ConsentText.objects.filter(pk__in=told).values_list("pk", flat=True))
    named = set(
        FACTS["consents"].objects.filter(text_hash__in=told).values_list("text_hash", flat=True).distinct()
    )
    new = [
        ConsentText(text_hash=key, language=it["language"], text=it["text"], recorded_at=at)
        for key, it in told.items()
        if key in named - known
    ]
    done.set_aside["There are no words, or no language."] += len(rows) - len(usable_ones)
    done.set_aside["No consent names these words."] += len(told.keys() - named - known)
    done.added += len(ConsentText.objects.bulk_create(new, ignore_conflicts=True))


def _names(rows: list[Row], done: Taken) -> None:
    told = {it["person_id"]: " ".join(it["name"].split()) for it in rows}
    readable = {key: name for key, name in told.items() if name and can_be_seen(name)}
    # Locked: somebody who is erased meanwhile does not come back by this.
    known = Person.objects.select_for_update(no_key=True).filter(pk__in=readable, erased_at=None).in_bulk()
    changed = [
        Person(person_id=key, name=readable[key], name_index=blind(readable[key]))
        for key, it in known.items()
        if it.name != readable[key]
    ]
    done.set_aside["The name holds characters that cannot be seen."] += len(told) - len(readable)
    done.set_aside["Nobody here has this key."] += len(readable) - len(known)
    Person.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["person_id"], update_fields=["name", "name_index"]
    )
    touch(it.pk for it in changed)
    done.added += len(changed)


def _addresses(rows: list[Row], done: Taken, kinds: dict[str, str]) -> None:
    """Addresses that somebody here has. One address has one key, or a cap could not see that two people share it."""
    had = set(
        FACTS["contact_points"]
        .objects.filter(address_id__in={it["address_id"] for it in rows})
        .values_list("address_id", flat=True)
    )
    made = []
    for it in rows:
        try:
            made.append(_address(it, had, kinds))
        except UnusableAddress as no:
            done.set_aside[str(no)] += 1
    by_index = {
        (it.channel, it.index): it.pk for it in Address.objects.filter(index__in={it.index for it in made})
    }
    by_key = {it.pk: (it.channel, it.index) for it in Address.objects.filter(pk__in={it.pk for it in made})}
    new: dict[str, Address] = {}
    for address in made:
        of_it = (address.channel, address.index)
        if by_key.setdefault(address.pk, of_it) != of_it:
            done.set_aside["Its key stands for another address."] += 1
        elif by_index.setdefault(of_it, address.pk) != address.pk:
            done.set_aside["The address has another key here; one address has one key."] += 1
        else:
            new[address.pk] = address
    for known in Address.objects.filter(pk__in=new).values_list("pk", flat=True):
        del new[known]
    done.added += len(Address.objects.bulk_create(new.values(), ignore_conflicts=True))


def _address(row: Row, had: set[str], kinds: dict[str, str]) -> Address:
    if row["channel"] not in kinds:
        raise UnusableAddress("unknown_code", "There is no such channel.")
    if row["address_id"] not in had:
        raise UnusableAddress("not_found", "No contact point leads to it.")
    value = usable(row["value"], kinds[row["channel"]], row.get("country"))
    return Address(address_id=row["address_id"], channel=row["channel"], value=value, index=blind(value))
