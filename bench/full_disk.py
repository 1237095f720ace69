"""A training whose disk fills at its checkpoints, and which goes on when there is space again:
`python -m bench.full_disk`. The whole site lies on that disk, its SQLite database too. Needs the
right to mount a small file system (root).
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figures
from bench.site import Site, site

MEGABYTES = 2500  # two checkpoints of the packaged encoder, its best weights and the model
LEFT_MEGABYTES = 150  # less than one checkpoint
FULL_SECONDS = 20
WORDS = {"yes": "good bright happy", "no": "bad dark sad"}
SETTINGS = ("epochs=1", "batch_size=8", "longest=16", "checkpoint_steps=3")


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    size = f"size={MEGABYTES}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def answered(made: Site) -> None:
    rows = [
        f"i{n},{WORDS[label]} number {n},{who},{label},4"
        for n in range(90)
        for label in [list(WORDS)[n % 2]]
        for who in ("ada", "ben")
    ]
    file = made.folder / "answers.csv"
    file.write_text("\n".join(["item_id,text,annotator,label,confidence", *rows]))
    made.manage("create_project", "full", "--labels", ",".join(WORDS))
    made.manage("import_data", "full", str(file))
    made.manage("soft_labels", "full")
    made.manage("freeze_dataset", "full")


def train(made: Site, disk: Path) -> Figures:
    filler, runs = disk / "filler", made.folder / "runs"
    filler.write_bytes(b"\0" * 1024**2 * (MEGABYTES - LEFT_MEGABYTES))
    command = ["manage.py", "train", "full", "--learner", "transformer", "--now", "--json"]
    process = made.python(*command, "--set", *SETTINGS, stdout=subprocess.PIPE)
    time.sleep(FULL_SECONDS)
    waiting = process.poll() is None
    whole = len(list(runs.glob("*/checkpoints/step-*/manifest.json")))
    filler.unlink()
    freed = time.monotonic()
    out, _ = process.communicate(timeout=300)
    report = json.loads(out)
    return {
        "waited_while_full": waiting,
        "checkpoints_while_full": whole,
        "status": report["status"],
        "seconds_after_there_was_space": round(time.monotonic() - freed, 1),
        "model_version": report["model_version"],
        "reason": report["reason"],
    }


def main() -> None:
    with small_disk() as disk:
        tempfile.tempdir = str(disk)
        with site() as made:
            answered(made)
            print(json.dumps(train(made, disk)))


if __name__ == "__main__":
    main()
