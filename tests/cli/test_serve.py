"""One command for a small lender: pages, and a worker beside them that comes back should it die."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def test_pages_and_work_come_and_go_together(tmp_path):
    place = {"TIDEOVER_DATA": str(tmp_path), "TIDEOVER_DATABASE_URL": f"sqlite:///{tmp_path}/t.db"}
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | place
    subprocess.run([sys.executable, "-m", "tideover", "migrate"], env=env, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "tideover", "serve", "--work", "--port", str(port)], env=env
    )
    try:
        first = until(lambda: working_under(served.pid))
        assert until(lambda: answers(port)) == 200

        os.kill(first, signal.SIGKILL)

        second = until(lambda: working_under(served.pid) if working_under(served.pid) != first else None)
        assert second != first
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(60)
    assert not Path(f"/proc/{second}").exists()


def until(what, seconds=90):
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends
        time.sleep(0.2)
    return found


def working_under(parent):
    """The process of the worker beside the pages, if there is one."""
    for it in Path("/proc").glob("[0-9]*/stat"):
        try:
            is_ours = int(it.read_text().rpartition(")")[2].split()[1]) == parent
            if is_ours and b"tideover\0work" in (it.parent / "cmdline").read_bytes():
                return int(it.parent.name)
        except OSError:
            continue
    return None


def answers(port):
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as page:
            return page.status
    except OSError:
        return None
