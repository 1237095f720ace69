"""A query's columns as arrays, by ADBC and Arrow: no Python object a row, on SQLite and
PostgreSQL alike.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

import adbc_driver_postgresql
import adbc_driver_sqlite
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement
from django.db import connection
from django.db.models import FloatField, Func, QuerySet
from numpy.typing import NDArray

BATCH_ROWS = 65_536


class Days(Func):
    """A datetime as days since 1970, with its fraction."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s) - 2440587.5)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="(extract(epoch from %(expressions)s)::float8 / 86400)",
            **context,
        )


def read_columns(rows: QuerySet[Any, Any], names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The named fields and annotations of a query, none of which may be NULL. One query, on a
    connection of its own.

    That connection sees what is committed: called in a transaction it would miss the transaction's
    own rows, so there it raises RuntimeError.
    """
    if connection.in_atomic_block:
        raise RuntimeError(
            "read_columns sees only committed rows: call it before the transaction begins"
        )
    columns = list(names)
    sql, parameters = rows.values_list(*columns).query.sql_with_params()
    with _statement() as statement:
        if connection.vendor == "sqlite":
            statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
        statement.set_sql_query(_numbered(sql))
        if parameters:
            names_of = [str(place) for place in range(len(parameters))]
            statement.bind(pa.record_batch([[value] for value in parameters], names=names_of))
        stream, _ = statement.execute_query()
        table = pa.RecordBatchReader.from_stream(stream).read_all()
    return {name: table.column(place).to_numpy() for place, name in enumerate(columns)}


def _numbered(sql: str) -> str:
    """Django writes %s; SQLite takes ?, PostgreSQL $1, $2, …"""
    if connection.vendor == "sqlite":
        return sql.replace("%s", "?")
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", sql)


@contextmanager
def _statement() -> Iterator[Any]:
    """By the driver manager itself: its dbapi module loads pandas, 60 MB that nothing here uses."""
    with (
        _database() as database,
        AdbcConnection(database) as adbc,
        AdbcStatement(adbc) as statement,
    ):
        yield statement


def _database() -> AdbcDatabase:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return adbc_driver_sqlite.connect(f"file:{quote(str(at['NAME']))}?mode=ro")
    # sslmode and its like
    own = {name: value for name, value in at["OPTIONS"].items() if isinstance(value, str)}
    known = {
        **own,
        "host": at["HOST"],
        "port": at["PORT"],
        "user": at["USER"],
        "password": at["PASSWORD"],
    }
    words = urlencode({name: value for name, value in known.items() if value}, quote_via=quote)
    return adbc_driver_postgresql.connect(f"postgresql:///{quote(at['NAME'])}?{words}")
