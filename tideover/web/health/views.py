"""What machines read. None of it names anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from tideover.access.clock import now
from tideover.web.health.door import may_read_metrics
from tideover.web.health.gauges import Outbox
from tideover.web.health.ready import troubles


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up; nothing else is asked."""
    return HttpResponse("up\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether work may be sent here, and if not, why."""
    found = troubles()
    return JsonResponse({"ready": not found, "troubles": found}, status=503 if found else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The outbox and the runs in numbers: for whoever shows the token, and for this machine."""
    if not may_read_metrics(request):
        return HttpResponse(
            "Show the token, or ask from this machine.\n", status=403, content_type="text/plain"
        )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Outbox(now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
