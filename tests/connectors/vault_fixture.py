"""A real secret store of our own, in memory, with what a test writes into it."""

from __future__ import annotations

import http.client
import json
import secrets
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from estate.process import free_port, spawn, wait_until

PASSWORD = "canary-in-the-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A running one, in which its superuser does what a test needs."""

    port: int
    root: str = field(repr=False)
    log: Path
    stop: Callable[[], None]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """One request of the superuser; what was answered."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request(
                method,
                f"/v1/{path}",
                None if body is None else json.dumps(body),
                {"x-vault-token": self.root},
            )
            answer = line.getresponse()
            text = answer.read()
        finally:
            line.close()
        assert answer.status in (200, 204), (path, answer.status, text)
        return json.loads(text) if text else None

    def is_ready(self) -> bool:
        """Whether its engine is there, too: for a moment after the start it is not."""
        try:
            return bool(self.do("GET", "secret/config"))
        except AssertionError:
            return False

    def put(self, path: str, **fields: object) -> None:
        """Keep a document in the engine at `secret`."""
        self.do("POST", f"secret/data/{path}", {"data": fields})

    def allow(self, path: str) -> str:
        """A policy that lets its holder read one path; gives its name."""
        name = f"reader-{secrets.token_hex(4)}"
        rule = f'path "secret/data/{path}" {{ capabilities = ["read"] }}'
        self.do("POST", f"sys/policies/acl/{name}", {"policy": rule})
        return name

    def issue_users(self, dsn: str, *, seconds: int, most: int) -> str:
        """Issue roles of a PostgreSQL that may read all its tables, for so long, and for no more
        than `most`; gives the name of a policy under which one is issued, and revoked.
        """
        at = conninfo_to_dict(dsn)
        if "database/" not in self.do("GET", "sys/mounts")["data"]:
            self.do("POST", "sys/mounts/database", {"type": "database"})
        there = f"{at['host']}:{at['port']}/{at['dbname']}?sslmode=disable"
        self.do(
            "POST",
            "database/config/crm",
            {
                "plugin_name": "postgresql-database-plugin",
                "connection_url": f"postgresql://{{{{username}}}}:{{{{password}}}}@{there}",
                "username": at["user"],
                "password": at["password"],
                "allowed_roles": "*",
            },
        )
        create = (
            "create role \"{{name}}\" login password '{{password}}' valid until '{{expiration}}'",
            'grant select on all tables in schema public to "{{name}}"',
            f'grant connect on database {at["dbname"]} to "{{{{name}}}}"',
            'grant usage on schema public to "{{name}}"',
        )
        role = {"db_name": "crm", "creation_statements": create}
        lasts = {"default_ttl": f"{seconds}s", "max_ttl": f"{most}s"}
        self.do("POST", "database/roles/reader", {**role, **lasts})
        rules = (
            'path "database/creds/reader" { capabilities = ["read"] }',
            'path "sys/leases/revoke" { capabilities = ["update"] }',
        )
        self.do("POST", "sys/policies/acl/issued", {"policy": "\n".join(rules)})
        return "issued"

    def token(self, *policies: str) -> str:
        """A new token under these policies."""
        made = self.do("POST", "auth/token/create", {"policies": policies, "ttl": "10m"})
        return str(made["auth"]["client_token"])

    def approle(self, policy: str, *, uses: int) -> tuple[str, str]:
        """A role id, and a secret id that serves so many log-ins."""
        role = "auth/approle/role/seatrial"
        self.do("POST", role, {"token_policies": policy, "secret_id_num_uses": uses})
        role_id = self.do("GET", f"{role}/role-id")["data"]["role_id"]
        return role_id, self.do("POST", f"{role}/secret-id")["data"]["secret_id"]


@contextmanager
def store() -> Iterator[Store]:
    """Unsealed, with a KV engine of version 2 at `secret` and AppRole at `approle`."""
    port, root = free_port(), f"root-{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        process = spawn(
            [
                *(Path(sysconfig.get_path("scripts"), "bao"), "server", "-dev"),
                *("-dev-no-store-token", f"-dev-listen-address=127.0.0.1:{port}"),
            ],
            log=Path(name, "store.log"),
            environ={"HOME": name, "BAO_DEV_ROOT_TOKEN_ID": root},
        )
        running = Store(port=port, root=root, log=process.log, stop=process.stop)
        try:
            wait_until(running.is_ready, process)
            running.do("POST", "sys/auth/approle", {"type": "approle"})
            yield running
        finally:
            process.stop()
