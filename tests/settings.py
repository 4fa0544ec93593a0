"""The settings of a lender that exists for tests only. Set before Django reads them, which a conftest would be too late for."""

import os
import tempfile

os.environ.setdefault("TIDEOVER_SECRET_KEY", "for tests only, and long enough to be one")
os.environ.setdefault("TIDEOVER_ENV", "test")
os.environ.setdefault("TIDEOVER_DATA", tempfile.mkdtemp(prefix="tideover-tests-"))
os.environ.setdefault("TIDEOVER_DATABASE_URL", f"sqlite:///{os.environ['TIDEOVER_DATA']}/tideover.db")

from tideover.settings import *  # noqa: F403
from tideover.settings import DATA, DATABASES

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # A file, as in life: several threads have each their own connection.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.db")}
