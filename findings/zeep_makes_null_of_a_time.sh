#!/usr/bin/env bash
# zeep 4.3.3: of times that XML Schema allows, three are None to who reads the answer, as if the element were empty
# or nil (strict is the default, and does not raise): midnight as the end of a day, and years before 1 and beyond 9999.
# Of a time with seven digits of a second, as .NET writes them, the last one is gone; of a date, its zone.
# Seen, for each text of an element:
#   dateTime 2026-11-29T23:00:00Z: 2026-11-29 23:00:00+00:00
#   dateTime 2026-11-29T24:00:00Z: None
#   dateTime 12026-11-29T10:00:00Z: None
#   dateTime -0044-03-15T00:00:00Z: None
#   dateTime 2026-11-29T10:00:00.1234567Z: 2026-11-29 10:00:00.123456+00:00
#   date 2026-11-29+14:00: 2026-11-29
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check zeep==4.3.3
"$place/venv/bin/python" - >"$place/said" 2>"$place/log" <<'P'
from lxml import etree
from zeep import xsd

for kind, text in (
    (xsd.DateTime, "2026-11-29T23:00:00Z"),
    (xsd.DateTime, "2026-11-29T24:00:00Z"),
    (xsd.DateTime, "12026-11-29T10:00:00Z"),
    (xsd.DateTime, "-0044-03-15T00:00:00Z"),
    (xsd.DateTime, "2026-11-29T10:00:00.1234567Z"),
    (xsd.Date, "2026-11-29+14:00"),
):
    element = xsd.Element("at", kind())
    read = element.parse(etree.fromstring(f"<at>{text}</at>"), schema=None)
    print(f"{kind._default_qname.localname} {text}: {read}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
