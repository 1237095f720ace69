import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# Every page's code before gunicorn forks (--preload): a process started again answers at once, and
# all share one copy of it.
get_resolver().url_patterns  # noqa: B018
