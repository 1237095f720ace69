"""Projects, their items, and files that come in."""

from typing import Any

from rest_framework import serializers

from annotate.models import Project, Upload
from frontend.api.bodies.strict import Body


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
