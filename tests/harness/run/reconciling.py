"""A pilot of the estate's sources whose contracts promise what other datasets hold."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli import REPOSITORY
from tests.harness.engagement import write

PILOT_PY = """
from dataclasses import replace
from decimal import Decimal

from estate.demo.contracts import customers, parts, prices, shipments
from contracts.promises import Amount, Contract, Reconciliation
from estate.demo.pilot import crm, logistics, vendor
from harness.pilot.model import Pilot, Source


def promising(contract: Contract, *reconciles: Reconciliation) -> Contract:
    promises = replace(contract.promises, reconciles=reconciles)
    return replace(contract, promises=promises)


TO_ITSELF = Reconciliation(
    dataset="crm.customers",
    ours="name",
    theirs="customer_key",
    our_form="Customer#0*([0-9]+)",
    amount=Amount(ours="account_balance", theirs="account_balance", factor=Decimal(1)),
)
TO_CUSTOMERS = Reconciliation(dataset="crm.customers", ours="order_key", theirs="customer_key")
TO_PARTS = Reconciliation(dataset="vendor.parts", ours="part_key", theirs="part_key")

PILOT = Pilot(
    name="overlapping",
    sources=(
        Source(
            name="crm", connect=crm, contracts=(promising(customers.CONTRACT, TO_ITSELF),)
        ),
        Source(
            name="logistics",
            connect=logistics,
            contracts=(promising(shipments.CONTRACT, TO_CUSTOMERS),),
        ),
        Source(
            name="vendor",
            connect=vendor,
            contracts=(parts.CONTRACT, promising(prices.CONTRACT, TO_PARTS)),
        ),
    ),
)
"""
PILOT_YAML = re.sub(
    r"^keep:.*\n|^( +)(erp|billing|alerts):\n(\1 +.*\n)+",
    "",
    (REPOSITORY / "estate" / "demo" / "pilot.yaml").read_text().partition("\ngovernance:")[0]
    + "\n",
    flags=re.MULTILINE,
).replace("evidence_class: simulated", "evidence_class: production")


def overlapping(root: Path, *, old: str = "", new: str = "") -> Path:
    """The pilot's folder, with `new` in place of `old`."""
    assert old in PILOT_PY
    return write(root, py=PILOT_PY.replace(old, new, 1) if old else PILOT_PY, yaml=PILOT_YAML)
