"""What a web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from tideover.web.ui.body_limit import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.settings")

application = limited(get_wsgi_application())
