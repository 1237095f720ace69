"""A body that programs send: an unknown field is refused, so that a typo is not silence."""

from typing import Any

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(
                {name: ["There is no field of this name."] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)
