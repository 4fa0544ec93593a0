"""A relay hands over what came back. While it cannot be kept the relay holds on to it."""

import os
import subprocess
import sys

MAIL = b"From: somebody@example.org\nSubject: Re: hello\n\nSTOP\n"


def test_a_mail_that_cannot_be_kept_now_is_tried_again_later_and_not_sent_back(tmp_path):
    nowhere = {
        "TIDEOVER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "TIDEOVER_DATA": str(tmp_path),
    }
    command = [sys.executable, "-m", "tideover", "take-mail"]

    done = subprocess.run(command, input=MAIL, env=os.environ | nowhere, capture_output=True, check=False)

    assert done.returncode == os.EX_TEMPFAIL
    assert b"STOP" not in done.stderr
