#!/usr/bin/env bash
# psycopg 3.3.9 and psql of PostgreSQL 18.6: a host list whose first server refuses the password. libpq ends there
# ("if … authentication fails, the remaining hosts in the list are not tried", its manual, 33.1.1.3), and
# so does psql. psycopg makes an attempt of its own for each host and each address of a name, and shows
# the refused password to all: one connect() counts as several failures where accounts are locked for some.
# Seen, refused log-ins in the server's log for one connection to two addresses:
#   psql: 1
#   psycopg: 2
set -euo pipefail
. "$(dirname "$0")/postgresql.inc"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
PGPORT=$port start_postgresql -c listen_addresses=127.0.0.1,127.0.0.2 -c port="$port" -c log_min_messages=fatal
export PGPORT=$port
"$place/venv/bin/pip" install --quiet --disable-pip-version-check 'psycopg[binary]==3.3.9'
ask postgres -c "create role reader login password 'right'"
printf 'host all reader 127.0.0.0/8 scram-sha-256\nlocal all all trust\n' >"$place/data/pg_hba.conf"
ask postgres -c "select pg_reload_conf()" >/dev/null

to="host=127.0.0.1,127.0.0.2 port=$port dbname=postgres user=reader password=wrong sslmode=disable"
refusals() {
  local before after
  before=$(grep -c 'authentication failed for user "reader"' "$place/log" || true)
  "$@" >/dev/null 2>&1 && return 1
  after=$(grep -c 'authentication failed for user "reader"' "$place/log" || true)
  echo "$((after - before))"
}
{
  echo "psql: $(refusals "$installed/bin/psql" "$to" -c "select 1")"
  echo "psycopg: $(refusals "$place/venv/bin/python" -c "import psycopg, sys; psycopg.connect(sys.argv[1])" "$to")"
} | tee "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
