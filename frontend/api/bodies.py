"""What programs send and get: one serializer a body. A field that is not listed is refused, so
that a typo is not silence.
"""

from typing import Any

from rest_framework import serializers

from annotate.models import Member, Project, Upload
from annotate.services.tokens import MOST_DAYS, USUAL_DAYS
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.numerics.reliability import NORMALISATIONS
from labeler.services.soft_labels import CHOICES, DEFAULT_CONFIDENCE, DEFAULT_METHOD
from labeler.settings import LEVELS, METRICS
from labeler.splits import KEEP, MOVE
from worker.contract import LEARNERS, WEIGHTS
from worker.models import Job, TrainingRun


class Body(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(
                {name: ["There is no field of this name."] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)


class ProblemBody(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class LabelBody(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    colour = serializers.CharField()
    hotkey = serializers.CharField()


class ProjectBody(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    kind = serializers.ChoiceField(Project.Kind.choices)
    status = serializers.ChoiceField(Project.Status.choices)
    confidence_scale = serializers.IntegerField()
    annotators_per_item = serializers.IntegerField()
    labels = LabelBody(many=True)
    progress = serializers.DictField(child=serializers.FloatField(), required=False)


class NewProjectBody(Body):
    slug = serializers.SlugField(max_length=60)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=100), min_length=2, max_length=200
    )
    name = serializers.CharField(max_length=120, default="")
    description = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    confidence_scale = serializers.IntegerField(min_value=2, max_value=9, default=5)
    annotators_per_item = serializers.IntegerField(min_value=1, max_value=50, default=3)


class ItemBody(serializers.Serializer[Any]):
    item_id = serializers.CharField()
    public_id = serializers.UUIDField()
    text = serializers.CharField()
    n_answers = serializers.IntegerField()


class ItemPage(serializers.Serializer[Any]):
    items = ItemBody(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class ImportBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    file = serializers.CharField()
    state = serializers.ChoiceField(Upload.State.choices)
    progress = serializers.DictField()
    dry_run = serializers.BooleanField(required=False)
    dialect = serializers.CharField(required=False)
    digest = serializers.CharField(required=False)
    items_added = serializers.IntegerField(required=False)
    annotations_added = serializers.IntegerField(required=False)
    annotators_added = serializers.IntegerField(required=False)
    unchanged = serializers.IntegerField(required=False)
    updated = serializers.IntegerField(required=False)
    notes = serializers.ListField(child=serializers.CharField(), required=False)
    account = serializers.DictField(
        required=False, help_text="What became of every column and every row."
    )
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # type: ignore[assignment]
    questions = serializers.ListField(child=serializers.DictField(), required=False)
    code = serializers.CharField(required=False)


class AssignmentBody(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    item_id = serializers.CharField()
    text = serializers.CharField()
    lease_until = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField()


class NextBody(serializers.Serializer[Any]):
    assignment = AssignmentBody(allow_null=True)
    n_on_loan = serializers.IntegerField()
    back_at = serializers.DateTimeField(allow_null=True)


class AnswerBody(Body):
    primary = serializers.CharField(max_length=100)
    confidence = serializers.IntegerField()
    secondary = serializers.CharField(max_length=100, allow_null=True, default=None)
    rationale = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    seconds = serializers.FloatField(allow_null=True, default=None)
    is_flagged = serializers.BooleanField(default=False)


class AnnotationBody(serializers.Serializer[Any]):
    assignment = serializers.UUIDField()
    revision = serializers.IntegerField()
    primary = serializers.CharField()
    confidence = serializers.IntegerField()
    secondary = serializers.CharField(allow_null=True)
    rationale = serializers.CharField()
    seconds = serializers.FloatField(allow_null=True)
    is_flagged = serializers.BooleanField()
    created_at = serializers.DateTimeField()


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
    confidence = serializers.ChoiceField(CONFIDENCE_METHODS, default=DEFAULT_CONFIDENCE)
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


class DatasetBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    content_hash = serializers.CharField()
    n_rows = serializers.IntegerField()
    splits = serializers.DictField(child=serializers.IntegerField())
    recipe = serializers.DictField()


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


class MemberBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField()
    is_simulated = serializers.BooleanField()
    removed_at = serializers.DateTimeField(allow_null=True)
    n_answers = serializers.IntegerField()


class ChangedMemberBody(Body):
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField()


class NewTokenBody(Body):
    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=USUAL_DAYS)


class TokenMadeBody(serializers.Serializer[Any]):
    token = serializers.CharField()
    days = serializers.IntegerField()


class TokenBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewMemberBody(Body):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField(default=False)


class MeBody(serializers.Serializer[Any]):
    username = serializers.CharField()
    is_superuser = serializers.BooleanField()
    projects = serializers.ListField(child=serializers.DictField())
