"""The settings of a lender that exists for tests only. Set before Django reads them, which a conftest would be too late for."""

import os
import tempfile

os.environ.setdefault("TIDEOVER_SECRET_KEY", "for tests only, and long enough to be one")
os.environ.setdefault("TIDEOVER_ENV", "test")
os.environ.setdefault("TIDEOVER_DATA", tempfile.mkdtemp(prefix="tideover-tests-"))
os.environ.setdefault("TIDEOVER_DATABASE_URL", f"sqlite:///{os.environ['TIDEOVER_DATA']}/tideover.db")
os.environ.setdefault("TIDEOVER_PUBLIC_URL", "https://lender.example")
os.environ.setdefault("TIDEOVER_HOSTS", "testserver,localhost,lender.example")
os.environ.setdefault("TIDEOVER_LENDER_NAME", "Harbour Credit")
os.environ.setdefault("TIDEOVER_LENDER_PHONE", "+44 20 7946 0000")

from tideover.settings import *  # noqa: F403 - what stands in the environment is read on import
from tideover.settings import DATA, DATABASES

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # A file, as in life: several threads have each their own connection.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.db")}

# The browser of a test speaks plain http to this machine; links in messages say https all the same.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
