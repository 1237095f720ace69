"""Endpoints as plain functions, each with its method and its documented bodies; `resource` joins
those that share a URL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any, get_origin

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from annotate.errors import NotAllowed
from annotate.models import User
from frontend.api.bodies.problems import ProblemBody
from frontend.api.records import schema_of


def signed_in(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("Sign in first.")
    return request.user


Handler = Callable[..., HttpResponseBase]
CODES = (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 503)
REFUSALS = {(code, "application/problem+json"): ProblemBody for code in CODES}


@dataclass(frozen=True)
class Endpoint:
    method: str
    handler: Handler
    schema: dict[str, Any] = field(default_factory=dict)
    parsers: Sequence[type[BaseParser]] | None = None


def endpoint(
    method: str,
    *,
    gives: Any,
    takes: Any = None,
    status: int = 200,
    also: Mapping[Any, Any] | None = None,
    parsers: Sequence[type[BaseParser]] | None = None,
    **schema: Any,
) -> Callable[[Handler], Endpoint]:
    """`takes` is the body of the request, `gives` that of the answer with `status`: a serializer,
    or a record or a list of one; `also`: what other successes give, by status or by status and
    media type.
    """

    def decorate(handler: Handler) -> Endpoint:
        described = {
            "request": takes,
            "responses": _successes(status, gives, also or {}) | REFUSALS,
            "summary": (handler.__doc__ or "").strip(),
            **schema,
        }
        return Endpoint(method, handler, described, parsers)

    return decorate


def _successes(status: int, gives: Any, also: Mapping[Any, Any]) -> dict[Any, Any]:
    """Each under its media type, as refusals are: the generator takes the first key, sorted as
    text, for the body that says whether a list is given.
    """
    every = {} if gives is None else {status: _described(gives)}
    return {
        key if isinstance(key, tuple) else (key, "application/json"): body
        for key, body in {**every, **also}.items()
    }


def _described(gives: Any) -> Any:
    is_record = is_dataclass(gives) or get_origin(gives) is list
    return schema_of(gives) if is_record else gives


def resource(*endpoints: Endpoint) -> Callable[..., HttpResponseBase]:
    """One view that answers each endpoint's method."""
    members: dict[str, Any] = {one.method.lower(): _method(one) for one in endpoints}
    parsers = next((one.parsers for one in endpoints if one.parsers), None)
    if parsers:
        members["parser_classes"] = parsers
    view: type[APIView] = type("Resource", (APIView,), members)
    return view.as_view()


def _method(spec: Endpoint) -> Handler:
    def answer(self: APIView, request: Request, **places: Any) -> HttpResponseBase:
        return spec.handler(request, **places)

    described: Handler = extend_schema(**spec.schema)(answer)
    return described
