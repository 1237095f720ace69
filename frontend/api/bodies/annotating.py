"""Claiming and answering."""

from typing import Any

from rest_framework import serializers

from frontend.api.bodies.strict import Body


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
