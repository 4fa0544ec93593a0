"""Where each audience's pages stand."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from tideover.web.ui.keys import AnyKeyConverter, KeyConverter

register_converter(KeyConverter, "key")
register_converter(AnyKeyConverter, "anykey")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("tideover.web.api.urls")),
    path("staff/", include("tideover.access.urls")),
    path("desk/", include("tideover.web.desk.urls")),
    path("mailbox/", include("tideover.web.mailbox.urls")),
    path("", include("tideover.web.portal.urls")),
    path("", include("tideover.web.health.urls")),
    path("", include("tideover.web.incoming.urls")),
]
