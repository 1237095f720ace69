"""Reading results."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from annotate.errors import Missing
from annotate.models import Item, Project
from annotate.selectors import newest_annotations
from labeler.models import Dataset, ReliabilityRun, SoftLabel, SoftLabelSet
from labeler.numerics import VERSION

MOST_AT_ONCE = 50_000  # answers, about two seconds
# the usual settings, on the whole project in its own labels; a test holds them against the
# service's
PLAIN: dict[str, Any] = {
    "alpha": 0.5,
    "normalise": "mean",
    "min_overlap": 15,
    "metric": "krippendorff",
    "level": "auto",
    "damping": 0.0,
    "shrinkage": 0.0,
    "merge": {},
    "where": {},
}


def newest_run(project: Project) -> ReliabilityRun | None:
    """The newest by the usual settings and this version of the arithmetic: what pages show."""
    usual = {f"settings__{name}": value for name, value in PLAIN.items()}
    runs = ReliabilityRun.objects.filter(project=project, code_version=VERSION, **usual)
    return runs.order_by("-pk").first()


def newest_soft_labels(project: Project) -> SoftLabelSet | None:
    """The newest over the whole project in its own labels: what pages show."""
    usual: dict[str, Any] = {
        "reliability_run__settings__merge": {},
        "reliability_run__settings__where": {},
    }
    return SoftLabelSet.objects.filter(project=project, **usual).order_by("-pk").first()


def soft_labels_by_disagreement(soft_label_set: SoftLabelSet) -> QuerySet[SoftLabel]:
    """Those that people differ about most, and of equal ones those that most people answered. An
    item that one person guessed at is unsure, not disputed.
    """
    found = SoftLabel.objects.filter(soft_label_set=soft_label_set).select_related("item")
    return found.order_by("-disagreement", "-n_annotations", "item_id")


def soft_labels_of(
    soft_label_set: SoftLabelSet | None, items: Sequence[Item]
) -> dict[int, SoftLabel]:
    """By the items' primary keys. One query."""
    if soft_label_set is None:
        return {}
    found = SoftLabel.objects.filter(soft_label_set=soft_label_set, item__in=items)
    return {row.item_id: row for row in found}


def soft_label_set_for(project: Project, pk: int | None) -> SoftLabelSet:
    found = (
        SoftLabelSet.objects.filter(project=project, **({} if pk is None else {"pk": pk}))
        .order_by("-pk")
        .first()
    )
    if found is None:
        raise Missing(
            "There is no such soft-label set in this project. Make one with: soft_labels "
            + project.slug
        )
    return found


def datasets_of(project: Project) -> QuerySet[Dataset]:
    return Dataset.objects.filter(project=project).defer("payload").order_by("-number")


def dataset_for(project: Project, number: int | None) -> Dataset:
    found = datasets_of(project).filter(**({} if number is None else {"number": number})).first()
    if found is None:
        raise Missing(
            "There is no such dataset in this project. Freeze one with: freeze_dataset "
            + project.slug
        )
    return found


MORE = (
    "coefficients",
    "per_label",
    "both_choices",
    "over_time",
    "guideline_change",
    "answers_per_item",
    "independence",
    "connectedness",
    "saturation",
    "n_pairs",
)


def is_big(project: Project, most: int = MOST_AT_ONCE) -> bool:
    """Too many answers to work anything out while somebody waits: what is stored is shown. One
    query, bounded.
    """
    return newest_annotations(project)[most : most + 1].exists()


def agreement_report(run: ReliabilityRun) -> dict[str, Any]:
    """What `agreement --json` and the API show of a stored run."""
    result = run.result
    return {
        "metric": "krippendorff",
        "pair_metric": run.settings["metric"],
        "level": result["level"],
        "value": result["overall"]["value"],
        "interval": result["overall"]["interval"],
        "n_items": result["n_items"],
        "n_annotators": result["n_annotators"],
        "n_annotations": result["n_annotations"],
        "reason": result["overall"]["reason"],
        "pairs": result["pairs"],
        "intra": [
            {"annotator": row["name"], "gap_days": row["gap_days"], **row["self"]}
            for row in result["annotators"]
        ],
        **{name: result[name] for name in MORE},
        "digest": run.digest,
    }


def reliability_report(run: ReliabilityRun) -> dict[str, Any]:
    """What `reliability --json` and the API show of a stored run."""
    result = run.result
    return {
        "annotators": [
            {key: value for key, value in row.items() if key != "self"}
            for row in result["annotators"]
        ],
        "pairs": [
            {
                "a": p["a"],
                "b": p["b"],
                "n": p["n"],
                "agreement": p["value"],
                "interval": p["interval"],
                "reason": p["reason"],
            }
            for p in result["pairs"]
        ],
        **{name: run.settings[name] for name in ("alpha", "normalise", "min_overlap", "metric")},
        **{name: result[name] for name in ("sweeps", "converged", "mean_inter", "mean_intra")},
        "digest": run.digest,
    }
