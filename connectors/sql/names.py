"""Names in PostgreSQL: found once, then written with their schema.

Where another role may create objects, an operator, function or table of its own may be a better
match for a bare name than the one that is meant, and would run with our rights. So our statements
find only PostgreSQL's own objects by a bare name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.errors import SourceChanged
from connectors.events import Emit
from connectors.sql.statement import tracked_statement

OWN_OBJECTS = "pg_catalog, pg_temp"
"""As `search_path`. The temporary schema would be searched first if it were not named last."""
_ROLES_PATH = "SET LOCAL search_path = DEFAULT"
_SCHEMAS = "SELECT pg_catalog.current_schemas(true)"
_HOLDERS = sa.text("""
    SELECT sought.name::text, array_agg(nspname::text ORDER BY place)
    FROM unnest(CAST(:names AS name[])) AS sought (name)
    JOIN pg_class ON relname = sought.name AND relkind IN ('r', 'p', 'v', 'm', 'f')
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN unnest(CAST(:path AS name[])) WITH ORDINALITY AS path (schema, place)
        ON path.schema = nspname
    GROUP BY 1
""")


def holders(
    connection: Connection, tables: Sequence[str], emit: Emit
) -> Mapping[str, Sequence[str]]:
    """For each bare name of a table or view, the schemas that hold it, as our role would look
    for it.
    """
    path = roles_path(connection, emit)
    with tracked_statement(f"schemas of {', '.join(tables)}", emit):
        rows = connection.execute(_HOLDERS, {"names": list(tables), "path": path}).all()
    return {name: tuple(schemas) for name, schemas in rows}


def with_schema(table: str, held: Mapping[str, Sequence[str]]) -> str:
    """The table as `schema.table`; as it is where no schema holds it, for the server to refuse.

    Raises SourceChanged if two hold it.
    """
    found = held.get(table, ())
    if len(found) > 1:
        raise SourceChanged(
            f"table {table} is in the schemas {', '.join(found)}: "
            f"write the one that is meant, as {found[0]}.{table}"
        )
    return f"{found[0]}.{table}" if found else table


def roles_path(connection: Connection, emit: Emit) -> list[str]:
    """The schemas in which our role would find a bare name, as it was set up, in order. While they
    are looked up, one statement finds their objects, and it names its function with its schema.
    """
    with tracked_statement(_SCHEMAS, emit):
        connection.exec_driver_sql(_ROLES_PATH)
        found: list[str] = connection.exec_driver_sql(_SCHEMAS).scalar_one()
        connection.exec_driver_sql(f"SET LOCAL search_path = {OWN_OBJECTS}")
    return [schema for schema in found if not schema.startswith("pg_temp_")]
