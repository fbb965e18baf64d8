"""The controls of the scale bench: what a process and those below it take is seen, and apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench import many
from bench.processes import spent
from harness.claims import SOURCE_CLAIMS
from harness.definitions import build
from harness.pilot import loading
from harness.pilot.plan import plan

_HOLDS = "import sys, time; held = bytearray(int(sys.argv[1])); time.sleep(2)"
_STARTS_ANOTHER = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {_HOLDS!r}, "100000000"], check=True)
"""


def test_memory_is_told_apart_by_who_holds_it() -> None:
    alone = spent([sys.executable, "-c", _HOLDS, "100000000"], {}, watched=True)
    assert 100 <= alone.peak <= 140
    assert alone.peak_of_others == 0
    parent = spent([sys.executable, "-c", _STARTS_ANOTHER], {}, watched=True)
    assert parent.peak <= 40
    assert 100 <= parent.peak_of_others <= 140


def test_waiting_takes_wall_time_and_no_cpu() -> None:
    waited = spent([sys.executable, "-c", _HOLDS, "1"], {})
    assert waited.wall >= 2
    assert waited.cpu < 1


def test_a_process_that_failed_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        spent([sys.executable, "-c", "raise SystemExit(3)"], {})


def test_the_floor_has_as_many_assets_and_checks_as_we(tmp_path: Path) -> None:
    """Else it would be no floor."""
    many.write(tmp_path / "many_few", sources=2, datasets=3)
    loaded = loading.load(tmp_path / "many_few")
    ours = build(loaded).get_repository_def().asset_graph
    of_source = len(SOURCE_CLAIMS)
    claims = of_source, (len(plan(loaded.pilot)) // 2 - of_source) // 3
    bare = many.bare(sources=2, datasets=3, claims=claims).get_repository_def().asset_graph
    beside_them = 3
    assert len(ours.get_all_asset_keys()) == len(bare.get_all_asset_keys()) + beside_them
    ready_and_gate = 2
    assert len(ours.asset_check_keys) == len(bare.asset_check_keys) + ready_and_gate
    assert len(bare.asset_check_keys) == len(plan(loaded.pilot))
