#!/usr/bin/env bash
# httpx 0.28.1: a server that refuses our client certificate, or misses one, is a ConnectError by TLS 1.2 and a
# ReadError by TLS 1.3, whose client is through with its handshake before the server looks (RFC 8446 4.4.2). A
# policy that tries broken reads again, as lost connections are, shows the refused certificate each time. Which
# it was stands in the text alone.
# Seen, of a client without a certificate:
#   TLS 1.2: ConnectError, alert handshake failure
#   TLS 1.3: ReadError, alert certificate required
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 trustme==1.2.1
"$place/venv/bin/python" - >"$place/said" <<'P'
import re
import socket
import ssl
import threading
from contextlib import suppress

import httpx
import trustme

authority = trustme.CA()
for name, version in {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}.items():
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(server)
    server.verify_mode, server.minimum_version = ssl.CERT_REQUIRED, version
    server.maximum_version = version
    client = ssl.create_default_context()
    authority.configure_trust(client)
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        raw, _ = listener.accept()
        with suppress(ssl.SSLError):
            server.wrap_socket(raw, server_side=True)

    threading.Thread(target=refuse, daemon=True).start()
    try:
        httpx.get(f"https://127.0.0.1:{listener.getsockname()[1]}/", verify=client, trust_env=False)
    except httpx.TransportError as error:
        alert = re.search(r"alert [a-z ]+", str(error))
        print(f"{name}: {type(error).__name__}, {alert[0].strip() if alert else error}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
