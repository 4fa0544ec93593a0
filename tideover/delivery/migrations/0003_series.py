import secrets

from django.db import migrations, models


def made(apps, schema_editor):
    """From the first backup on, a copy of this database is known as its own."""
    apps.get_model("delivery", "Series").objects.create(key=secrets.token_hex(8))


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0002_deaths'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.BooleanField(default=True, unique=True)),
                ('key', models.CharField(max_length=32)),
                ('last', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(made, migrations.RunPython.noop),
    ]
