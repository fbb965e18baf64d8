"""`lineage.openlineage.jsonl`: the declared lineage as a job event of OpenLineage 2-0-2; pure.

It is a job's, not a run's: what is declared was run by nobody yet. A column that no contract has
stays an input, and its transformation says what is wrong.
"""

from __future__ import annotations

from datetime import datetime

from harness.evidence.formats.openlineage import Json, described, facet, named, producer
from harness.evidence.formats.plain import line, moment, written
from harness.evidence.runs import FactEntry
from harness.governance.known import Known
from harness.governance.lineage import Field, Graph, Origin

_EVENT = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent"


def render(known: Known, graph: Graph, *, at: datetime) -> bytes:
    """One line. `at` is when it was declared, or last looked at."""
    job = f"seatrial:{known.loaded.pilot.name}:{known.environment}"
    return written(
        {
            "eventTime": moment(at),
            "producer": producer(),
            "schemaURL": _EVENT,
            "job": {"namespace": line(job), "name": line(f"{graph.model}.fields")},
            "inputs": [_input(known, graph, job, *where) for where in graph.datasets],
            "outputs": [_output(known, graph, job)],
        }
    )


def _input(known: Known, graph: Graph, job: str, source: str, dataset: str) -> Json:
    read = _read(known, source, dataset)
    columns = [one for one in graph.origins if (one.source, one.dataset) == (source, dataset)]
    of_contract = [_column(one.column, one.type, one.described) for one in columns if one.type]
    return {
        **named(job, source, dataset, read),
        "facets": {
            **described(read, f"{source}.{dataset}"),
            "schema": facet("1-2-0/SchemaDatasetFacet", fields=of_contract),
        },
    }


def _output(known: Known, graph: Graph, job: str) -> Json:
    lineage = {field.name: _lineage(known, field, job) for field in graph.fields}
    fields = [_column(field.name, None, field.how or "") for field in graph.fields]
    return {
        "namespace": line(job),
        "name": line(graph.model),
        "facets": {
            "schema": facet("1-2-0/SchemaDatasetFacet", fields=fields),
            "columnLineage": facet("1-2-0/ColumnLineageDatasetFacet", fields=lineage),
        },
    }


def _lineage(known: Known, field: Field, job: str) -> Json:
    return {
        "inputFields": [
            {
                **named(job, one.source, one.dataset, _read(known, one.source, one.dataset)),
                "field": line(one.column),
                "transformations": [_transformation(field, one)],
            }
            for one in field.origins
        ]
    }


def _transformation(field: Field, one: Origin) -> Json:
    told = [one.wrong, field.how]
    return {
        "type": "DIRECT",
        "subtype": "TRANSFORMATION" if field.how else "IDENTITY",
        "description": line("; ".join(filter(None, told)) or "as it is"),
        "masking": False,
    }


def _column(name: str, of: str | None, described: str) -> Json:
    column = {"name": line(name)}
    if of:
        column["type"] = line(of)
    if described:
        column["description"] = line(described)
    return column


def _read(known: Known, source: str, dataset: str) -> FactEntry | None:
    found = known.readings.get((source, dataset))
    return None if found is None else found[1]
