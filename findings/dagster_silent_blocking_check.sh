#!/usr/bin/env bash
# dagster 1.13.27: a blocking asset check that yields nothing, as can_subset=True lets it, blocks nothing: the run
# succeeds, and the asset below the checked one is made. A check that yields "failed" blocks, and one that must
# yield (without can_subset) fails its step. So a gate is no gate unless whoever is behind it asks for its answer.
# Seen, for a job of the check and an asset below what it checks:
#   says failed: run fails, asset not made
#   says nothing, can_subset=False: run fails, asset not made
#   says nothing, can_subset=True: run succeeds, asset made
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check dagster==1.13.27
DAGSTER_DISABLE_TELEMETRY=1 "$place/venv/bin/python" - >"$place/said" 2>"$place/log" <<'P'
import dagster as dg

UP = dg.AssetSpec("up")


def tell(name, says, subset):
    @dg.multi_asset_check(
        specs=[dg.AssetCheckSpec("gate", asset="up", blocking=True)], can_subset=subset
    )
    def gate():
        yield from says

    @dg.asset(deps=["up"])
    def below():
        pass

    chosen = dg.AssetSelection.assets("below") | dg.AssetSelection.checks(
        dg.AssetCheckKey(dg.AssetKey("up"), "gate")
    )
    made = dg.Definitions(
        assets=[UP, below],
        asset_checks=[gate],
        jobs=[dg.define_asset_job("job", selection=chosen)],
    ).resolve_job_def("job")
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        result = made.execute_in_process(instance=instance, raise_on_error=False)
        done = instance.get_latest_materialization_event(dg.AssetKey("below")) is not None
    run = "run succeeds" if result.success else "run fails"
    print(f"{name}: {run}, asset {'made' if done else 'not made'}")


failed = dg.AssetCheckResult(check_name="gate", asset_key="up", passed=False)
tell("says failed", [failed], False)
tell("says nothing, can_subset=False", [], False)
tell("says nothing, can_subset=True", [], True)
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
