"""Django's settings, all of them from the environment. Wiring only; see docs/how-to/settings.md."""

from __future__ import annotations

import gc
import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tideover.kit.logs import begin

# Facts and messages come in thousands of small objects that no cycle holds: looked through after every 700 of them, they
# cost a worker a tenth of its time.
gc.set_threshold(50_000)

ROOT = Path(__file__).parent
DATA = Path(os.environ.get("TIDEOVER_DATA", "tideover-data"))
"""Where the Parquet mirror, runs and attachments lie."""

DEBUG = False
IS_PRODUCTION = os.environ.get("TIDEOVER_ENV", "production") == "production"
LOGGING = begin(as_json=os.environ.get("TIDEOVER_LOG", "json" if IS_PRODUCTION else "text") == "json")


def _given(name: str) -> str:
    """A secret by its variable, or by the file that the variable with _FILE names; "" where neither is there."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text("utf-8").strip() if file else os.environ.get(name, "")


def _secret() -> str:
    return _given("TIDEOVER_SECRET_KEY") or _kept_secret(DATA / "secret-key")


def _kept_secret(file: Path) -> str:
    """The key of an installation that was given none: made once, readable by its owner alone.

    Where there is no data folder yet nothing is kept: the key ends with the process.
    """
    if not file.is_file():
        made = secrets.token_urlsafe(48)
        if not file.parent.is_dir():
            return made
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new,
        ):
            new.write(made)
    return file.read_text("utf-8").strip()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///") or "tideover.db",
            # A file, so that bulk readers with a connection of their own see it too.
            "TEST": {"NAME": f"{url.removeprefix('sqlite:///')}.test"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(
        f"TIDEOVER_DATABASE_URL starts with {parts.scheme!r}; expected sqlite:///FILE or postgresql://USER@HOST/NAME."
    )


DATABASE_URL = os.environ.get("TIDEOVER_DATABASE_URL", "sqlite:///tideover.db")
DATABASES = {"default": _database(DATABASE_URL)}
SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("TIDEOVER_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_URL = os.environ.get("TIDEOVER_PUBLIC_URL", "http://localhost:8000").rstrip("/")
DEMO = os.environ.get("TIDEOVER_DEMO") == "1"
"""A book of people who do not exist: messages end in the local mailbox, which anybody may open without sign-in."""
CLOCK_FILE = os.environ.get("TIDEOVER_CLOCK_FILE", "")
"""A file with an ISO instant that stands for now: tests and replays only."""
if CLOCK_FILE and IS_PRODUCTION:
    raise ValueError(
        "TIDEOVER_CLOCK_FILE is for tests and replays; unset it, or set TIDEOVER_ENV to something else."
    )

CONTENT = Path(os.environ["TIDEOVER_CONTENT"]) if os.environ.get("TIDEOVER_CONTENT") else None
"""The lender's own content, which stands before the shipped one file by file."""
ANCHOR_FOLDER = (
    Path(os.environ["TIDEOVER_ANCHOR_FOLDER"]) if os.environ.get("TIDEOVER_ANCHOR_FOLDER") else None
)
"""Where a second copy of each anchor of the audit trail is laid."""
ACTS_AS = os.environ.get("TIDEOVER_ACTS_AS", "creditor")

SENDER = {
    name: os.environ.get(f"TIDEOVER_LENDER_{name.upper()}", "")
    for name in ("name", "phone", "hours", "address", "web", "licence", "public_name", "stop_word")
}
"""The lender, as messages name it. Without a name and a phone nothing is sent."""

METRICS_TOKEN = _given("TIDEOVER_METRICS_TOKEN")
"""Whoever asks for /metrics from another machine shows it; without one only this machine may ask."""
LEASE_SECONDS = int(os.environ.get("TIDEOVER_LEASE_SECONDS", "45"))
"""How long a worker may hold a message: at most a minute, so that what a dead one held is taken over within that."""
MAIL_FROM = os.environ.get("TIDEOVER_MAIL_FROM", "hello@localhost")
WEBHOOK_INSIDE = tuple(it for it in os.environ.get("TIDEOVER_WEBHOOK_INSIDE", "").split(",") if it)
"""Networks inside to which events may be sent all the same."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "tideover.access.apps.AccessConfig",
    "tideover.access.borrowers.apps.BorrowersConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "tideover.book.apps.BookConfig",
    "tideover.book.applications.apps.ApplicationsConfig",
    "tideover.strategy.apps.StrategyConfig",
    "tideover.delivery.apps.DeliveryConfig",
    "tideover.delivery.privacy.apps.PrivacyConfig",
    "tideover.repayment.ledger.apps.LedgerConfig",
    "tideover.repayment.statements.apps.StatementsConfig",
    "tideover.repayment.ways.apps.WaysConfig",
    "tideover.repayment.promises.apps.PromisesConfig",
    "tideover.repayment.plans.apps.PlansConfig",
    "tideover.repayment.bills.apps.BillsConfig",
    "tideover.lessons.apps.LessonsConfig",
    "tideover.support.apps.SupportConfig",
    "tideover.support.voice.apps.VoiceConfig",
    "tideover.web.api.apps.ApiConfig",
    "tideover.web.desk.apps.DeskConfig",
    "tideover.web.health.apps.HealthConfig",
    "tideover.web.mailbox.apps.MailboxConfig",
    "tideover.web.portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tideover.access.middleware.SecondStepMiddleware",
    "tideover.web.unkeepable.UnkeepableMiddleware",
    "tideover.web.as_approved.AsApprovedMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "tideover.urls"
WSGI_APPLICATION = "tideover.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("bn", "বাংলা"), ("lv", "Latviešu"), ("vi", "Tiếng Việt"), ("fa", "فارسی")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "web" / "ui" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# Rate limits and used codes hold over all processes, without another server.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ONE_PERSON = os.environ.get("TIDEOVER_ONE_PERSON", "") == "yes"
"""A lender of one person: a night takes the place of the second person, and is marked so."""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Everything from our own origin, nothing inline, nobody else may frame us.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
IS_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"  # for browsers that do not know frame-ancestors above
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000

# Sign-in of staff: mail address and password, then a code or passkey; or a passkey alone. Nobody signs up.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff_account"
ACCOUNT_ADAPTER = "tideover.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the one-time link has proved the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_FORMS = {"login": "tideover.access.forms.SignInForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TIDEOVER_PROXIES", "0"))
"""How many proxies of ours stand before us; their last words in X-Forwarded-For are believed, no others."""
MFA_ADAPTER = "tideover.access.adapters.SecondStepAdapter"
MFA_TOTP_TOLERANCE = 1  # a code just gone still counts: people read slowly
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS  # browsers themselves allow it on localhost only
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "tideover.access.forms.SecondStepForm",
    "reauthenticate": "tideover.access.forms.SecondStepAgainForm",
    "add_webauthn": "tideover.access.forms.AddPasskeyForm",
}
