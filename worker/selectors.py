"""Reading trainings, models and jobs."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from annotate.errors import Missing
from annotate.models import Project, Upload
from worker.models import Comparison, Job, ModelVersion, Promotion, RetrainSchedule, TrainingRun
from worker.results import ComparisonReport, JobStatus, PromotionReport, RunReport


def runs_of(project: Project) -> QuerySet[TrainingRun]:
    return (
        TrainingRun.objects.filter(project=project)
        .select_related("job", "dataset", "model_version")
        .defer("dataset__payload")
        .order_by("-pk")
    )


def run_for(project: Project, public_id: UUID) -> TrainingRun:
    run = runs_of(project).filter(job__public_id=public_id).first()
    if run is None:
        raise Missing("There is no such training in this project.")
    return run


def models_of(project: Project) -> QuerySet[ModelVersion]:
    return (
        ModelVersion.objects.filter(project=project)
        .select_related("run__dataset", "run__job")
        .defer("run__dataset__payload")
        .order_by("-number")
    )


def model_for(project: Project, number: int) -> ModelVersion:
    version = models_of(project).filter(number=number).first()
    if version is None:
        raise Missing("There is no such model in this project.")
    return version


def serving_model(project: Project) -> ModelVersion | None:
    return models_of(project).filter(is_serving=True).first()


def promotions_of(project: Project) -> QuerySet[Promotion]:
    return (
        Promotion.objects.filter(project=project)
        .select_related("model_version", "replaced", "created_by")
        .order_by("-pk")
    )


def schedule_of(project: Project) -> RetrainSchedule | None:
    return RetrainSchedule.objects.filter(project=project).first()


def live_jobs(project: Project) -> QuerySet[Job]:
    return Job.objects.filter(
        project=project, status__in=("queued", "running", "cancelling")
    ).order_by("created_at")


def job_of_upload(upload: Upload) -> Job | None:
    """The newest job that works on it."""
    jobs = Job.objects.filter(project_id=upload.project_id, kind=Job.Kind.IMPORT)
    return jobs.filter(payload__upload=str(upload.public_id)).order_by("-pk").first()


def prediction_job(project: Project, public_id: UUID) -> Job:
    jobs = Job.objects.filter(project=project, kind=Job.Kind.PREDICT, public_id=public_id)
    job = jobs.first()
    if job is None:
        raise Missing("There is no such question to the model in this project.")
    return job


def newest_comparisons(project: Project) -> dict[int, Comparison]:
    """Of each model the one that was made last."""
    comparisons = Comparison.objects.filter(project=project).select_related("champion")
    return {one.challenger_id: one for one in comparisons.order_by("pk")}


def comparison_of(version: ModelVersion) -> Comparison | None:
    comparisons = Comparison.objects.filter(challenger=version).select_related("champion")
    return comparisons.order_by("-pk").first()


def comparison_report(version: ModelVersion) -> ComparisonReport | None:
    comparison = comparison_of(version)
    if comparison is None:
        return None
    return ComparisonReport(
        champion=comparison.champion.number if comparison.champion else None,
        interval=comparison.interval,
        metric=comparison.metric,
        difference=comparison.difference,
        p_value=comparison.p_value,
        n_items=comparison.n_items,
        n_texts=comparison.n_texts,
        is_better=comparison.is_better,
        reason=comparison.reason,
    )


def promotion_report(promotion: Promotion) -> PromotionReport:
    return PromotionReport(promotion.model_version.number, promotion.reason)


def run_report(run: TrainingRun) -> RunReport:
    """What `train --now` prints and the API shows of a run."""
    version = getattr(run, "model_version", None)
    cost = run.result or {}
    return RunReport(
        run=run.job.public_id,
        status=cast(JobStatus, run.job.status),
        reason=run.job.reason,
        progress=run.job.progress,
        model_version=version.number if version else None,
        learner=run.learner,
        objective=run.objective,
        weights=run.weights,
        seed=run.seed,
        dataset=run.dataset.number,
        metrics=version.estimates if version else None,
        comparison=comparison_report(version) if version else None,
        is_serving=version.is_serving if version else False,
        seconds=cost.get("seconds"),
        trainable_parameters=cost.get("trainable_parameters"),
        total_parameters=cost.get("total_parameters"),
        peak_memory_bytes=cost.get("peak_memory_bytes"),
        device=cost.get("device"),
        temperature=cost.get("temperature"),
    )
