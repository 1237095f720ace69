"""One strict reader for every JSON body."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from annotate.importing.strict_json import NotStrict, load_strict


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return load_strict(stream.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except NotStrict as error:
            raise ParseError(f"Line {error.line}: {error}") from error
