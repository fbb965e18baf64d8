"""Who else may create objects in a schema: whoever it is could lay a table or function there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_CREATORS = sa.text("""
    SELECT nspname::text, CASE
        WHEN has_schema_privilege('public', space.oid, 'CREATE') THEN ARRAY['PUBLIC']
        ELSE ARRAY(
            SELECT rolname::text FROM pg_roles role
            WHERE rolcanlogin AND NOT rolsuper AND rolname <> session_user
            -- who owns the schema decides on all of it
            AND NOT pg_has_role(role.oid, nspowner, 'MEMBER')
            AND EXISTS (
                SELECT FROM pg_roles may WHERE pg_has_role(role.oid, may.oid, 'MEMBER')
                AND has_schema_privilege(may.oid, space.oid, 'CREATE')
            )
            ORDER BY 1
        )
    END
    FROM pg_namespace space WHERE nspname = ANY(:schemas)
    ORDER BY 1
""")
_OWNERS = sa.text("""
    WITH named AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = :schema)
    SELECT DISTINCT rolname::text FROM named, (
        SELECT relowner AS owner FROM pg_class WHERE relnamespace = (SELECT oid FROM named)
        UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = (SELECT oid FROM named)
        UNION ALL SELECT oprowner FROM pg_operator WHERE oprnamespace = (SELECT oid FROM named)
        UNION ALL SELECT typowner FROM pg_type WHERE typnamespace = (SELECT oid FROM named)
    ) AS object
    JOIN pg_roles role ON role.oid = owner
    WHERE NOT rolsuper AND rolname <> session_user
    AND NOT pg_has_role(owner, nspowner, 'MEMBER')
    ORDER BY 1
""")


def creators(connection: Connection, schemas: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """For each schema, the other roles that may log in and create objects in it; PUBLIC stands for
    all. Superusers and the schema's owner are left out.
    """
    rows = connection.execute(_CREATORS, {"schemas": list(schemas)}).all()
    return {schema: tuple(roles) for schema, roles in rows}


def owners(connection: Connection, schema: str) -> Sequence[str]:
    """The other roles that own an object in the schema; superusers and its owner are left out."""
    return tuple(connection.execute(_OWNERS, {"schema": schema}).scalars())
