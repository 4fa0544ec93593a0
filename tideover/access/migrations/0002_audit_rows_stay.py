"""Rows of the audit trail can only be added: the database says so itself."""

from django.db import migrations

from tideover.access.append_only import protect, unprotect

TABLE = "access_auditrow"


def forwards(apps, schema_editor):
    protect(schema_editor.connection, TABLE)


def backwards(apps, schema_editor):
    unprotect(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_staff_and_audit")]

    operations = [migrations.RunPython(forwards, backwards)]
