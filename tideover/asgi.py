"""What a web server runs."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from tideover.web.ui.body_limit import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.settings")

application = limited(get_asgi_application())
