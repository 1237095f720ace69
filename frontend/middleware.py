"""What every answer of ours carries, and the page of a refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotate.errors import Refused
from frontend.api.problems import status_of
from frontend.views.pages import PROBLEM

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PrivatePages:
    """Pages of signed-in people stay out of every cache, so that the next person at the machine
    cannot go back to them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        status = status_of(error)
        context = {"message": error.message, "status": status}
        response = render(request, "frontend/refusal.html", context, status=status)
        response[PROBLEM] = error.code
        return response
