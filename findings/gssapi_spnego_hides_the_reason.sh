#!/usr/bin/env bash
# gssapi 1.12.0 with MIT Kerberos (seen with 1.20.1): credentials acquired for SPNEGO, which HTTP wants (RFC 4559),
# fail with one message whatever lacks. Acquired for Kerberos' own mechanism, they say what. A KDC that calls a
# principal unknown or locked is hidden in the same way. Needs libkrb5-dev, krb5-user and a C compiler.
# Seen, by SPNEGO and by Kerberos:
#   no ticket: SPNEGO cannot find mechanisms to negotiate / Can't find client principal reader@A.EXAMPLE in cache collection
#   no KDC is named: SPNEGO cannot find mechanisms to negotiate / Cannot find KDC for realm "A.EXAMPLE"
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
CFLAGS=-O0 "$place/venv/bin/pip" install --quiet --disable-pip-version-check gssapi==1.12.0
cat >"$place/krb5.conf" <<'C'
[libdefaults]
  default_realm = A.EXAMPLE
  dns_lookup_kdc = false
C
printf '%s\n' "addent -password -p reader@A.EXAMPLE -k 1 -e aes256-cts" word "wkt $place/keytab" quit |
  ktutil >/dev/null
export KRB5_CONFIG=$place/krb5.conf KRB5CCNAME=FILE:$place/none
"$place/venv/bin/python" - "$place/keytab" >"$place/said" <<'P'
import sys

import gssapi

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
keys = {"client_keytab": f"FILE:{sys.argv[1]}", "ccache": "MEMORY:"}
for what, store in {"no ticket": None, "no KDC is named": keys}.items():
    said = []
    for mechanism in (SPNEGO, gssapi.MechType.kerberos):
        name = gssapi.Name("reader@A.EXAMPLE", gssapi.NameType.kerberos_principal)
        try:
            gssapi.Credentials(name=name, usage="initiate", mechs=[mechanism], store=store)
        except gssapi.exceptions.GSSError as error:
            said.append(str(error).rpartition("): ")[2].rstrip("\0"))
    print(f"{what}: {' / '.join(said)}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
