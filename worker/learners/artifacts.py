"""Folders of files with a manifest: written beside, synced, renamed; trusted only when every
SHA-256 is right.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worker.contract import MANIFEST

Manifest = dict[str, Any]  # what was said about the folder, and `files`: name → SHA-256


class Damaged(Exception):
    """A file of the folder is missing or is not the one that was written."""


def write_folder(path: Path, fill: Callable[[Path], None], about: Manifest) -> Manifest:
    """Make `path` hold what `fill` writes, with a manifest: whole or not at all, over a crash at
    any moment.
    """
    part = path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    fill(part)
    files = {file.name: _digest(file) for file in sorted(part.iterdir())}
    manifest = {**about, "files": files}
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for file in part.iterdir():
        _sync(file)
    _sync(part)
    if path.exists():
        shutil.rmtree(path)
    part.rename(path)
    _sync(path.parent)
    return manifest


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verified_manifest(path: Path) -> Manifest:
    """The manifest of the folder, once every file it names was read and found right. Raises
    Damaged.
    """
    try:
        manifest: Manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        wrong = [
            name for name, digest in manifest["files"].items() if _digest(path / name) != digest
        ]
    except (OSError, ValueError, KeyError) as error:
        raise Damaged(f"{path.name}: {error}") from error
    if wrong:
        raise Damaged(f"{path.name}: {wrong[0]} is not the file that was written")
    return manifest
