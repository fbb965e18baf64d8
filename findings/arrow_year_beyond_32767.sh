#!/usr/bin/env bash
# pyarrow 26.0.1: of a date that its own type holds and PostgreSQL's too (which ends at 5874897-12-31), year(),
# iso_year() and strftime() tell another year: they count it in 16 bits. None raises. The cast to text gives
# a remark in place of a value. polars 2.1.0, given the same array, tells the year.
# Seen, for 1 January of each year:
#   32767: year 32767, strftime 32767-01-01, cast 32767-01-01, polars 32767
#   40000: year -25536, strftime -25536-01-01, cast <value out of range: 13890172>, polars 40000
#   99999: year -31073, strftime -31073-01-01, cast <value out of range: 35804357>, polars 99999
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0
"$place/venv/bin/python" - >"$place/said" <<'P'
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

for year, day in {32767: 11248373, 40000: 13890172, 99999: 35804357}.items():  # since 1970-01-01
    date = pa.array([day], pa.int32()).cast(pa.date32())
    assert pc.iso_year(date)[0].as_py() in (pc.year(date)[0].as_py(), pc.year(date)[0].as_py() - 1)
    words = pc.strftime(date, format="%Y-%m-%d")[0], pc.cast(date, pa.string())[0]
    by_polars = pl.from_arrow(date).dt.year()[0]
    print(f"{year}: year {pc.year(date)[0]}, strftime {words[0]}, cast {words[1]}, polars {by_polars}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
