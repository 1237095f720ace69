"""How reliability is worked out, and what is usual: the one home of these settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.errors import Invalid
from annotate.jsonform import JsonObject
from labeler.numerics.agreement.pairs import METRICS as TABLE_METRICS
from labeler.numerics.agreement.soft import SIMILARITIES
from labeler.numerics.reliability import Rules

METRICS = (*TABLE_METRICS, *SIMILARITIES)
LEVELS = ("auto", "nominal", "ordinal", "interval")
LEVEL_OF_KIND = {"nominal": "nominal", "ordinal": "ordinal"}


class BadReliabilitySettings(Invalid):
    code = "bad-settings"


@dataclass(frozen=True)
class Selection:
    """Which answers, in which label set: `merge` maps a label to the one it joins, `where` asks
    items for attribute values.
    """

    merge: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, dict[str, str]]:
        return {
            "merge": dict(sorted(self.merge.items())),
            "where": dict(sorted(self.where.items())),
        }


@dataclass(frozen=True)
class PairRule:
    """How agreement of pairs is measured: `metric` and `level`, `min_overlap` shared items below
    which a pair says nothing, and the `rules` by which reliability follows from it.
    """

    metric: str
    level: str
    min_overlap: int
    rules: Rules


@dataclass(frozen=True)
class ReliabilitySettings:
    """metric of pairs, and `level` of the labels (auto: as the project's kind of labels is);
    min_overlap = shared items below which a pair says nothing; alpha = weight of agreement with
    oneself; damping and shrinkage as in numerics.reliability.Rules.
    """

    alpha: float = 0.5
    normalise: str = "mean"
    min_overlap: int = 15
    metric: str = "krippendorff"
    level: str = "auto"
    damping: float = 0.0
    shrinkage: float = 0.0
    selection: Selection = field(default_factory=Selection)

    def as_dict(self) -> JsonObject:
        return {
            "alpha": self.alpha,
            "normalise": self.normalise,
            "min_overlap": self.min_overlap,
            "metric": self.metric,
            "level": self.level,
            "damping": self.damping,
            "shrinkage": self.shrinkage,
            **self.selection.as_dict(),
        }

    def rules(self) -> Rules:
        """Raises BadReliabilitySettings for what does not fit."""
        try:
            return Rules(self.alpha, self.normalise, damping=self.damping, shrinkage=self.shrinkage)
        except ValueError as reason:
            raise BadReliabilitySettings(f"{reason}.") from reason

    def check(self) -> None:
        self.rules()
        if self.metric not in METRICS:
            raise BadReliabilitySettings(f"metric is one of {', '.join(METRICS)}.")
        if self.level not in LEVELS:
            raise BadReliabilitySettings(f"level is one of {', '.join(LEVELS)}.")
        if self.min_overlap < 1:
            raise BadReliabilitySettings("min_overlap is at least 1.")

    def pair_rule(self, kind: str) -> PairRule:
        """For a project whose labels are of this kind. Raises KeyError for one without a level."""
        level = LEVEL_OF_KIND[kind] if self.level == "auto" else self.level
        return PairRule(self.metric, level, self.min_overlap, self.rules())


USUAL = ReliabilitySettings()
