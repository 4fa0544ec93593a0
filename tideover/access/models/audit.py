"""The audit trail as rows: added, never changed or removed; the database itself refuses to (see append_only)."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from django.db import models

from tideover.access.append_only import Unchangeable


class AuditRow(models.Model):
    """Who did what, when, about whom; chained to the row before by its hash. Holds keys and codes, never a name."""

    objects: ClassVar[models.Manager[AuditRow]]

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    action = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=200, default="", db_index=True, help_text="a surrogate, never a name")
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    def save(self, *_: object, **__: object) -> None:
        if not self._state.adding:
            raise Unchangeable("A row of the audit trail stays as it was written.")
        super().save(force_insert=True)

    def delete(self, *_: object, **__: object) -> NoReturn:
        raise Unchangeable("A row of the audit trail stays as it was written.")


class AuditHead(models.Model):
    """The end of the chain: whoever adds a row holds this one until the transaction ends."""

    objects: ClassVar[models.Manager[AuditHead]]

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
