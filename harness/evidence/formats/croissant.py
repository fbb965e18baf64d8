"""`croissant.json`: the kept rows that a model may be trained on (Croissant 1.0), with checksums.

Who reads a Croissant description loads what it distributes. So it distributes only files whose
whole run finished and proved (or waived) every claim about their dataset; other kept files are
named in the description with their digest and the reason, and are not loaded by it. The paths are
below the folder of results, where the rows stay: a bundle holds none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import Case, gaps_of, last_moment, verdicts
from harness.evidence.formats.plain import line, moment, uuid_of, written
from harness.evidence.runs import EvidenceRun
from harness.facts import Baseline, ReadColumn
from harness.run.keep import Kept
from harness.verdict import GOOD

Json: TypeAlias = dict[str, Any]
_TYPES = {
    "int": "sc:Integer",
    "uint": "sc:Integer",
    "float": "sc:Float",
    "bool": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
    "string": "sc:Text",
}
"""Of a landed column's type. The format has no exact decimal: such a column is not described."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of landed rows, and whether its dataset was proven."""

    kept: Kept
    run: EvidenceRun
    source: str
    dataset: str
    lacks: str
    """Why nobody may train on it, as a clause; empty if it is proven."""

    @property
    def name(self) -> str:
        """Its id in the description."""
        return _id(f"{self.source}.{self.dataset}", self.run.header.run)


def render(evidence: Evidence) -> bytes:
    """The description. Without a proven file it distributes none and says so."""
    files = list(kept_files(evidence))
    proven = [one for one in files if not one.lacks]
    return written(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": line(f"{evidence.pilot}-{evidence.environment}"),
            "description": _description(evidence, files),
            "datePublished": moment(last_moment(evidence)),
            "version": "1.0.0",
            "url": "urn:seatrial:" + evidence.runs[-1].head,
            "distribution": [_file(one) for one in proven],
            "recordSet": [_records(one, read) for one in proven if (read := _columns(one))],
        }
    )


def kept_files(evidence: Evidence) -> Iterator[KeptFile]:
    """Every file that a run of the window kept, in the ledger's order."""
    for run in evidence.runs:
        by_dataset: defaultdict[tuple[str | None, str | None], list[Case]] = defaultdict(list)
        for case in verdicts(evidence, run):
            by_dataset[case.source, case.dataset].append(case)
        for one in run.kept:
            of = by_dataset[one.origin.source, one.origin.dataset]
            yield KeptFile(
                kept=one.kept,
                run=run,
                source=str(one.origin.source),
                dataset=str(one.origin.dataset),
                lacks=_lacks(run, of),
            )


def _lacks(run: EvidenceRun, of: list[Case]) -> str:
    if gap := next(gaps_of(run), None):
        return gap.verdict.because
    if not of:
        return "no claim about it was judged"
    bad = [f"{case.claim} is {case.outcome}" for case in of]
    return ", ".join(
        words for words, case in zip(bad, of, strict=True) if case.outcome not in GOOD
    )


def _description(evidence: Evidence, files: list[KeptFile]) -> str:
    told = [
        f"{evidence.title}: rows as they arrived in environment {evidence.environment}.",
        "Paths are below the folder of results of the run.",
    ]
    if not files:
        told.append("No rows were kept.")
    elif all(one.lacks for one in files):
        told.append("No kept file is proven, so none is distributed.")
    told += [
        f"Kept and not proven: {one.kept.file}, sha256 {one.kept.sha256}: {one.lacks}."
        for one in files
        if one.lacks
    ]
    return line(" ".join(told))


def _file(one: KeptFile) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": one.name,
        "name": one.name,
        "description": line(f"Every claim about it was proven by run {one.run.header.run}."),
        "contentUrl": line(one.kept.file),
        "encodingFormat": "application/x-parquet",
        "sha256": one.kept.sha256,
    }


def _columns(one: KeptFile) -> tuple[ReadColumn, ...]:
    """The columns that the contract reads, where an approved baseline names their types."""
    for entry in one.run.facts:
        fact = entry.fact
        if isinstance(fact, Baseline) and (fact.source, fact.dataset) == (one.source, one.dataset):
            return tuple(column for column in fact.reads or () if _type(column))
    return ()


def _type(column: ReadColumn) -> str | None:
    return _TYPES.get(column.type.partition("(")[0].rstrip("0123456789"))


def _records(one: KeptFile, columns: tuple[ReadColumn, ...]) -> Json:
    name = f"{one.name}/rows"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{_id(column.name)}",
                "name": line(column.name),
                "dataType": _type(column),
                "source": {
                    "fileObject": {"@id": one.name},
                    "extract": {"column": column.name},
                },
            }
            for column in columns
        ],
    }


def _id(*parts: str) -> str:
    """An id as Croissant takes one, without space. Different parts have different ids."""
    plain = "/".join(_ODD.sub("_", part) for part in parts)
    return plain if plain == "/".join(parts) else f"{plain}-{uuid_of('croissant', *parts)}"


_ODD = re.compile(r"[^A-Za-z0-9_.-]")
_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        term: f"cr:{term}"
        for term in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject"),
            *("fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath"),
            *("key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
            *("replace", "samplingRate", "separator", "source", "subField", "transform"),
        )
    },
}
"""All terms of the format: readers warn of a shorter list."""
