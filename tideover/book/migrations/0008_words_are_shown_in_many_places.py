"""The words alone do not say where they were shown any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("book", "0007_where_consents_were_shown")]

    operations = [
        migrations.AlterField(
            model_name="consenttext",
            name="shown_in",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.RemoveField(model_name="consenttext", name="shown_in"),
    ]
