"""The seam, for whoever writes a connector: what it offers, emits and raises.

docs/extending.md shows a whole one with its test.
"""

from __future__ import annotations

from connectors.capabilities import (
    BeginsAgain,
    ColumnRule,
    Declares,
    Described,
    DescribedColumn,
    Describes,
    DescribesSchemas,
    Experimental,
    ForeignKey,
    Grants,
    KeepsSession,
    Locates,
    LogsIn,
    Prices,
)
from connectors.connector import DELIVERY, RESCUED, Connector, Probe, ProbeKind
from connectors.convert.fit import fit
from connectors.errors import (
    AccessDenied,
    NeedsRows,
    SourceChanged,
    SourceError,
    SourceUnavailable,
)
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
from connectors.peer import Connected, Peer
from connectors.rights import TellsRights, TriesWrites, Way
from connectors.slots import SpentByOthers

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
    "Connected",
    "Connector",
    "Declared",
    "DeclaredColumn",
    "Declares",
    "Delivered",
    "Described",
    "DescribedColumn",
    "Describes",
    "DescribesSchemas",
    "Emit",
    "Event",
    "Experimental",
    "ForeignKey",
    "Grants",
    "KeepsSession",
    "Limited",
    "Locates",
    "LogsIn",
    "NeedsRows",
    "Overloaded",
    "Peer",
    "Prices",
    "Probe",
    "ProbeKind",
    "Refused",
    "Retried",
    "SourceChanged",
    "SourceError",
    "SourceUnavailable",
    "SpentByOthers",
    "TellsRights",
    "TriesWrites",
    "Unreadable",
    "WaitReason",
    "Waited",
    "Way",
    "Witness",
    "WitnessKind",
    "declare_names",
    "fit",
]
