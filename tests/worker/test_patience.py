"""A disk that is full is waited for. Every write to /dev/full finds no space, as the system has
it; `bench.full_disk` fills a real one under a real training.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from worker import patience
from worker.learners import checkpoints
from worker.learners.protocol import Orphaned, check_parent
from worker.patience import is_full, patiently


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "WAIT_SECONDS", 0.05)


def nobody_asks() -> None:
    """Whoever waits goes on waiting."""


def later(do: Callable[[], None]) -> None:
    threading.Timer(0.3, do).start()


def test_a_checkpoint_that_finds_no_space_is_written_when_there_is_some(tmp_path: Path) -> None:
    full, tries = tmp_path / "full", []
    full.symlink_to("/dev/full")

    def fill(folder: Path) -> None:
        tries.append(1)
        full.write_bytes(b"as much as the checkpoint needs")
        save_file({"step": np.arange(4)}, folder / "model.safetensors")

    later(full.unlink)
    patiently(
        lambda: checkpoints.save(tmp_path / "checkpoints", 5, fill, {"config_digest": "d"}),
        nobody_asks,
    )

    newest = checkpoints.newest(tmp_path / "checkpoints", "d")
    assert newest is not None and newest[0].name == "step-00000005"
    assert load_file(newest[0] / "model.safetensors")["step"].tolist() == [0, 1, 2, 3]
    assert len(tries) > 1 and len(list((tmp_path / "checkpoints").iterdir())) == 1


def test_nobody_waits_for_a_learner_whose_starter_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALFTONE_PARENT", str(os.getppid() + 1))

    with pytest.raises(Orphaned):
        patiently(lambda: Path("/dev/full").write_bytes(b"x"), check_parent)


def test_what_is_no_want_of_space_is_raised_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        patiently(lambda: (tmp_path / "nowhere" / "file").write_bytes(b"x"), nobody_asks)


def test_a_full_disk_is_known_however_a_library_tells_it() -> None:
    with pytest.raises(OSError) as plain:
        Path("/dev/full").write_bytes(b"x")

    assert is_full(plain.value)
    assert is_full(OSError([("a", "b", "[Errno 28] No space left on device")]))
    assert not is_full(PermissionError(13, "Permission denied"))


def test_a_tokenizer_that_finds_no_space_is_known_by_its_words() -> None:
    from_rust = Exception("No space left on device (os error 28)")

    assert is_full(from_rust)
    assert not is_full(Exception("Permission denied (os error 13)"))
