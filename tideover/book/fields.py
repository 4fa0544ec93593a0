"""Columns kept as the engine reads them: a moment is epoch seconds, a day is a number, a secret is sealed bytes.

So facts go to the engine without a cast on either database, and Python still sees aware datetimes and dates.
"""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models

from tideover.access.sealing import opened, opened_bytes, sealed, sealed_bytes

EPOCH_DAY = date(1970, 1, 1)
PACKED = b"x"
"""How what zlib packed begins, and no JSON does."""

QUICKLY = 1


class MomentField(models.BigIntegerField):
    """An aware datetime, kept as whole seconds since 1970 UTC. Fractions are cut: facts are told to the second."""

    _pyi_private_set_type: datetime | int  # type: ignore[assignment]
    _pyi_private_get_type: datetime  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: object) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, int):
            return datetime.fromtimestamp(value, UTC)
        return value if value is None or isinstance(value, datetime) else datetime.fromisoformat(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        return int(value.timestamp()) if isinstance(value, datetime) else super().get_prep_value(value)


class DayField(models.IntegerField):
    """A date, kept as days since 1970-01-01."""

    _pyi_private_set_type: date | int  # type: ignore[assignment]
    _pyi_private_get_type: date  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: object) -> date | None:
        return None if value is None else EPOCH_DAY + timedelta(days=value)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, int):
            return EPOCH_DAY + timedelta(days=value)
        return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        return (value - EPOCH_DAY).days if isinstance(value, date) else super().get_prep_value(value)


class SealedField(models.BinaryField):
    """A text that only the application can read: names, addresses, numbers of people."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]

    def from_db_value(self, value: bytes | None, *_: object) -> str | None:
        return None if value is None else opened(bytes(value))

    def get_prep_value(self, value: Any) -> bytes | None:
        return sealed(value) if isinstance(value, str) else super().get_prep_value(value)


class PackedField(SealedField):
    """A long text, packed before it is sealed: a page that a person got takes a fifth of its room. JSON kept unpacked is read too."""

    def from_db_value(self, value: bytes | None, *_: object) -> str | None:
        if value is None:
            return None
        content = opened_bytes(bytes(value))
        return (zlib.decompress(content) if content[:1] == PACKED else content).decode()

    def get_prep_value(self, value: Any) -> bytes | None:
        packed = sealed_bytes(zlib.compress(value.encode(), QUICKLY)) if isinstance(value, str) else value
        return super().get_prep_value(packed)
