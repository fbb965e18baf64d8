"""What the doctor finds on the real estate, and what it never says."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from estate.process import free_port
from harness.onboarding.doctor import exit_code
from harness.onboarding.examine import Check, Standing, machine, place
from tests.cli import DEMO, seatrial
from tests.connectors.proxy_fixture import PASSWORD, passage
from tests.shell import Ended

NOW = datetime(2036, 1, 1, tzinfo=UTC)


def doctor(cwd: Path, environ: dict[str, str], *arguments: str | Path) -> Ended:
    ended = seatrial(["doctor", *arguments], cwd=cwd, environ=environ)
    assert all(len(line) <= 80 for line in ended.out.splitlines())
    assert not ended.err
    return ended


def said(ended: Ended, standing: Standing) -> str:
    """Every row of one standing, its cells joined again."""
    rows: list[str] = []
    for line in ended.out.splitlines():
        head = line[:9].strip()
        if head:
            rows.append(head + "|")
        rows[-1] += " " + " ".join(line[9:].split())
    return "\n".join(row for row in rows if row.startswith(f"{standing}|"))


def test_a_set_up_that_is_right_ends_with_0_and_tells_no_value(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    ended = doctor(tmp_path, pilot_environ, DEMO)
    assert ended.code == 0, ended.out
    assert not said(ended, Standing.WRONG) + said(ended, Standing.NO_ANSWER)
    everything = said(ended, Standing.OK)
    for name in pilot_environ:
        assert f"{name} is set" in everything
    for source in ("crm", "erp", "logistics", "vendor"):
        assert f"{source} log-in accepted" in everything
    for name in ("CRM_PASSWORD", "VENDOR_CLIENT_SECRET", "LOGISTICS_KEY_FILE", "CRM_URL"):
        assert pilot_environ[name] not in ended.out


def test_every_variable_that_is_read_is_listed_set_or_not(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    pilot_environ |= {"SEATRIAL_ENV": "dev", "SEATRIAL_LEDGER": "postgresql://u:canary@h/d"}
    del pilot_environ["CRM_URL"]
    ended = doctor(tmp_path, pilot_environ, DEMO)
    listed = said(ended, Standing.OK)
    for name in ("SEATRIAL_ENV", "SEATRIAL_LEDGER", "CRM_PASSWORD", "VENDOR_QUOTA"):
        assert f"{name} is set" in listed
    for name in ("SEATRIAL_PILOT", "SEATRIAL_OUT"):
        assert f"{name} is not set: " in listed
    assert "CRM_URL is missing" in said(ended, Standing.WRONG)
    assert "canary" not in ended.out


def test_nothing_is_left_behind(tmp_path: Path, pilot_environ: dict[str, str]) -> None:
    doctor(tmp_path, pilot_environ, DEMO)
    assert not list(tmp_path.iterdir())


def test_an_empty_environment_ends_with_2_and_every_missing_name(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    ended = doctor(tmp_path, {}, DEMO)
    assert ended.code == 2
    wrong = said(ended, Standing.WRONG)
    for name in pilot_environ:
        assert f"environment variable {name} is missing" in wrong
    assert said(ended, Standing.NOTE).count("not tried: settings are missing") == 5


def test_a_source_that_is_down_ends_with_4_and_the_others_are_looked_at(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    gone = {**pilot_environ, "LOGISTICS_PORT": str(free_port())}
    ended = doctor(tmp_path, gone, DEMO)
    assert ended.code == 4
    assert "logistics address" in said(ended, Standing.NO_ANSWER)
    assert "vendor log-in accepted" in said(ended, Standing.OK)


def test_a_refused_log_in_ends_with_4_and_its_password_is_shown_nowhere(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    canary = "canary-77aa"
    ended = doctor(tmp_path, {**pilot_environ, "CRM_PASSWORD": canary}, DEMO)
    assert ended.code == 4
    assert "crm log-in refused" in said(ended, Standing.NO_ANSWER)
    assert "28P01" in said(ended, Standing.NO_ANSWER)
    assert canary not in ended.out


def test_a_secret_file_that_others_may_read_is_wrong(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    key = tmp_path / "key"
    key.write_bytes(Path(pilot_environ["LOGISTICS_KEY_FILE"]).read_bytes())
    key.chmod(0o644)
    ended = doctor(tmp_path, {**pilot_environ, "LOGISTICS_KEY_FILE": str(key)}, DEMO)
    assert ended.code == 2
    assert "has mode 0644: chmod 600 it" in said(ended, Standing.WRONG)


def test_a_file_that_is_not_there_is_wrong(tmp_path: Path, pilot_environ: dict[str, str]) -> None:
    ended = doctor(tmp_path, {**pilot_environ, "VENDOR_CA_FILE": str(tmp_path / "no")}, DEMO)
    assert ended.code == 2
    assert "there is no such file" in said(ended, Standing.WRONG)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--env", "prod"], "unknown environment 'prod'"),
        (["--out", "/proc/nowhere"], "/proc is not writable"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(
    tmp_path: Path, pilot_environ: dict[str, str], arguments: list[str], text: str
) -> None:
    ended = doctor(tmp_path, pilot_environ, DEMO, *arguments)
    assert ended.code == 2
    assert text in said(ended, Standing.WRONG)


def test_a_pilot_that_does_not_load_is_one_line_among_the_others(tmp_path: Path) -> None:
    ended = doctor(tmp_path, {})
    assert ended.code == 2
    assert "no pilot.yaml below" in said(ended, Standing.WRONG)
    assert "clock" in said(ended, Standing.OK)


def test_a_contract_that_names_no_dataset_of_its_connector_is_wrong(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    folder = tmp_path / "renamed"
    folder.mkdir()
    text = (DEMO / "pilot.py").read_text()
    assert '{"customers": "customers"}' in text
    (folder / "pilot.py").write_text(
        text.replace('{"customers": "customers"}', '{"custmers": "customers"}')
    )
    (folder / "pilot.yaml").write_text((DEMO / "pilot.yaml").read_text())
    ended = doctor(tmp_path, pilot_environ)
    assert ended.code == 2
    assert "unknown dataset 'customers': did you mean custmers?" in said(ended, Standing.WRONG)


def test_a_clock_before_the_installation_is_wrong(tmp_path: Path) -> None:
    def clock(now: datetime) -> Check:
        return next(check for check in machine(out=tmp_path, now=now) if check.what == "clock")

    assert clock(NOW).standing == Standing.OK
    assert clock(datetime(1970, 1, 1, tzinfo=UTC)).standing == Standing.WRONG


def budgets(tmp_path: Path) -> Check:
    return next(check for check in machine(out=tmp_path, now=NOW) if check.what == "budgets")


def test_it_says_where_processes_share_a_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert budgets(tmp_path).standing == Standing.OK
    assert f"in {tmp_path}/state/seatrial/budgets" in budgets(tmp_path).says
    (tmp_path / "state" / "seatrial" / "budgets").chmod(0o777)
    assert budgets(tmp_path).standing == Standing.WRONG


def test_it_says_if_they_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert budgets(tmp_path).standing == Standing.NOTE
    assert "each process has an API's whole budget" in budgets(tmp_path).says


def test_results_go_into_a_folder_and_not_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert [check.standing for check in place(tmp_path / "file")] == [Standing.WRONG]
    assert next(place(tmp_path / "new" / "folder")).standing == Standing.OK
    assert not (tmp_path / "new").exists()


def test_a_source_behind_a_proxy_is_reached_through_it(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    """The proxy is asked, not the source: a firewall may let us through to it alone."""
    folder = tmp_path / "behind"
    folder.mkdir()
    text = (DEMO / "pilot.py").read_text()
    named = "proxy=Proxy(url=at.text('proxy'), user='clerk', password=at.secret('proxy_password'))"
    (folder / "pilot.py").write_text(
        text.replace(
            '        ca_file=Path(at.text("ca_file")),\n',
            f'        ca_file=Path(at.text("ca_file")),\n        {named},\n',
        ).replace(
            "from seatrial.rest import",
            "from seatrial.rest import Proxy\nfrom seatrial.rest import",
        )
    )
    (folder / "pilot.yaml").write_text(
        (DEMO / "pilot.yaml")
        .read_text()
        .replace("url: env:VENDOR_URL", "url: env:VENDOR_URL\n        proxy: env:PROXY_URL")
        .replace("ca_file: env", "proxy_password: env:PROXY_PASSWORD\n        ca_file: env")
    )
    with passage() as gate:
        environ = {**pilot_environ, "PROXY_URL": gate.url, "PROXY_PASSWORD": PASSWORD}
        through = doctor(tmp_path, environ)
        assert through.code == 0, through.out
        assert "vendor proxy 127.0.0.1:" in said(through, Standing.OK)
        assert "vendor log-in accepted" in said(through, Standing.OK)
        assert gate.heads
        shut_out = doctor(tmp_path, {**environ, "PROXY_PASSWORD": "canary-0b77"})
    assert shut_out.code == 4
    assert "407: check its user and password" in said(shut_out, Standing.NO_ANSWER)
    assert "canary-0b77" not in shut_out.out
    gone = doctor(tmp_path, environ)
    assert "vendor proxy 127.0.0.1:" in said(gone, Standing.NO_ANSWER)


def test_a_host_name_that_nobody_knows_is_no_matter_of_a_firewall(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    """The control: a port on which nobody listens, of the host beside it. A name of more than 255
    bytes is one that this machine refuses without asking a name server.
    """
    name = ".".join(["drop" * 12] * 6)
    gone = {"LOGISTICS_HOST": name, "BILLING_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    told = said(doctor(tmp_path, pilot_environ | gone, DEMO), Standing.NO_ANSWER)
    logistics = next(row for row in told.splitlines() if "logistics" in row)
    assert "no host has this name: correct it in pilot.yaml, or let" in logistics
    assert "firewall" not in logistics
    billing = next(row for row in told.splitlines() if "billing" in row)
    assert "no connection: is it up, and does a firewall let us through?" in billing


def test_what_is_to_be_mended_here_comes_before_what_others_must_mend() -> None:
    def code(*standings: Standing) -> int:
        fine = Check(what="", standing=Standing.OK, says="")
        return exit_code([dataclasses.replace(fine, standing=one) for one in standings])

    assert code() == code(Standing.OK, Standing.NOTE) == 0
    assert code(Standing.OK, Standing.NO_ANSWER) == 4
    assert code(Standing.NO_ANSWER, Standing.WRONG) == 2
