"""Personal fields are sealed with AES-256-GCM; each carries the id of its key, so that keys can be changed one by one.

`TIDEOVER_DATA_KEYS` lists keys as `id:base64`, separated by commas; the first seals, all of them open. Without it the
key follows from the secret key, and what that one sealed can be opened ever after. A blind index (HMAC-SHA256) finds an
exact value without opening any.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tideover.kit.errors import Refused

NONCE = 12
INDEX_BYTES = 16
SEALED = "sealed:"
DERIVED = "secret"
"""The id of the key that follows from the secret key."""


class Unreadable(Refused):
    """A personal field was sealed with a key that is not among the keys given."""


def sealed(text: str) -> bytes:
    """The text under the newest key."""
    return sealed_bytes(text.encode())


def opened(kept: bytes) -> str:
    """The text again. Raises Unreadable."""
    return opened_bytes(kept).decode()


def sealed_bytes(content: bytes) -> bytes:
    """Bytes under the newest key: one byte of length, the key's id, a nonce, the ciphertext."""
    (name, key), *_ = _keys().items()
    label = name.encode()
    nonce = secrets.token_bytes(NONCE)
    return bytes([len(label)]) + label + nonce + AESGCM(key).encrypt(nonce, content, label)


def opened_bytes(kept: bytes) -> bytes:
    """The bytes again. Raises Unreadable."""
    length = kept[0] if kept else 0
    label, rest = kept[1 : 1 + length], kept[1 + length :]
    key = _keys().get(label.decode("ascii", "replace"))
    if key is None:
        raise Unreadable(f"The key '{label.decode('ascii', 'replace')}' is missing from TIDEOVER_DATA_KEYS.")
    try:
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], label)
    except InvalidTag:
        raise Unreadable(
            "A personal field was changed after it was sealed, or its key is another one."
        ) from None


def sealed_text(text: str) -> str:
    """Sealed so that it can stand where a text is expected."""
    return SEALED + base64.b64encode(sealed(text)).decode()


def opened_text(kept: str) -> str:
    """What `sealed_text` sealed; any other text as it is. Raises Unreadable."""
    return opened(base64.b64decode(kept.removeprefix(SEALED))) if kept.startswith(SEALED) else kept


def again(kept: bytes) -> bytes:
    """The same under the newest key; the very bytes where they are already. Raises Unreadable."""
    return kept if key_id(kept) == next(iter(_keys())) else sealed_bytes(opened_bytes(kept))


def again_text(kept: str) -> str:
    """What `sealed_text` sealed, under the newest key; the very text where it is already. Raises Unreadable."""
    before = base64.b64decode(kept.removeprefix(SEALED))
    after = again(before)
    return kept if after is before else SEALED + base64.b64encode(after).decode()


def key_id(kept: bytes) -> str:
    """Under which key it is sealed."""
    return kept[1 : 1 + kept[0]].decode("ascii", "replace")


def blind(value: str) -> str:
    """The index of a value: equal values, however they are spaced or cased, have the same one."""
    told = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return hmac.new(_index_key(), told.encode(), hashlib.sha256).digest()[:INDEX_BYTES].hex()


def told_apart(names: Iterable[str]) -> str:
    """A mark that is the same for the same names alone, however they stand, and names none of them to whoever lacks the key."""
    told = json.dumps(sorted(set(names)))
    return hmac.new(_index_key(), told.encode(), hashlib.sha256).digest()[:INDEX_BYTES].hex()


@lru_cache(maxsize=1)
def _keys() -> dict[str, bytes]:
    given = os.environ.get("TIDEOVER_DATA_KEYS", "")
    listed = dict(part.split(":", 1) for part in given.split(",") if ":" in part)
    keys = {name.strip(): base64.b64decode(key) for name, key in listed.items()}
    if DERIVED in keys:
        raise Unreadable(
            f"No key in TIDEOVER_DATA_KEYS may be called '{DERIVED}': the one that follows from the secret key is."
        )
    return keys | {DERIVED: _derived(b"personal fields")}


@lru_cache(maxsize=1)
def _index_key() -> bytes:
    return _derived(b"blind index")


def _derived(purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=b"tideover", info=purpose).derive(settings.SECRET_KEY.encode())
