"""What every test shares."""

from hypothesis import settings

# Two cores shared with others: a slow example is no failure. Every failure prints how to repeat it.
settings.register_profile("tideover", deadline=None, print_blob=True)
settings.load_profile("tideover")
