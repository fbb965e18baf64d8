"""`seatrial profile`: pins a profile of the training data, to compare later data with.

FILE ─ typed as the contract says ─▶ landed ─ grid, counts ─▶ Reference ─▶ reference.json
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from connectors.convert.fit import fit, fitted_schema
from connectors.errors import SourceError
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.parquet import Parquet
from contracts.arrow_schema import arrow_schema, with_formats
from contracts.engines import profile as count
from contracts.evaluation import ColumnProfile, Reference
from contracts.grid import grid
from contracts.promises import Contract
from harness.errors import ConfigurationError
from harness.pilot import loading
from harness.pilot.plan import select_datasets
from harness.pins.reference import pin
from harness.run.landing import write_parquet

_PARQUET = (b"PAR1", b"PARE")
"""How a file begins, and one that is encrypted."""


def profile(
    folder: Path | None, file: Path, *, dataset: str, start: Path, now: datetime
) -> Iterator[str]:
    """Pin `file` as the reference of `dataset`; yields one line per column and one for the file.

    The pilot is the one in `folder`, or the one at or below `start`. Raises ConfigurationError if
    any value of the file does not convert to the contract's types.
    """
    loaded = loading.load_chosen(folder, start=start)
    [(source, name)] = select_datasets(loaded.pilot, [dataset])
    contract = loaded.pilot.contract(source, name)
    with tempfile.TemporaryDirectory() as private:
        landed = Path(private) / "landed.parquet"
        try:
            sha256 = _land(contract, file, landed)
        except OSError as error:
            raise ConfigurationError(f"{file}: {error.strerror}: name another") from error
        except SourceError as error:
            raise ConfigurationError(str(error)) from error
        pinned = reference(
            contract,
            landed,
            source=source,
            sha256=sha256,
            made_on=now.astimezone(loaded.zone).date(),
        )
    path = pin(loaded, pinned)
    for column in pinned.profile.columns:
        yield f"{column.column}: {_describe(column)}"
    yield f"{source}.{name}: {pinned.profile.rows:,} rows pinned in {path}"


def reference(
    contract: Contract, landed: Path, *, source: str, sha256: str, made_on: date
) -> Reference:
    """The reference of a landed file; `sha256` is of the original file."""
    chosen = grid(contract, landed, dataset=f"{source}.{contract.name}")
    return Reference(profile=count(contract, chosen, landed), sha256=sha256, made_on=made_on)


def _land(contract: Contract, file: Path, into: Path) -> str:
    schema = with_formats(arrow_schema(contract.schema), contract.promises.times)
    with file.open("rb") as stream:
        is_parquet = stream.read(4) in _PARQUET
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256")
    format_: Format = Parquet() if is_parquet else Csv()
    layout = format_.layout(file, file.name)
    wanted = [field.name for field in schema if layout and field.name in layout.names]
    if layout is None or not wanted:
        raise ConfigurationError(
            f"{file} has none of the columns of {contract.name}: name another"
        )
    fitted = (
        fit({name: block.columns[name] for name in wanted}, schema)
        for block in format_.blocks(file, file.name, layout, schema)
    )
    reader = pa.RecordBatchReader.from_batches(
        fitted_schema(schema, wanted, has_delivery=False), fitted
    )
    landing = write_parquet(reader, into, event_time=None, landed=lambda *_: None)
    if landing.rescued:
        raise ConfigurationError(
            f"{file}: {landing.rescued:,} of {landing.whole.rows:,} rows hold a value that is not "
            f"of the contract's type: correct them"
        )
    if not landing.whole.rows:
        raise ConfigurationError(f"{file} has no rows: name the data that the model learns from")
    return digest.hexdigest()


def _describe(column: ColumnProfile) -> str:
    if column.numbers is not None:
        how = f"numbers between {len(column.numbers.edges):,} edges"
    elif column.categories is not None:
        how = f"{len(column.categories.names):,} categories"
    else:
        how = f"values not compared: {column.skipped}"
    return how if column.missing is None else f"{how}, {column.missing:,} missing"
