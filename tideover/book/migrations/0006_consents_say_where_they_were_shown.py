"""Where somebody was shown the words is a fact about her consent, not about the words: two people may see them in two places."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("book", "0005_found_by_when_it_was_recorded")]

    operations = [
        migrations.AddField(
            model_name="consents",
            name="shown_in",
            field=models.CharField(
                help_text="Where the person was shown them: portal, paper, call ...", max_length=64, null=True
            ),
        ),
        migrations.AlterField(
            model_name="consents",
            name="text_hash",
            field=models.CharField(
                help_text="SHA-256 of the words the person agreed to", max_length=200, null=True
            ),
        ),
        migrations.AlterField(
            model_name="responses",
            name="human",
            field=models.BooleanField(
                help_text="Done by a person and not by a mail scanner; NULL when not known: then a click counts for nothing",
                null=True,
            ),
        ),
    ]
