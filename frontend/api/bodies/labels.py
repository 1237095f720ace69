"""Reliability, soft labels, plans and datasets."""

from typing import Any

from rest_framework import serializers

from frontend.api.bodies.strict import Body
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.numerics.reliability import NORMALISATIONS
from labeler.services.soft_labels import CHOICES, DEFAULT_CONFIDENCE, DEFAULT_METHOD
from labeler.settings import LEVELS, METRICS
from labeler.splits import KEEP, MOVE


class ReliabilityBody(Body):
    alpha = serializers.FloatField(min_value=0, max_value=1, default=0.5)
    normalise = serializers.ChoiceField(NORMALISATIONS, default="mean")
    min_overlap = serializers.IntegerField(min_value=1, max_value=1_000_000, default=15)
    metric = serializers.ChoiceField(METRICS, default="krippendorff")
    level = serializers.ChoiceField(LEVELS, default="auto")
    damping = serializers.FloatField(min_value=0, max_value=0.99, default=0)
    shrinkage = serializers.FloatField(min_value=0, max_value=1_000_000, default=0)
    merge = serializers.DictField(child=serializers.CharField(max_length=100), default=dict)
    where = serializers.DictField(child=serializers.CharField(max_length=1000), default=dict)


class SoftLabelsBody(ReliabilityBody):
    method = serializers.ChoiceField(CHOICES, default=DEFAULT_METHOD)
    confidence = serializers.ChoiceField(tuple(CONFIDENCE_METHODS), default=DEFAULT_CONFIDENCE)
    probabilities = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(min_value=0, max_value=1)),
        default=dict,
        help_text="Item id → label → probability by a model that was not trained on the item.",
    )


class SoftLabelSetBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    method = serializers.CharField()
    confidence = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    n_items = serializers.IntegerField()
    digest = serializers.CharField()
    report = serializers.DictField(
        help_text=(
            "Convergence, ties, annotator quality and confusion matrices, as the method has them."
        )
    )


class MethodBody(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    source = serializers.CharField(help_text="The paper it comes from.")  # type: ignore[assignment]
    needs_model = serializers.BooleanField()


class PlanBody(Body):
    """Leave out, or send null for, the one that is to be worked out."""

    annotators = serializers.FloatField(allow_null=True, default=None, help_text="People.")
    hours = serializers.FloatField(allow_null=True, default=None, help_text="Of each person.")
    rate = serializers.FloatField(allow_null=True, default=None, help_text="Answers an hour.")
    items = serializers.FloatField(allow_null=True, default=None)
    double = serializers.FloatField(
        allow_null=True, default=None, help_text="Share of items that two people answer."
    )
    repeat = serializers.FloatField(
        allow_null=True,
        default=None,
        help_text="Share of single items that the same person answers again.",
    )


class NewDatasetBody(Body):
    soft_labels = serializers.IntegerField(allow_null=True, default=None)
    validation_share = serializers.FloatField(default=0.1)
    test_share = serializers.FloatField(default=0.2)
    split_seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    contradictions = serializers.ChoiceField((KEEP, MOVE), default=KEEP)
