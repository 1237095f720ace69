"""Trainings, models, predictions and the schedule."""

from typing import Any

from rest_framework import serializers

from frontend.api.bodies.common import Body
from worker.contract import LEARNERS, WEIGHTS
from worker.models import Job, TrainingRun


class NewTrainingBody(Body):
    learner = serializers.ChoiceField(LEARNERS, default="baseline")
    objective = serializers.ChoiceField(TrainingRun.Objective.choices, default="soft")
    weights = serializers.ChoiceField(WEIGHTS, default="reliability")
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    dataset = serializers.IntegerField(allow_null=True, default=None)
    settings = serializers.DictField(child=serializers.FloatField(), default=dict)


class TrainingBody(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    status = serializers.ChoiceField(Job.Status.choices)
    reason = serializers.CharField()
    progress = serializers.DictField()
    model_version = serializers.IntegerField(allow_null=True)
    learner = serializers.CharField()
    objective = serializers.CharField()
    weights = serializers.CharField()
    seed = serializers.IntegerField()
    dataset = serializers.IntegerField()
    metrics = serializers.DictField(allow_null=True)
    comparison = serializers.DictField(allow_null=True)
    is_serving = serializers.BooleanField()
    seconds = serializers.FloatField(allow_null=True)
    trainable_parameters = serializers.IntegerField(allow_null=True)
    total_parameters = serializers.IntegerField(allow_null=True)
    peak_memory_bytes = serializers.IntegerField(allow_null=True)
    device = serializers.CharField(allow_null=True)
    temperature = serializers.FloatField(allow_null=True)


class PromotionBody(serializers.Serializer[Any]):
    model_version = serializers.IntegerField()
    reason = serializers.CharField()


class TextsBody(Body):
    texts = serializers.ListField(
        child=serializers.CharField(max_length=20_000, trim_whitespace=False),
        min_length=1,
        max_length=1000,
    )


class PredictionBody(serializers.Serializer[Any]):
    distribution = serializers.DictField(child=serializers.FloatField())
    label = serializers.CharField()  # type: ignore[assignment]
    entropy = serializers.FloatField()
    confidence = serializers.FloatField()


class PredictionJobBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(Job.Status.choices)
    reason = serializers.CharField()
    progress = serializers.DictField()
    result = serializers.DictField(allow_null=True, help_text="As predict/ answers at once.")


class PredictionsBody(serializers.Serializer[Any]):
    model_version = serializers.IntegerField()
    predictions = PredictionBody(many=True)


class ScheduleBody(Body):
    is_on = serializers.BooleanField()
    every_hours = serializers.IntegerField(
        min_value=1, max_value=8760, allow_null=True, default=None
    )
    every_annotations = serializers.IntegerField(
        min_value=1, max_value=10_000_000, allow_null=True, default=None
    )
    learner = serializers.ChoiceField(LEARNERS, default="baseline")


class ScheduleState(ScheduleBody):
    last_look = serializers.DictField(read_only=True)
