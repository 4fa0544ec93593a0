"""A database of the state that landed last, with a row in every table, becomes one of today; also when it is killed halfway."""

from __future__ import annotations

import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from tests.reliability.outbox_of import environment
from tests.reliability.server import postgres

LANDED = Path(__file__).with_name("landed.json")
"""The last migrations of each app as they landed; moved on at each release."""

FIRST = "from tests.reliability.upgrade import as_landed; as_landed()"
CHECK = "from tests.reliability.upgrade import checked; checked()"


def run(full: bool) -> dict[str, object]:
    """Both databases, killed 20 times each; or SQLite, killed twice."""
    if not full:
        return upgraded(kills=2)
    with postgres() as server:
        found = {"sqlite": upgraded(kills=20), "postgresql": upgraded(kills=20, database_url=server.url)}
    return {**found, "passed": all(it["passed"] for it in found.values())}


def upgraded(kills: int, seed: int = 1, database_url: str = "") -> dict[str, object]:
    """Built as it landed, filled, migrated with that many kills, and looked at."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="tideover-upgrade-") as place:
        env = environment(Path(place), "smtp://127.0.0.1:1", database_url)
        subprocess.run([sys.executable, "-c", FIRST], env=env, check=True)
        for _ in range(kills):
            migrating = subprocess.Popen(
                [sys.executable, "-m", "tideover", "migrate"], env=env, stdout=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0.5, 3.0))
            migrating.kill()
            migrating.wait()
        done = subprocess.run(
            [sys.executable, "-c", CHECK], env=env, check=True, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return {"kills": kills, **found}


def as_landed() -> None:
    """In a process of its own: the tables of that state, and one row in each."""
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    targets = [tuple(it) for it in json.loads(LANDED.read_text("utf-8"))]
    executor.migrate(targets)
    apps = MigrationExecutor(connection).loader.project_state(targets).apps
    with connection.constraint_checks_disabled():
        for model in apps.get_models():
            _fill(model)
    Path(os.environ["TIDEOVER_DATA"], "counts.json").write_text(json.dumps(_counts()), "utf-8")


def _fill(model) -> None:
    """A row with a value of its own kind in every column; where the table refuses one, it stays as it is."""
    from django.db import IntegrityError, transaction

    values = {it.attname: _value(it) for it in model._meta.concrete_fields if not it.auto_created}
    for refused in ({}, {"state": "queued"}, {"state": "waiting"}):
        more = {name: value for name, value in refused.items() if name in values}
        try:
            with transaction.atomic():
                model.objects.create(
                    **{name: value for name, value in {**values, **more}.items() if value is not None}
                )
                return
        except IntegrityError:
            continue


def _value(field):
    from django.db import models

    if field.null or field.has_default() or field.remote_field:
        return None
    if field.choices:
        return field.choices[0][0]
    by_kind = {
        models.BooleanField: True, models.UUIDField: uuid.UUID(int=1), models.DateTimeField: datetime.datetime.now(datetime.UTC),
        models.DateField: datetime.date(2026, 11, 1), models.BinaryField: b"x", models.JSONField: {}, models.CharField: "x",
        models.TextField: "x", models.IntegerField: 1,
    }  # fmt: skip
    if "Moment" in type(field).__name__:
        return datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    if "Day" in type(field).__name__:
        return datetime.date(2026, 11, 1)
    return next((value for kind, value in by_kind.items() if isinstance(field, kind)), None)


def _counts() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        names = [it for it in connection.introspection.table_names(cursor) if it != "django_migrations"]
        counted = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counted[name] = int(cursor.fetchone()[0])
    return counted


def checked() -> None:
    """In a process of its own: the rest of the migration, then every table has what it had, and the product is ready."""
    import django

    django.setup()
    from tideover.access import audit
    from tideover.cli._live import migrate
    from tideover.web.health.ready import troubles

    migrate()
    before = json.loads(Path(os.environ["TIDEOVER_DATA"], "counts.json").read_text("utf-8"))
    after = _counts()
    lost = {name: [many, after.get(name, 0)] for name, many in before.items() if after.get(name, 0) < many}
    filled = sum(many > 0 for many in before.values())
    told = {
        "tables": len(before), "with_rows": filled, "lost": lost, "troubles": troubles(),
        "audit_rows": audit.verify(anchors=()).rows, "new_tables": sorted(set(after) - set(before)),
        "passed": not lost and not troubles() and filled > len(before) // 2,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")
