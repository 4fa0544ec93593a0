"""A borrower who is signed in, in a test client."""

from datetime import UTC, datetime

from tests.people import AT

NOW = datetime.fromtimestamp(AT, UTC)


def signed_in_as(client, person_id, *, language="en", at=NOW, how="code", proven=True):
    """The client with this person's session; `proven` as if she had come in a moment ago."""
    session = client.session
    session["borrower"] = {
        "person_id": person_id, "language": language, "how": how, "seen_at": at.isoformat(),
        "proven_at": (at if proven else at.replace(year=at.year - 1)).isoformat(),
    }  # fmt: skip
    session.save()
    return client
