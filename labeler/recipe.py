"""All that is needed to make a dataset again, as it is stored with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.splits import SplitNotes, SplitRule


@dataclass(frozen=True)
class Recipe:
    """`reliability`: the settings that the weights came from, by name."""

    method: str
    confidence: str
    reliability: Mapping[str, object]
    labels: list[str]
    splits: SplitRule
    split_notes: SplitNotes
    soft_labels_digest: str
    code_version: str
