"""A product of its own for one bar: another process, an empty database, a clock set by hand. What was found comes back as figures."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """The product's clock, in the file that it reads."""

    def __init__(self, file: Path) -> None:
        self.file, self.at = file, 0

    def set(self, at: int) -> datetime:
        self.at = at
        written = self.file.with_suffix(".new")
        written.write_text(datetime.fromtimestamp(at, UTC).isoformat(), "utf-8")
        written.replace(self.file)  # whoever reads it meanwhile reads a whole one
        return datetime.fromtimestamp(at, UTC)

    def move(self, seconds: int) -> datetime:
        return self.set(self.at + seconds)


def in_own_process(module: str, *given: object) -> dict[str, object]:
    """What `module` says with these arguments and `--here`, a folder of its own, where it leaves `answer.json`."""
    with tempfile.TemporaryDirectory(prefix="tideover-own-") as place:
        env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_ENV": "test", "TIDEOVER_DATA": place,
            "TIDEOVER_DATABASE_URL": f"sqlite:///{place}/own.db", "TIDEOVER_CLOCK_FILE": f"{place}/clock",
            "TIDEOVER_LENDER_NAME": "Harbour Credit", "TIDEOVER_LENDER_PHONE": "+44 20 7946 0000",
            "TIDEOVER_MAIL_FROM": "hello@lender.example",
            "TIDEOVER_SECRET_KEY": "for tests only, and long enough to be one", "TIDEOVER_PUBLIC_URL": "https://lender.example",
        }  # fmt: skip
        command = [sys.executable, "-m", module, *map(str, given), "--here", place]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        answer = Path(place, "answer.json")
        if not answer.is_file():
            raise RuntimeError(done.stderr[-4000:])
        return json.loads(answer.read_text("utf-8"))


def made_ready() -> None:
    """Django, quiet, and every table."""
    import django
    import structlog

    django.setup()
    from django.core.management import call_command

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)


def answered(place: Path, figures: dict[str, object]) -> None:
    """Leave what was found."""
    (place / "answer.json").write_text(json.dumps(figures), "utf-8")
