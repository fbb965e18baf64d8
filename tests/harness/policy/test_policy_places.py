"""Where a policy is kept: in a ledger, of a file or a database, and in a bundle."""

from __future__ import annotations

import json
import re
from pathlib import Path

from harness.ledger.ledger import entries
from harness.policy.document import digest, written
from harness.policy.files import files
from harness.policy.state import state
from harness.signing import dsse
from tests.harness.acme_layout import lay_out
from tests.harness.ledger_server import REFERENCE, Database
from tests.harness.policy.agreed import Agreement


def test_a_bundle_has_each_policy_with_its_signatures(tmp_path: Path) -> None:
    agreement = Agreement(acme=lay_out(tmp_path), root=tmp_path)
    agreement.sign("sec")
    agreement.sign("law")
    found = files(agreement.entries(), pilot="acme", environment="dev")
    names = [re.sub(r"[0-9a-f]{16}", "KEY", name) for name in found]
    assert names == [
        "policy/agreed-1.json",
        "policy/agreed-1.security.KEY.dsse.json",
        "policy/agreed-1.legal.KEY.dsse.json",
    ]
    policy, *envelopes = found.values()
    assert written(json.loads(policy)) == policy
    keys = {identity: key.public for identity, key in agreement.register.items()}
    for envelope in envelopes:
        stated = json.loads(dsse.opened(envelope, keys).payload)
        [subject] = stated["subject"]
        assert subject["name"] == names[0]
        assert subject["digest"] == {"sha256": digest(json.loads(policy))}


def test_a_database_that_is_no_ledger_yet_begins_with_the_policy(
    tmp_path: Path, database: Database
) -> None:
    agreement = Agreement(
        acme=lay_out(tmp_path), root=tmp_path, ledger=REFERENCE, environ=database.environ
    )
    agreement.sign("sec")
    agreement.sign("law")
    found = state(
        entries(database.place), pilot="acme", environment="dev", register=agreement.register
    )
    [one] = found.agreed
    assert one.lacks == ()
