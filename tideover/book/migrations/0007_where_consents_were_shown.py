"""What the words knew of where they were shown moves to the consents. By itself: it may take long, and locks no table meanwhile."""

from django.db import migrations

FROM_THE_WORDS = (
    "UPDATE book_consents SET shown_in = (SELECT w.shown_in FROM book_consenttext w "
    "WHERE w.text_hash = book_consents.text_hash) WHERE text_hash IS NOT NULL"
)
BACK_TO_THE_WORDS = (
    "UPDATE book_consenttext SET shown_in = COALESCE((SELECT max(c.shown_in) FROM book_consents c "
    "WHERE c.text_hash = book_consenttext.text_hash), '')"
)


class Migration(migrations.Migration):
    dependencies = [("book", "0006_consents_say_where_they_were_shown")]

    operations = [migrations.RunSQL(FROM_THE_WORDS, BACK_TO_THE_WORDS)]
