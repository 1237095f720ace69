"""Agreement, reliability, soft labels and datasets."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, project_for
from annotate.jsonform import as_json
from annotate.models import Project
from annotate.selectors.projects import labels_of
from frontend.api.bodies.labels import (
    MethodBody,
    NewDatasetBody,
    PlanBody,
    ReliabilityBody,
    SoftLabelsBody,
    SoftLabelSetBody,
)
from frontend.api.endpoint import endpoint
from labeler.given_model import GivenModel
from labeler.models import SoftLabelSet
from labeler.numerics.aggregation.registry import METHODS
from labeler.numerics.planning.resources import Resources
from labeler.results import AgreementReport, DatasetReport, ReliabilityReport
from labeler.selectors import (
    agreement_report,
    dataset_report,
    datasets_of,
    reliability_report,
    soft_label_set_for,
)
from labeler.services.datasets import freeze_dataset
from labeler.services.models_given import model_given
from labeler.services.plans import PlanReport, make_plan
from labeler.services.reliability import newest_or_run, run_reliability
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels
from labeler.settings import ReliabilitySettings, Selection
from labeler.splits import SplitRule

METHOD_FIELDS = ("name", "title", "summary", "source", "needs_model")


@endpoint("GET", gives=AgreementReport)
def agreement(request: Request, slug: str) -> Response:
    """Agreement over all, of each pair and of each person with themselves."""
    seat = project_for(request.user, slug, Action.REVIEW)
    run = newest_or_run(project=seat.project, now=timezone.now())
    return Response(as_json(agreement_report(run)))


@endpoint("GET", gives=ReliabilityReport)
def reliability(request: Request, slug: str) -> Response:
    """Reliability of each annotator with the usual settings."""
    seat = project_for(request.user, slug, Action.REVIEW)
    run = newest_or_run(project=seat.project, now=timezone.now())
    return Response(as_json(reliability_report(run)))


@endpoint("POST", gives=ReliabilityReport, takes=ReliabilityBody)
def new_reliability(request: Request, slug: str) -> Response:
    """Reliability with settings of your own."""
    seat = project_for(request.user, slug, Action.REVIEW)
    body = ReliabilityBody(data=request.data)
    body.is_valid(raise_exception=True)
    settings, now = _settings(body.validated_data), timezone.now()
    run = run_reliability(project=seat.project, settings=settings, now=now)
    return Response(as_json(reliability_report(run)))


@endpoint("GET", gives=SoftLabelSetBody(many=True))
def list_soft_labels(request: Request, slug: str) -> Response:
    """The stored soft-label sets, newest first."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response(
        [
            _set_body(stored)
            for stored in SoftLabelSet.objects.filter(project=seat.project).order_by("-pk")[:50]
        ]
    )


@endpoint("POST", gives=SoftLabelSetBody, takes=SoftLabelsBody, status=201)
def new_soft_labels(request: Request, slug: str) -> Response:
    """Make and store a soft label for every answered item."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = SoftLabelsBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = body.validated_data
    settings = SoftLabelSettings(fields["method"], fields["confidence"], _settings(fields))
    soft_label_set = make_soft_labels(
        project=seat.project,
        settings=settings,
        now=timezone.now(),
        model=_model(seat.project, fields["probabilities"]),
    )
    return Response(_set_body(soft_label_set), status=201)


@endpoint("GET", gives=MethodBody(many=True))
def list_methods(request: Request, slug: str) -> Response:
    """The aggregation methods there are, in words."""
    project_for(request.user, slug, Action.REVIEW)
    return Response(
        [{name: getattr(method, name) for name in METHOD_FIELDS} for method in METHODS.values()]
    )


@endpoint("POST", gives=PlanReport, takes=PlanBody)
def plan(request: Request, slug: str) -> Response:
    """What an annotation takes: give five of the six numbers. Nothing is stored."""
    seat = project_for(request.user, slug, Action.REVIEW)
    body = PlanBody(data=request.data)
    body.is_valid(raise_exception=True)
    labels = tuple(label.key for label in labels_of(seat.project))
    known = Resources(**body.validated_data)
    return Response(as_json(make_plan(project=seat.project, known=known, labels=labels)))


@endpoint("GET", gives=list[DatasetReport], operation_id="projects_datasets_list")
def list_datasets(request: Request, slug: str) -> Response:
    """The frozen datasets, newest first."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response([as_json(dataset_report(dataset)) for dataset in datasets_of(seat.project)])


@endpoint("POST", gives=DatasetReport, takes=NewDatasetBody, status=201)
def new_dataset(request: Request, slug: str) -> Response:
    """Freeze a dataset."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = NewDatasetBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = body.validated_data
    rule = SplitRule(
        fields["validation_share"],
        fields["test_share"],
        fields["split_seed"],
        fields["contradictions"],
    )
    soft_label_set = soft_label_set_for(seat.project, fields["soft_labels"])
    dataset = freeze_dataset(
        project=seat.project,
        soft_label_set=soft_label_set,
        rule=rule,
        author=seat.user,
        now=timezone.now(),
    )
    return Response(as_json(dataset_report(dataset)), status=201)


def _set_body(stored: SoftLabelSet) -> dict[str, object]:
    return {
        "id": stored.pk,
        "method": stored.method,
        "confidence": stored.confidence,
        "labels": stored.labels,
        "n_items": stored.n_items,
        "digest": stored.digest,
        "report": stored.report,
    }


def _model(project: Project, rows: dict[str, dict[str, float]]) -> GivenModel | None:
    labels = tuple(label.key for label in labels_of(project))
    return model_given(project=project, rows=rows, labels=labels) if rows else None


def _settings(fields: Mapping[str, Any]) -> ReliabilitySettings:
    selection = Selection(merge=fields["merge"], where=fields["where"])
    own = {
        name: fields[name]
        for name in ("alpha", "normalise", "min_overlap", "metric", "level", "damping", "shrinkage")
    }
    return ReliabilitySettings(**own, selection=selection)
