#!/usr/bin/env bash
# dagster 1.13.27: a daily cron whose time does not exist on the night when clocks go forward starts at three different
# moments, by the zone. In Berlin at the end of the hour that is left out. In Santiago, where that hour begins at midnight,
# as long after that end as the time was after its beginning. In Casablanca and on Chatham long before the change
# itself: the clock on the wall shows 01:00 and 02:00 then. When clocks go back, a time that comes twice starts
# at its second coming in Berlin and at its first in Cairo.
# Seen, each as the wall clock, by zoneinfo, shows the moment of the start:
#   Europe/Berlin 30 2 2026-03-29: 03:00+0200, clocks change at 02:00+0100
#   America/Santiago 30 0 2026-09-06: 01:30-0300, clocks change at 00:00-0400
#   Africa/Casablanca 30 2 2026-03-22: 01:00+0000, clocks change at 02:00+0000
#   Pacific/Chatham 50 2 2026-09-27: 02:00+1245, clocks change at 02:45+1245
#   Europe/Berlin 30 2 2026-10-25: 02:30+0100, clocks change at 03:00+0200
#   Africa/Cairo 30 23 2026-10-29: 23:30+0300, clocks change at 00:00+0300
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check dagster==1.13.27 tzdata==2026.1
"$place/venv/bin/python" - >"$place/said" <<'P'
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dagster._utils.schedules import schedule_execution_time_iterator

MINUTE = timedelta(minutes=1)
for zone, cron, night in (
    ("Europe/Berlin", "30 2", "2026-03-29"),
    ("America/Santiago", "30 0", "2026-09-06"),
    ("Africa/Casablanca", "30 2", "2026-03-22"),
    ("Pacific/Chatham", "50 2", "2026-09-27"),
    ("Europe/Berlin", "30 2", "2026-10-25"),
    ("Africa/Cairo", "30 23", "2026-10-29"),
):
    wall = ZoneInfo(zone)
    before = datetime.fromisoformat(night).replace(tzinfo=wall).astimezone(timezone.utc) - timedelta(hours=3)
    starts = schedule_execution_time_iterator(before.timestamp(), f"{cron} * * *", zone)
    at = datetime.fromtimestamp(next(starts).timestamp(), wall)
    change = next(
        moment
        for moment in (before + MINUTE * minutes for minutes in range(48 * 60))
        if moment.astimezone(wall).utcoffset() != (moment + MINUTE).astimezone(wall).utcoffset()
    )
    last = change.astimezone(wall)  # the minute before; its offset is the old one
    changes = (last.replace(tzinfo=timezone(last.utcoffset())) + MINUTE).strftime("%H:%M%z")
    print(f"{zone} {cron} {night}: {at:%H:%M%z}, clocks change at {changes}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
