#!/usr/bin/env bash
# SAP CAP (@sap/cds 9.9.3, @cap-js/sqlite 2.4.2), OData v4: 9007199254740993, an Edm.Int64, is written as
# 9007199254740992. A client that asks for IEEE754Compatible=true, so as to get it as text, gets the same, and
# an answer whose type does not say that it was not heard. The setting features.ieee754compatible writes the text.
# Seen:
#   as it comes: "big":9007199254740992
#   IEEE754Compatible=true was asked for: "big":9007199254740992
#   the answer's type: application/json; charset=utf-8
#   with features.ieee754compatible: "big":"9007199254740993"
set -euo pipefail
here=$(realpath "$0")
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$place"' EXIT
cd "$place"
mkdir -p srv db/data
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact \
  @sap/cds@9.9.3 @cap-js/sqlite@2.4.2 express@4.22.3 sql.js@1.13.0
cat >srv/catalog.cds <<'C'
entity Parts { key id : Integer; big : Int64; }
service Catalog { entity Sold as projection on Parts; }
C
printf 'id;big\n1;9007199254740993\n' >db/data/Parts.csv
cat >server.js <<'C'
const cds = require("@sap/cds");
module.exports = (options) => {
  const app = require("express")();
  const listen = app.listen.bind(app);
  app.listen = (port) => listen(port, "127.0.0.1");
  return cds.server({ ...options, app });
};
C
serve() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  echo "{\"features\": {\"ieee754compatible\": $1}, \"requires\": {\"db\": {\"kind\": \"sqlite\",
    \"driver\": \"sql.js\", \"credentials\": {\"url\": \":memory:\"}}}}" >.cdsrc.json
  PORT=0 node node_modules/@sap/cds/bin/serve.js all --in-memory >log 2>&1 &
  server=$!
  for _ in $(seq 100); do
    port=$(sed -n 's/.*listening on.*:\([0-9]*\).*/\1/p' log)
    [ -n "$port" ] && return
    sleep 0.2
  done
  cat log >&2
  exit 1
}
all() { curl -sS "$@" "http://127.0.0.1:$port/odata/v4/catalog/Sold"; }
{
  serve false
  echo "as it comes: $(all | grep -o '"big":[^}]*')"
  asked='accept: application/json;IEEE754Compatible=true'
  echo "IEEE754Compatible=true was asked for: $(all -H "$asked" | grep -o '"big":[^}]*')"
  echo "the answer's type: $(all -H "$asked" -o body -w '%{content_type}')"
  serve true
  echo "with features.ieee754compatible: $(all | grep -o '"big":[^}]*')"
} >said
cat said
diff <(sed -n 's/^#   //p' "$here") said
