"""The OpenAPI schema of a record: what a dataclass says of itself is what the API documents."""

from typing import Any

import msgspec

Schema = dict[str, Any]
KEPT = ("type", "format", "enum", "description")


def schema_of(record_type: Any) -> Schema:
    """Of a dataclass, or of a list of one; in the words of OpenAPI 3.0, which knows neither
    references within an answer nor null types nor tuples.
    """
    anything = {"description": "As it is stored."}  # what a field of type object holds
    schema = msgspec.json.schema(record_type, schema_hook=lambda _: anything)
    return _plain(schema, schema.get("$defs", {}))


def _plain(schema: Schema, known: Schema) -> Schema:
    if "$ref" in schema:
        return _plain(known[schema["$ref"].rsplit("/", 1)[-1]], known)
    if "anyOf" in schema:
        return _nullable(schema["anyOf"], known)
    if "prefixItems" in schema:
        ends = {name: schema[name] for name in ("minItems", "maxItems")}
        return {"type": "array", "items": _plain(schema["prefixItems"][0], known), **ends}
    plain: Schema = {name: schema[name] for name in KEPT if name in schema}
    if "properties" in schema:
        members = {name: _plain(one, known) for name, one in schema["properties"].items()}
        # what has a default is always sent too
        return {**plain, "properties": members, "required": list(members)}
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            plain[name] = _plain(schema[name], known)
    return plain


def _nullable(choices: list[Schema], known: Schema) -> Schema:
    """One type or none, which is all that records have."""
    (own,) = (choice for choice in choices if choice.get("type") != "null")
    return {**_plain(own, known), "nullable": True}
