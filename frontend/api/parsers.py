"""One strict reader for every JSON body, bounded while it reads."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from annotate.importing.strict_json import NotStrict, load_strict


class TooLarge(APIException):
    status_code = 413
    default_code = "too-large"


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Reads the stream itself, which Django's own bound on bodies does not see."""
        most = settings.BODY_LIMIT_MB * 1024**2
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(f"The body is larger than {settings.BODY_LIMIT_MB} MB. Send less.")
        try:
            return load_strict(body.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except NotStrict as error:
            raise ParseError(f"Line {error.line}: {error}") from error
