"""What a learner's process and whoever starts it agree on: names, settings, files, exit codes. No
torch and no framework, so that both sides import it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

WEIGHTS = ("reliability", "none")
USUAL_LONGEST = 128  # tokens of a text
PACKAGED = "packaged"  # the encoder that comes with Halftone

CONFIG = "config.json"
DATASET = "dataset.parquet"
PROGRESS = "progress.jsonl"
LOGITS = "logits.safetensors"
COST = "cost.json"
LOG = "learner.log"
MODEL = "model"  # the folder that a learner writes
OUTPUT = "output"  # the same with a manifest, whole
CHECKPOINTS = "checkpoints"
MANIFEST = "manifest.json"


class Exit(IntEnum):
    """How a learner ended without a model."""

    DIVERGED = 3
    OUT_OF_MEMORY = 4
    BAD_DATASET = 5
    ORPHANED = 6


@dataclass(frozen=True)
class Limit:
    """low and high are allowed themselves."""

    low: float
    high: float
    is_whole: bool = True

    def allows(self, number: float) -> bool:
        fits = self.low <= number <= self.high
        return fits and (not self.is_whole or float(number).is_integer())


@dataclass(frozen=True)
class LearnerSpec:
    """`settings`: what a training with it may set, with the limits of each."""

    name: str
    settings: Mapping[str, Limit]


BASELINE = LearnerSpec("baseline", {})
TRANSFORMER = LearnerSpec(
    "transformer",
    {
        "epochs": Limit(1, 100),
        "batch_size": Limit(1, 1024),
        "learning_rate": Limit(1e-7, 1.0, is_whole=False),
        "longest": Limit(8, 4096),
        "checkpoint_steps": Limit(1, 100_000),
    },
)
SPECS = (BASELINE, TRANSFORMER)
LEARNERS = tuple(spec.name for spec in SPECS)


@dataclass(frozen=True)
class TrainingConfig:
    """config.json: what to learn and how. `labels`: in the order of every distribution."""

    learner: str
    objective: str
    weights: str
    seed: int
    labels: list[str]
    settings: dict[str, float | str]
    content_hash: str


@dataclass(frozen=True)
class Cost:
    """cost.json: what the training took."""

    trainable_parameters: int
    total_parameters: int
    device: str
    peak_memory_bytes: int
    seconds: float = 0.0
