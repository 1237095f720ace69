"""Queries that are composed once. Composing the nine statements of a claim and a submit anew took
longer than the database takes to answer them.

The query is written as any other; its values are given names, and the SQL that Django makes of it
is kept for each database engine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import DeleteQuery

M = TypeVar("M", bound=Model)
Values = dict[str, "Field[Any, Any]"]
Places = tuple[tuple[str | None, Any], ...]  # a value's name, or a constant
STAND_IN_MOMENT = datetime(1901, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Composed:
    """`places`: what stands in each parameter: the name of a value, or a constant."""

    sql: str
    places: Places
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
        ready = _ready(self._values, given)
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, _filled(composed.places, ready))
            rows = cursor.fetchall()
        return [self._instance(composed, row) for row in self._converted(composed, rows)]

    def first(self, **given: Any) -> M | None:
        """Of a query that is limited to one row."""
        rows = self.all(**given)
        return rows[0] if rows else None

    def _made(self) -> Composed:
        stand_ins = _stand_ins(self._values)
        query = self._compose(**stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = _places(self._values, stand_ins, parameters)
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


class PreparedDelete(Generic[M]):
    """As Prepared, of a model that nothing refers to: the rows go by one statement."""

    def __init__(
        self, compose: Callable[..., QuerySet[M, Any]], **values: "Field[Any, Any]"
    ) -> None:
        self._compose, self._values = compose, values
        self._composed: dict[str, tuple[str, Places]] = {}

    def delete(self, **given: Any) -> int:
        """How many rows there were."""
        vendor = connection.vendor
        if vendor not in self._composed:
            self._composed[vendor] = self._made()
        sql, places = self._composed[vendor]
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(places, _ready(self._values, given)))
            return int(cursor.rowcount)

    def _made(self) -> tuple[str, Places]:
        stand_ins = _stand_ins(self._values)
        query = self._compose(**stand_ins).query.chain(klass=DeleteQuery)
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        return sql, _places(self._values, stand_ins, parameters)


def _stand_ins(values: Values) -> dict[str, Any]:
    return {name: _stand_in(n, field) for n, (name, field) in enumerate(values.items())}


def _places(values: Values, stand_ins: dict[str, Any], parameters: Sequence[Any]) -> Places:
    by_value = {
        field.get_db_prep_value(stand_ins[name], connection): name for name, field in values.items()
    }
    return tuple((by_value.get(value), value) for value in parameters)


def _ready(values: Values, given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: field.get_db_prep_value(given[name], connection) for name, field in values.items()
    }


def _filled(places: Places, ready: dict[str, Any]) -> list[Any]:
    return [ready[name] if name else value for name, value in places]


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
