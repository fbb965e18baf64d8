"""A pilot of many small datasets, all of one shape, and as many bare assets for Dagster.

`python -m bench.many ours` loads the pilot that SEATRIAL_PILOT names as a code location of Dagster
does; `bare SOURCES DATASETS OF_SOURCE OF_DATASET` loads assets that know nothing of us, with as
many checks as we have claims of a source and of a dataset.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psycopg
from dagster._core.code_pointer import CodePointer
from dagster._core.definitions.reconstruct import initialize_repository_def_from_pointer

ROWS = 100
_PILOT = """
from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql


def contract(name: str) -> Contract:
    return Contract(
        name=name,
        promises=Promises(
            key=("id",),
            event_time="at",
            lag=timedelta(hours=24),
            cadence=timedelta(days=1),
            missing={{"amount": 0.01}},
        ),
        schema=pa.DataFrameSchema(
            {{
                "id": pa.Column(pl.Int64, pa.Check.gt(0), description="Number"),
                "name": pa.Column(pl.String, pa.Check.str_matches("^n"), description="Name"),
                "kind": pa.Column(pl.String, pa.Check.isin(["a", "b"]), description="Kind"),
                "amount": pa.Column(
                    pl.Decimal(12, 2), pa.Check.ge(0), nullable=True, description="Euros"
                ),
                "day": pa.Column(pl.Date, description="Day"),
                "at": pa.Column(pl.Datetime("us", "UTC"), description="When"),
            }},
            strict=True,
        ),
    )


NAMES = [f"table{{n}}" for n in range({datasets})]


def database(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"), tables={{name: name for name in NAMES}}
    )


PILOT = Pilot(
    name="many",
    sources=tuple(
        Source(name=f"source{{n}}", connect=database, contracts=tuple(map(contract, NAMES)))
        for n in range({sources})
    ),
)
"""
_SETTINGS = "title: Many\nenvironments:\n  dev:\n    evidence_class: simulated\n    sources:\n"


def write(folder: Path, *, sources: int, datasets: int) -> None:
    """An engagement of `sources` times `datasets`, all in the estate's CRM."""
    folder.mkdir()
    (folder / "pilot.py").write_text(_PILOT.format(sources=sources, datasets=datasets))
    places = (
        f"      source{n}: {{url: env:CRM_URL, password: env:CRM_PASSWORD}}\n"
        for n in range(sources)
    )
    (folder / "pilot.yaml").write_text(_SETTINGS + "".join(places))


def fill(dsn: str, *, datasets: int, rows: int = ROWS) -> None:
    """Make the tables of one source, `rows` rows each, for the pilot's role to read."""
    with psycopg.connect(dsn) as admin:
        for number in range(datasets):
            admin.execute(
                f"""
                create table table{number} as
                select n::bigint as id, 'n' || n as name, 'a' as kind,
                       n::numeric(12, 2) as amount, current_date as day, now() as at
                from generate_series(1, {rows}) as n
                """.encode()
            )


def bare(*, sources: int, datasets: int, claims: tuple[int, int]) -> dg.Definitions:
    """The floor: Dagster's own cost of as many tables, assets and checks, in as many steps, and
    one job over them, without a pilot, contracts, columns or descriptions. `claims` are those of a
    source and of a dataset.
    """
    assets: list[dg.AssetsDefinition | dg.AssetSpec] = []
    for source in map(str, range(sources)):
        tables = [dg.AssetSpec([source, f"{n}.source"]) for n in range(datasets)]
        assets += [*tables, _step(source, tables, claims)]
    made = [key for a in assets if isinstance(a, dg.AssetsDefinition) for key in a.keys]
    job = dg.define_asset_job("prove", selection=dg.AssetSelection.assets(*made))
    return dg.Definitions(assets=assets, jobs=[job], executor=dg.in_process_executor)


def _step(source: str, tables: list[dg.AssetSpec], claims: tuple[int, int]) -> dg.AssetsDefinition:
    keys = [[source, "access"], *([source, str(n)] for n in range(len(tables)))]

    @dg.multi_asset(
        name=f"prove_{source}",
        specs=[
            dg.AssetSpec(key, deps=[tables[int(key[1])]] if key[1].isdigit() else [])
            for key in keys
        ],
        check_specs=[
            dg.AssetCheckSpec(f"claim{claim}", asset=key)
            for key in keys
            for claim in range(claims[key[1].isdigit()])
        ],
    )
    def prove() -> Iterator[dg.MaterializeResult[None]]:
        yield from ()

    return prove


def _load(kind: str, *numbers: str) -> None:
    """Resolve everything that Dagster asks a code location for, and end without taking it down:
    a code location stays, and how long the collector's last look takes is no cost of its loading.
    """
    if kind == "ours":
        pointer = CodePointer.from_module("harness.definitions", "defs", working_directory=None)
        repository = initialize_repository_def_from_pointer(pointer)
    else:
        sources, datasets, *claims = map(int, numbers)
        made = bare(sources=sources, datasets=datasets, claims=(claims[0], claims[1]))
        repository = made.get_repository_def()
    jobs = repository.get_all_jobs()
    checks = repository.asset_graph.asset_check_keys
    sys.stdout.write(f"{len(jobs)} jobs, {len(checks)} checks\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    _load(*sys.argv[1:])
