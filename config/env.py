"""Typed, loud reading of the environment. A setting that is missing or malformed stops the start
with its name and what it wants.

`HALFTONE_ENV_FILE` (default `var/halftone.env`, written by `make demo`) may hold the same names as
`NAME=value` lines; the real environment wins over the file.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
LONGEST_SOCKET = 107
SECRETS = (
    "SECRET_KEY",
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "BROKER_URL",
    "BROKER_PASSWORD",
    "EMAIL_PASSWORD",
)
FALSE = {"0", "false", "no", "off"}


class Environment:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def parts_of_url(self, prefix: str, scheme: str, rest: str) -> str:
        """A URL of PREFIX_USER, _PASSWORD, _HOST and _PORT, or nothing where no host is named. The
        password may hold any character.
        """
        host = self.optional(f"{prefix}_HOST")
        if not host:
            return ""
        user, password = (quote(self.optional(f"{prefix}_{p}"), "") for p in ("USER", "PASSWORD"))
        port = self.optional(f"{prefix}_PORT")
        login = f"{user}:{password}@" if user or password else ""
        return f"{scheme}://{login}{host}{':' + port if port else ''}{rest}"

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, "").strip() or default
        if value is None:
            raise ImproperlyConfigured(
                f"{name} is not set. Set it in the environment; docs/guide/admins.md lists every"
                " setting."
            )
        return value

    def optional(self, name: str) -> str:
        return self._values.get(name, "").strip()

    def flag(self, name: str, default: str) -> bool:
        word = self.text(name, default).lower()
        if word not in TRUE | FALSE:
            raise ImproperlyConfigured(
                f"{name}={word!r} is neither yes nor no. Write one of: 1, 0, true, false, yes, no,"
                " on, off."
            )
        return word in TRUE

    def number(self, name: str, default: int) -> int:
        word = self.text(name, str(default))
        try:
            return int(word)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}={word!r} is not a whole number.") from error

    def words(self, name: str, default: str = "") -> list[str]:
        return [
            word.strip()
            for word in (self._values.get(name, "") or default).split(",")
            if word.strip()
        ]

    def secret(self, name: str) -> str:
        value = self.text(name)
        if len(value) < 40 or len(set(value)) < 8:
            raise ImproperlyConfigured(
                f"{name} is too short or too regular to be a secret: 40 characters or more, drawn"
                " at random."
            )
        return value


def read_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines of `path`; nothing when there is no such file. Blank lines and `#`
    lines are passed over.
    """
    if not path.exists():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator:
            raise ImproperlyConfigured(f"{path} line {number}: {line!r} is not NAME=value.")
        values[name.strip()] = value.strip()
    return values


def short_folder(folder: Path) -> Path:
    """`folder`, or one below the temporary folder where a socket in it would pass the kernel's
    limit of 107 bytes.
    """
    if len(str(folder / "redis.sock").encode()) <= LONGEST_SOCKET:
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"halftone-{os.getuid()}-{name}"


def load(base: Path) -> Environment:
    path = Path(os.environ.get("HALFTONE_ENV_FILE", base / "var" / "halftone.env"))
    given = {**read_file(path), **os.environ}
    return Environment({**read_secrets(given), **given})


def read_secrets(given: Mapping[str, str]) -> dict[str, str]:
    """NAME from the file that NAME_FILE names, as container platforms hand secrets over."""
    secrets = {}
    for name in SECRETS:
        place = given.get(f"{name}_FILE", "")
        try:
            if place:
                secrets[name] = Path(place).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={place}: {error.strerror}.") from error
    return secrets
