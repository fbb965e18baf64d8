"""The script that IT runs: nothing of a name can leave its quotes, and no grant is forgotten."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sql.grant_script import grant_script

NAMES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1)
TABLES = NAMES.filter(lambda name: "." not in name)
IDENTIFIER = re.compile(r'"(?:[^"]|"")+"')


def statements(script: str) -> list[str]:
    """What a server would run, one statement a line, its comments gone."""
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    return re.sub(r"\n {4}|\n(?=\))", " ", "\n".join(lines)).splitlines()


@given(role=NAMES, database=NAMES, table=TABLES, columns=st.lists(NAMES, min_size=1))
def test_whatever_the_names_are_the_statements_are_the_same(
    role: str, database: str, table: str, columns: list[str]
) -> None:
    """Each name taken away, what is left is the script of plain names."""
    told = statements(grant_script(role, database, [(f"s.{table}", columns)]))
    bare = [IDENTIFIER.sub("x", line) for line in told]
    assert [line.replace("x, ", "") for line in bare] == [
        "BEGIN;",
        "REVOKE ALL ON DATABASE x FROM x;",
        "GRANT CONNECT ON DATABASE x TO x;",
        "REVOKE ALL ON SCHEMA x FROM x;",
        "GRANT USAGE ON SCHEMA x TO x;",
        "REVOKE ALL ON TABLE x.x FROM x;",
        "GRANT SELECT ( x ) ON TABLE x.x TO x;",
        "COMMIT;",
    ]


def test_two_datasets_of_one_table_get_the_columns_of_both() -> None:
    """What is taken is taken once: the second grant would lose the first one's columns."""
    told = statements(grant_script("r", "d", [("t", ["a", "b"]), ("public.t", ["b", "c"])]))
    assert [line for line in told if "TABLE" in line] == [
        'REVOKE ALL ON TABLE "public"."t" FROM "r";',
        'GRANT SELECT ( "a", "b", "c" ) ON TABLE "public"."t" TO "r";',
    ]


@pytest.mark.parametrize("name", ["r\nDROP TABLE t; --", "r\u202e", "r\x00", "r\u2028"])
def test_a_name_that_could_leave_a_comment_is_refused(name: str) -> None:
    for role, table in ((name, "t"), ("r", name)):
        with pytest.raises(ValueError, match="grant it by hand"):
            grant_script(role, "d", [(table, ["a"])])
