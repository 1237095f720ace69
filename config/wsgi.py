import os

from django.core.wsgi import get_wsgi_application

from frontend.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# Every page's code before gunicorn forks (--preload): a process started again answers at once, and
# all share one copy of it.
warm()
