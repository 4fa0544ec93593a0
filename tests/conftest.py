"""What every test shares: the settings of a lender that exists for tests only, and patience."""

import os
import tempfile

from hypothesis import settings

os.environ.setdefault("TIDEOVER_SECRET_KEY", "for tests only, and long enough to be one")
os.environ.setdefault("TIDEOVER_ENV", "test")
os.environ.setdefault("TIDEOVER_DATA", tempfile.mkdtemp(prefix="tideover-tests-"))
os.environ.setdefault("TIDEOVER_DATABASE_URL", f"sqlite:///{os.environ['TIDEOVER_DATA']}/tideover.db")
os.environ.setdefault("TIDEOVER_LENDER_NAME", "Harbour Credit")
os.environ.setdefault("TIDEOVER_LENDER_PHONE", "+44 20 7946 0000")

# Two cores shared with others: a slow example is no failure. Every failure prints how to repeat it.
settings.register_profile("tideover", deadline=None, print_blob=True)
settings.load_profile("tideover")
