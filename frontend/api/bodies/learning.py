"""Trainings, models, predictions and the schedule."""

from typing import Any

from rest_framework import serializers

from frontend.api.bodies.strict import Body
from worker.contract import LEARNERS, WEIGHTS
from worker.models import Job, TrainingRun


class NewTrainingBody(Body):
    learner = serializers.ChoiceField(LEARNERS, default="baseline")
    objective = serializers.ChoiceField(TrainingRun.Objective.choices, default="soft")
    weights = serializers.ChoiceField(WEIGHTS, default="reliability")
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    dataset = serializers.IntegerField(allow_null=True, default=None)
    settings = serializers.DictField(child=serializers.FloatField(), default=dict)


class TextsBody(Body):
    texts = serializers.ListField(
        child=serializers.CharField(max_length=20_000, trim_whitespace=False),
        min_length=1,
        max_length=1000,
    )


class PredictionJobBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(Job.Status.choices)
    reason = serializers.CharField()
    progress = serializers.DictField()
    result = serializers.DictField(allow_null=True, help_text="As predict/ answers at once.")


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
