#!/usr/bin/env bash
# mlcroissant 1.1.1: of a Parquet file whose checksum it has verified, it gives another whole number than the
# file holds, where any other row of the column is missing: pandas then makes floats of them, and Croissant's
# sc:Integer makes whole numbers of those again. A column without a missing value is exact. Nothing warns.
# Seen, for 2**53 + 1 in two columns:
#   no row is missing: 9007199254740993
#   one row is missing: 9007199254740992
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check mlcroissant==1.1.1 pyarrow==26.0.1 pandas==3.1.1
"$place/venv/bin/python" - "$place" >"$place/said" 2>"$place/log" <<'P'
import hashlib
import json
import pathlib
import sys

import mlcroissant as mlc
import pyarrow as pa
import pyarrow.parquet as pq

place = pathlib.Path(sys.argv[1])
rows = place / "rows.parquet"
table = pa.table({"whole": [2**53 + 1, 1], "gap": pa.array([2**53 + 1, None], pa.int64())})
pq.write_table(table, rows)
fields = [
    mlc.Field(
        id=f"rows/{name}", name=name, data_types=mlc.DataType.INTEGER,
        source=mlc.Source(file_object="file", extract=mlc.Extract(column=name)),
    )
    for name in table.column_names
]
described = mlc.Metadata(
    name="keys", description="keys", url="https://example.org",
    distribution=[mlc.FileObject(
        id="file", name="file", content_url=rows.name, encoding_formats=["application/x-parquet"],
        sha256=hashlib.sha256(rows.read_bytes()).hexdigest(),
    )],
    record_sets=[mlc.RecordSet(id="rows", name="rows", fields=fields)],
)
(place / "croissant.json").write_text(json.dumps(described.to_json()))
first = next(iter(mlc.Dataset(jsonld=place / "croissant.json").records("rows")))
print(f"no row is missing: {first['rows/whole']}")
print(f"one row is missing: {first['rows/gap']}")
assert pq.read_table(rows)["gap"][0].as_py() == 2**53 + 1
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
