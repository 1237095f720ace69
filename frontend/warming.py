"""What every page needs, loaded before the web server forks: processes share it then, instead of
each making its own at its first pages.
"""

from pathlib import Path

from django.template.loader import get_template
from django.urls import reverse

TEMPLATES = Path(__file__).parent / "templates"


def warm() -> None:
    """Every address and every template."""
    reverse("projects")
    for path in sorted(TEMPLATES.rglob("*.html")):
        get_template(str(path.relative_to(TEMPLATES)))
