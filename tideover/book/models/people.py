"""People: one steady row each, their sealed names, addresses and the words they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from tideover.access.allowed import branches_of
from tideover.book.fields import MomentField, SealedField

if TYPE_CHECKING:
    from collections.abc import Iterable


class PersonQuerySet(models.QuerySet["Person"]):
    """People as a set."""

    def in_branches(self, branches: Iterable[str] | None) -> PersonQuerySet:
        """Those whom these branches look after; None stands for every branch."""
        return self if branches is None else self.filter(branch__in=list(branches))

    def visible_to(self, user: object) -> PersonQuerySet:
        """Those whom this member of staff may see: of their branches, and nobody where the role sees no people."""
        return self.in_branches(branches_of(user))


class Person(models.Model):
    """Somebody who may ever be addressed. `facts_version` moves with every fact that could forbid or change a contact."""

    person_id = models.CharField(primary_key=True, max_length=200)
    branch = models.CharField(max_length=200, default="", db_index=True)
    name = SealedField(null=True)
    name_index = models.CharField(max_length=32, default="", db_index=True)
    facts_version = models.BigIntegerField(default=0)
    surrogate = models.CharField(max_length=40, unique=True, null=True)
    """Stands for the person in logs and the mirror; erasing her removes the only link between the two."""
    erased_at = MomentField(null=True)

    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        return self.person_id


class Address(models.Model):
    """The address behind an `address_id`: a number, a mailbox, a street. Two people may share one."""

    address_id = models.CharField(primary_key=True, max_length=200)
    channel = models.CharField(max_length=64)
    value = SealedField()
    index = models.CharField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return self.address_id


class ConsentText(models.Model):
    """The exact words somebody agreed to, by their hash; they stay as they were."""

    text_hash = models.CharField(primary_key=True, max_length=64)
    language = models.CharField(max_length=35)
    text = models.TextField()
    recorded_at = MomentField()

    def __str__(self) -> str:
        return self.text_hash
