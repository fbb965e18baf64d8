"""The seam, for whoever writes a connector: what it offers, emits and raises.

docs/extending.md shows a whole one with its test.
"""

from __future__ import annotations

from connectors.capabilities import (
    BeginsAgain,
    ColumnRule,
    Described,
    DescribedColumn,
    Describes,
    DescribesSchemas,
    ForeignKey,
    Grants,
    KeepsSession,
    Locates,
    LogsIn,
    Prices,
)
from connectors.connector import DELIVERY, RESCUED, Connector, Probe, ProbeKind
from connectors.convert.fit import fit
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    BlankLines,
    Completed,
    Declared,
    DeclaredColumn,
    Delivered,
    Emit,
    Event,
    Limited,
    Overloaded,
    Refused,
    Retried,
    Unreadable,
    Waited,
    WaitReason,
    Witness,
    WitnessKind,
    declare_names,
)

__all__ = [
    "DELIVERY",
    "RESCUED",
    "AccessDenied",
    "Answered",
    "Authenticated",
    "BeginsAgain",
    "BlankLines",
    "ColumnRule",
    "Completed",
    "Connector",
    "Declared",
    "DeclaredColumn",
    "Delivered",
    "Described",
    "DescribedColumn",
    "Describes",
    "DescribesSchemas",
    "Emit",
    "Event",
    "ForeignKey",
    "Grants",
    "KeepsSession",
    "Limited",
    "Locates",
    "LogsIn",
    "Overloaded",
    "Prices",
    "Probe",
    "ProbeKind",
    "Refused",
    "Retried",
    "SourceChanged",
    "SourceError",
    "SourceUnavailable",
    "Unreadable",
    "WaitReason",
    "Waited",
    "Witness",
    "WitnessKind",
    "declare_names",
    "fit",
]
