"""Checkpoints of a training: the newest whole one is where it goes on."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from worker.learners.artifacts import Damaged, Manifest, verified_manifest, write_folder

KEEP = 2
log = logging.getLogger(__name__)


def save(folder: Path, step: int, fill: Callable[[Path], None], about: Manifest) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_folder(folder / f"step-{step:08d}", fill, {**about, "step": step})
    for old in _found(folder)[KEEP:]:
        shutil.rmtree(old)


def newest(folder: Path, config_digest: str) -> tuple[Path, Manifest] | None:
    """The newest checkpoint of this very configuration whose every file is right; damaged ones
    are passed over.
    """
    for path in _found(folder):
        try:
            manifest = verified_manifest(path)
        except Damaged as damage:
            log.warning("checkpoint passed over: %s", damage)
            continue
        if manifest.get("config_digest") == config_digest:
            return path, manifest
    return None


def _found(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*"), reverse=True) if folder.exists() else []
