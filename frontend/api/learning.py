"""Trainings, models, predictions and the schedule."""

import secrets
from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, project_for
from annotate.jsonform import as_json
from frontend.api.bodies.learning import (
    NewTrainingBody,
    PredictionJobBody,
    ScheduleBody,
    ScheduleState,
    TextsBody,
)
from frontend.api.endpoint import endpoint
from labeler.selectors import dataset_for
from worker.models import Job, RetrainSchedule
from worker.results import PredictionsReport, PromotionReport, RunReport
from worker.selectors import (
    model_for,
    models_of,
    prediction_job,
    promotion_report,
    run_for,
    run_report,
    runs_of,
    schedule_of,
)
from worker.services.jobs import cancel
from worker.services.prediction import is_large, predict, predict_later
from worker.services.promotion import ask_to_compare, promote, roll_back
from worker.services.schedules import ScheduleDraft, set_schedule
from worker.services.training import TrainingDraft, start_training


@endpoint("GET", gives=list[RunReport], operation_id="projects_trainings_list")
def list_trainings(request: Request, slug: str) -> Response:
    """The newest trainings."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response([as_json(run_report(run)) for run in runs_of(seat.project)[:100]])


@endpoint("POST", gives=RunReport, takes=NewTrainingBody, status=202)
def new_training(request: Request, slug: str) -> Response:
    """Queue a training; an Idempotency-Key makes sending it twice harmless."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = NewTrainingBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = dict(body.validated_data)
    dataset = dataset_for(seat.project, fields.pop("dataset"))
    key = request.headers.get("Idempotency-Key") or secrets.token_hex(8)
    run = start_training(
        dataset=dataset,
        draft=TrainingDraft(**fields),
        key=f"rest:{key}",
        author=seat.user,
        now=timezone.now(),
    )
    return Response(as_json(run_report(run)), status=202)


@endpoint("GET", gives=RunReport)
def one_training(request: Request, slug: str, public_id: UUID) -> Response:
    """One training: how far it is, or what came of it."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response(as_json(run_report(run_for(seat.project, public_id))))


@endpoint("POST", gives=RunReport)
def cancel_training(request: Request, slug: str, public_id: UUID) -> Response:
    """Ask a training to end."""
    seat = project_for(request.user, slug, Action.MANAGE)
    run = run_for(seat.project, public_id)
    run.job = cancel(job=run.job, now=timezone.now())
    return Response(as_json(run_report(run)))


@endpoint("GET", gives=list[RunReport], operation_id="projects_models_list")
def list_models(request: Request, slug: str) -> Response:
    """The models there are, with the training each came from."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response([as_json(run_report(version.run)) for version in models_of(seat.project)])


@endpoint("POST", gives=PromotionReport)
def promote_model(request: Request, slug: str, number: int) -> Response:
    """Let this model answer, if it was shown to be better."""
    seat = project_for(request.user, slug, Action.MANAGE)
    promotion = promote(
        version=model_for(seat.project, number), author=seat.user, now=timezone.now()
    )
    return Response(as_json(promotion_report(promotion)))


@endpoint("POST", gives=PredictionJobBody, status=202)
def compare_model(request: Request, slug: str, number: int) -> Response:
    """Compare this model with the one that serves now, on the same test split."""
    seat = project_for(request.user, slug, Action.MANAGE)
    version = model_for(seat.project, number)
    job = ask_to_compare(version=version, author=seat.user, now=timezone.now())
    return Response(prediction_body(job), status=202)


@endpoint("POST", gives=PromotionReport)
def roll_back_model(request: Request, slug: str) -> Response:
    """Let the model answer again that served before."""
    seat = project_for(request.user, slug, Action.MANAGE)
    promotion = roll_back(project=seat.project, author=seat.user, now=timezone.now())
    return Response(as_json(promotion_report(promotion)))


@endpoint("POST", gives=PredictionsReport, takes=TextsBody, also={202: PredictionJobBody})
def predict_texts(request: Request, slug: str) -> Response:
    """Ask the serving model; about many texts as a job, which is answered 202."""
    seat = project_for(request.user, slug, Action.REVIEW)
    body = TextsBody(data=request.data)
    body.is_valid(raise_exception=True)
    texts, project = body.validated_data["texts"], seat.project
    if is_large(texts):
        now = timezone.now()
        job = predict_later(project=project, texts=texts, author=seat.user, now=now)
        return Response(prediction_body(job), status=202)
    version, predictions = predict(project=project, texts=texts)
    return Response(as_json(PredictionsReport(version.number, predictions)))


@endpoint("GET", gives=PredictionJobBody)
def one_prediction(request: Request, slug: str, public_id: UUID) -> Response:
    """How far the model is with many texts, and what it said of them."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response(prediction_body(prediction_job(seat.project, public_id)))


def prediction_body(job: Job) -> dict[str, object]:
    names = ("status", "reason", "progress", "result")
    return {"id": job.public_id, **{name: getattr(job, name) for name in names}}


@endpoint("GET", gives=ScheduleState)
def one_schedule(request: Request, slug: str) -> Response:
    """When the project is retrained by itself."""
    seat = project_for(request.user, slug, Action.MANAGE)
    return Response(schedule_body(schedule_of(seat.project)))


@endpoint("PUT", gives=ScheduleState, takes=ScheduleBody)
def put_schedule(request: Request, slug: str) -> Response:
    """Say when the project is retrained by itself."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = ScheduleBody(data=request.data)
    body.is_valid(raise_exception=True)
    return Response(
        schedule_body(
            set_schedule(project=seat.project, draft=ScheduleDraft(**body.validated_data))
        )
    )


def schedule_body(schedule: RetrainSchedule | None) -> dict[str, object]:
    state = schedule or RetrainSchedule()
    return {
        name: getattr(state, name)
        for name in ("is_on", "every_hours", "every_annotations", "learner", "last_look")
    }
