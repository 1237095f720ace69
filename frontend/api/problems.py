"""Every error of the API as RFC 9457 problem details."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotate.errors import Refused
from frontend.statuses import status_of

log = logging.getLogger(__name__)
CODES = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    406: "not-acceptable",
    413: "too-large",
    415: "wrong-type",
}
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Wrong method",
    409: "Conflict",
    413: "Too large",
    422: "Not valid",
    503: "Not now",
}


class MissingKey(exceptions.APIException):
    status_code = 400
    default_code = "idempotency-key-missing"
    default_detail = (
        "Send an Idempotency-Key header: a new random value for each answer, the same one when you"
        " send it again."
    )


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {
        "type": f"urn:halftone:problem:{code}",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return Response(body, status=status, content_type="application/problem+json")


@csrf_exempt
def nothing_here(request: HttpRequest) -> JsonResponse:
    """Any other address, those with malformed ids too."""
    body = problem(404, "not-found", "There is nothing at this address.").data
    return JsonResponse(body, status=404, content_type="application/problem+json")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, Refused):
        return problem(status_of(error), error.code, error.message, **error.details)
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "bad-request", "Some fields are not right.", fields=error.detail)
    if isinstance(error, OperationalError):
        log.exception("the database did not answer")
        answer = problem(
            503,
            "database-away",
            "The database does not answer at the moment. Send the same request again, with the same"
            " key.",
        )
        answer["Retry-After"] = "2"
        return answer
    plain = exception_handler(error, context)
    if plain is None:
        return None
    detail = str(getattr(error, "detail", "")) or "There is nothing here."
    if isinstance(error, (Http404, PermissionDenied)):
        detail = (
            "There is nothing here."
            if isinstance(error, Http404)
            else "Your account may not do this."
        )
    code = (
        error.default_code
        if isinstance(error, MissingKey)
        else CODES.get(plain.status_code, "refused")
    )
    answer = problem(plain.status_code, code, detail)
    for name in ("WWW-Authenticate", "Allow"):
        if name in plain:
            answer[name] = plain[name]
    return answer
