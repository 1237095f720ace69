"""What a refusal looks like (RFC 9457)."""

from typing import Any

from rest_framework import serializers


class ProblemBody(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
