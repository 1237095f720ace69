"""Queries that are composed once. Composing the nine statements of a claim and a submit anew took
longer than the database takes to answer them.

The query is written as any other; its values are given names, and the SQL that Django makes of it
is kept for each database engine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
STAND_IN_MOMENT = datetime(1901, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Composed:
    """`places`: what stands in each parameter: the name of a value, or a constant."""

    sql: str
    places: tuple[tuple[str | None, Any], ...]
    compiler: SQLCompiler
    converters: dict[int, Any]
    fields: slice
    names: tuple[str, ...]
    related: list[Any]
    annotations: dict[str, int]


class Prepared(Generic[M]):
    """`compose` is called once an engine, with a stand-in for each value; `values` says of which
    kind each is. Stand-ins must not be values that the query names itself.
    """

    def __init__(
        self, compose: Callable[..., QuerySet[M, Any]], **values: "Field[Any, Any]"
    ) -> None:
        self._compose, self._values = compose, values
        self._composed: dict[str, Composed] = {}

    def all(self, **given: Any) -> list[M]:
        vendor = connection.vendor
        if vendor not in self._composed:
            self._composed[vendor] = self._made()
        composed = self._composed[vendor]
        ready = {
            name: field.get_db_prep_value(given[name], connection)
            for name, field in self._values.items()
        }
        parameters = [ready[name] if name else value for name, value in composed.places]
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, parameters)
            rows = cursor.fetchall()
        return [self._instance(composed, row) for row in self._converted(composed, rows)]

    def first(self, **given: Any) -> M | None:
        """Of a query that is limited to one row."""
        rows = self.all(**given)
        return rows[0] if rows else None

    def _made(self) -> Composed:
        values = enumerate(self._values.items())
        stand_ins = {name: _stand_in(n, field) for n, (name, field) in values}
        query = self._compose(**stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        by_value = {
            field.get_db_prep_value(stand_ins[name], connection): name
            for name, field in self._values.items()
        }
        places = tuple((by_value.get(value), value) for value in parameters)
        select, info = compiler.select, compiler.klass_info or {}
        own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = tuple(column.target.attname for column, *_ in select[own])
        return Composed(
            sql,
            places,
            compiler,
            compiler.get_converters([expression for expression, *_ in select]),
            own,
            names,
            get_related_populators(info, select, connection.alias),  # type: ignore[call-arg]
            compiler.annotation_col_map or {},
        )

    @staticmethod
    def _converted(composed: Composed, rows: list[Any]) -> Any:
        if not composed.converters:
            return rows
        return composed.compiler.apply_converters(rows, composed.converters)

    def _instance(self, composed: Composed, row: Any) -> M:
        model: Any = composed.compiler.query.model
        instance: M = model.from_db(connection.alias, composed.names, row[composed.fields])
        for populator in composed.related:
            populator.populate(row, instance)
        for name, place in composed.annotations.items():
            setattr(instance, name, row[place])
        return instance


def _stand_in(n: int, field: "Field[Any, Any]") -> Any:
    """A value of the field's kind that no query of ours names."""
    kind = field.get_internal_type()
    if kind == "UUIDField":
        return UUID(int=2**127 + n)
    if kind == "DateTimeField":
        return STAND_IN_MOMENT.replace(microsecond=n)
    if kind in ("CharField", "SlugField"):
        return f"\x01stand-in {n}"
    return 2_000_000_000 + n
