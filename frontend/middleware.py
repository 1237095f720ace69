"""What every answer of ours carries, the page of a refusal, and of a database that is away."""

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotate.errors import Refused
from frontend.statuses import status_of
from frontend.views.pages import PROBLEM

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
HEALTH = ("/healthz", "/readyz")
AWAY = (
    "The database does not answer, or its disk is full. What you sent was not kept; send it again."
)


class AnyHostForHealth:
    """An orchestrator asks by address. These two answers say nothing of what is here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in HEALTH:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".") or "localhost"
        return self.get_response(request)


class PrivatePages:
    """Pages of signed-in people stay out of every cache, so that the next person at the machine
    cannot go back to them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            response = _page(request, AWAY, 503)
            response["Retry-After"] = "5"
            return response
        if not isinstance(error, Refused):
            return None
        response = _page(request, error.message, status_of(error))
        response[PROBLEM] = error.code
        return response


def _page(request: HttpRequest, message: str, status: int) -> HttpResponse:
    context = {"message": message, "status": status}
    return render(request, "frontend/refusal.html", context, status=status)
