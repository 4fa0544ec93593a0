"""A PostgreSQL of a test's own, a direct child that can be killed and started again at the same port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


class Postgres:
    """One server in one folder. It does not run as root, so as root it runs as its own user."""

    def __init__(self, place: Path) -> None:
        self._place, self._bin = place, sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        if self._as:
            user = pwd.getpwnam("postgres")
            os.chown(place, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "tideover", "-A", "trust", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://tideover@127.0.0.1:{self.port}/tideover"

    def start(self) -> None:
        """Started, and surely ours: another server could have taken the port."""
        import psycopg

        for _ in range(600):
            if (
                self._process is None or self._process.poll() is not None
            ):  # what it left in memory may still be held
                self._process = self._spawned()
            try:
                with psycopg.connect(self.url.rpartition("/")[0] + "/postgres", autocommit=True) as known:
                    (folder,) = known.execute("SHOW data_directory").fetchone() or ("",)
                    if folder != str(self._data):
                        raise AssertionError(f"another server answers at port {self.port}: {folder}")
                    return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start.")

    def _spawned(self) -> subprocess.Popen[bytes]:
        more = ["-k", str(self._place), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60"]
        return subprocess.Popen(
            [self._bin / "postgres", "-D", self._data, "-p", str(self.port), *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=self._place, **self._as,
        )  # fmt: skip

    def kill(self) -> None:
        """As when the machine loses it: nothing is said to anybody."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def create(self, name: str = "tideover") -> None:
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tideover", name)

    def dump(self, file: Path) -> None:
        """A backup, as an operator makes it."""
        told = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "tideover")
        with file.open("wb") as out:
            subprocess.run(
                [self._bin / "pg_dump", *told, "--format=custom", "tideover"],
                check=True,
                stdout=out,
                cwd=self._place,
            )

    def restore(self, file: Path) -> None:
        """The backup in place of the database."""
        told = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "tideover")
        self._run("dropdb", *told, "--force", "tideover")
        self.create()
        with file.open("rb") as kept:
            subprocess.run(
                [self._bin / "pg_restore", *told, "--dbname=tideover"],
                check=True,
                stdin=kept,
                cwd=self._place,
            )

    @property
    def _data(self) -> Path:
        return self._place / "data"

    def _run(self, name: str, *told: str) -> None:
        subprocess.run(
            [self._bin / name, *told], check=True, capture_output=True, cwd=self._place, **self._as
        )


@contextmanager
def postgres():
    """A server with an empty database."""
    place = Path(tempfile.mkdtemp(prefix="tideover-postgres-"))
    server = Postgres(place)
    try:
        server.start()
        server.create()
        yield server
    finally:
        server.kill()
        shutil.rmtree(place, ignore_errors=True)
