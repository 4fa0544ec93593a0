"""Coming in on the borrower's side: a code that was asked for, and the passkeys of her devices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SignInRequest(models.Model):
    """Somebody typed an address and waits for a code. The same row whether or not anybody has that address."""

    objects: ClassVar[models.Manager[SignInRequest]]

    key = models.CharField(max_length=64, unique=True, help_text="kept by the browser that asked")
    index = models.CharField(max_length=32, db_index=True, help_text="blind index of the address")
    channel = models.CharField(max_length=32)
    network = models.CharField(
        max_length=32, db_index=True, help_text="keyed fingerprint of the network it came from"
    )
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    handled_at = models.DateTimeField(
        null=True, help_text="when the worker looked who it is and sent the code"
    )
    people = models.JSONField(default=list, help_text="whose address it is; several may share one")
    code_hash = models.CharField(max_length=64, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="codes_to_send", condition=models.Q(handled_at=None))
        ]

    def __str__(self) -> str:
        return f"asked {self.asked_at}"


class BorrowerPasskey(models.Model):
    """A passkey on a device of hers (WebAuthn). The public half only; the secret never leaves the device."""

    objects: ClassVar[models.Manager[BorrowerPasskey]]

    person_id = models.CharField(max_length=200, db_index=True)
    credential_id = models.CharField(max_length=400, unique=True)
    public_data = models.TextField(help_text="attested credential data, base64url")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey {self.pk}"
