"""What every page shares."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotate.access import Seat
from annotate.models import User

SCRIPT = "Halftone-Script"  # sent by our own script, which cannot follow a redirect unseen
RECEIPT = "Halftone-Receipt"  # the key of what was stored: without it nothing counts as sent
PROBLEM = "Halftone-Problem"  # a refusal of our own, and not a page of somebody in between


class PageRequest(HttpRequest):
    """A request that `login_required` let through."""

    user: User


def show(
    request: HttpRequest, template: str, seat: Seat, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request,
        f"frontend/{template}",
        {"seat": seat, "project": seat.project, **context},
        status=status,
    )
