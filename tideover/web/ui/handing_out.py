"""A file that came from outside is handed out to be kept, never to be run: no page of ours, no guess at its kind, no scripts."""

from __future__ import annotations

from django.http import HttpResponse

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}


def handed_out(content: bytes, media_type: str, name: str) -> HttpResponse:
    """As an attachment in a sandbox. `name` is ours, not what the file was called outside."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}.{ENDINGS.get(media_type, "bin")}"'
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
