"""Reading results."""

from collections.abc import Sequence

from django.db.models import QuerySet

from annotate.errors import Missing
from annotate.models import Item, Project
from annotate.selectors.answers import newest_annotations
from labeler.models import Dataset, ReliabilityRun, SoftLabel, SoftLabelSet
from labeler.numerics import VERSION
from labeler.results import (
    AgreementReport,
    DatasetReport,
    PairAgreement,
    ReliabilityReport,
)
from labeler.settings import USUAL

MOST_AT_ONCE = 50_000  # answers, about two seconds


def newest_run(project: Project) -> ReliabilityRun | None:
    """The newest by the usual settings and this version of the arithmetic: what pages show."""
    usual = {f"settings__{name}": value for name, value in USUAL.as_dict().items()}
    runs = ReliabilityRun.objects.filter(project=project, code_version=VERSION, **usual)
    return runs.order_by("-pk").first()


def newest_soft_labels(project: Project) -> SoftLabelSet | None:
    """The newest over the whole project in its own labels: what pages show."""
    whole = USUAL.selection.as_dict()
    usual = {f"reliability_run__settings__{name}": value for name, value in whole.items()}
    return SoftLabelSet.objects.filter(project=project, **usual).order_by("-pk").first()


def soft_labels_by_disagreement(soft_label_set: SoftLabelSet) -> QuerySet[SoftLabel]:
    """Those that people differ about most, and of equal ones those that most people answered. An
    item that one person guessed at is unsure, not disputed.
    """
    rows = SoftLabel.objects.filter(soft_label_set=soft_label_set).select_related("item")
    return rows.order_by("-disagreement", "-n_annotations", "item_id")


def soft_labels_of(
    soft_label_set: SoftLabelSet | None, items: Sequence[Item]
) -> dict[int, SoftLabel]:
    """By the items' primary keys. One query."""
    if soft_label_set is None:
        return {}
    rows = SoftLabel.objects.filter(soft_label_set=soft_label_set, item__in=items)
    return {row.item_id: row for row in rows}


def soft_label_set_for(project: Project, pk: int | None) -> SoftLabelSet:
    stored = (
        SoftLabelSet.objects.filter(project=project, **({} if pk is None else {"pk": pk}))
        .order_by("-pk")
        .first()
    )
    if stored is None:
        raise Missing(
            "There is no such soft-label set in this project. Make one with: soft_labels "
            + project.slug
        )
    return stored


def datasets_of(project: Project) -> QuerySet[Dataset]:
    return Dataset.objects.filter(project=project).defer("payload").order_by("-number")


def dataset_for(project: Project, number: int | None) -> Dataset:
    dataset = datasets_of(project).filter(**({} if number is None else {"number": number})).first()
    if dataset is None:
        raise Missing(
            "There is no such dataset in this project. Freeze one with: freeze_dataset "
            + project.slug
        )
    return dataset


def dataset_report(dataset: Dataset) -> DatasetReport:
    """What `freeze_dataset --json` and the API show of a dataset."""
    return DatasetReport(
        dataset.number, dataset.content_hash, dataset.n_rows, dataset.splits, dataset.recipe
    )


def is_big(project: Project, most: int = MOST_AT_ONCE) -> bool:
    """Too many answers to work anything out while somebody waits: what is stored is shown. One
    query, bounded.
    """
    return newest_annotations(project)[most : most + 1].exists()


def agreement_report(run: ReliabilityRun) -> AgreementReport:
    """What `agreement --json` and the API show of a stored run."""
    analysis = run.analysis
    return AgreementReport(
        metric="krippendorff",
        pair_metric=run.settings["metric"],
        level=analysis.level,
        value=analysis.overall.value,
        interval=analysis.overall.interval,
        n_items=analysis.n_items,
        n_annotators=analysis.n_annotators,
        n_annotations=analysis.n_annotations,
        reason=analysis.overall.reason,
        pairs=analysis.pairs,
        intra=analysis.selves,
        coefficients=analysis.coefficients,
        per_label=analysis.per_label,
        both_choices=analysis.both_choices,
        over_time=analysis.over_time,
        guideline_change=analysis.guideline_change,
        answers_per_item=analysis.answers_per_item,
        independence=analysis.independence,
        connectedness=analysis.connectedness,
        saturation=analysis.saturation,
        n_pairs=analysis.n_pairs,
        digest=run.digest,
    )


def reliability_report(run: ReliabilityRun) -> ReliabilityReport:
    """What `reliability --json` and the API show of a stored run."""
    analysis = run.analysis
    return ReliabilityReport(
        annotators=analysis.annotators,
        pairs=[PairAgreement(p.a, p.b, p.n, p.value, p.interval, p.reason) for p in analysis.pairs],
        alpha=run.settings["alpha"],
        normalise=run.settings["normalise"],
        min_overlap=run.settings["min_overlap"],
        metric=run.settings["metric"],
        sweeps=analysis.sweeps,
        converged=analysis.converged,
        mean_inter=analysis.mean_inter,
        mean_intra=analysis.mean_intra,
        digest=run.digest,
    )
