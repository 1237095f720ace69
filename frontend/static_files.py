"""Which static files of our libraries are published: those that a page of ours links to."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PublishedStaticFiles(StaticFilesConfig):
    """Leaves out the browsable API (not served) and what django-htmx carries beside htmx 2.
    Hashing and compressing them took half of every start.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "htmax-*",
        "htmx-4*",
        "htmx-2.js",
        "ext",
    ]
