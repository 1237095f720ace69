"""What the tests share. The database is the one DATABASE_URL names: `tests.run` runs everything
on both.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="httest"))

import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Tests do not gather static files; names without a hash are what the pages then link to."""
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STORAGES = storages
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    yield tmp_path


def database_name() -> str:
    return str(django_settings.DATABASES["default"]["ENGINE"]).rsplit(".", 1)[-1]
