"""The estate starts whole, ends clean however it ends, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from estate.ending import SIGNALS, ended_by_signals
from estate.folder import temporary_folder
from estate.lifecycle import Running, running
from estate.process import EstateError

pytestmark = pytest.mark.long

PILOT_NAMES = {
    *("CRM_URL", "CRM_PASSWORD"),
    *("ERP_URL", "ERP_PASSWORD"),
    *("BILLING_ENDPOINT", "BILLING_ACCESS_KEY", "BILLING_SECRET_KEY", "BILLING_BUCKET"),
    *("LOGISTICS_HOST", "LOGISTICS_PORT", "LOGISTICS_USER"),
    *("LOGISTICS_KEY_FILE", "LOGISTICS_HOST_KEY"),
    *("VENDOR_URL", "VENDOR_CA_FILE", "VENDOR_CLIENT_ID", "VENDOR_CLIENT_SECRET", "VENDOR_QUOTA"),
    "OWNERS_ROOM_URL",
}


def test_a_pilot_gets_every_address_and_credential_and_nothing_else(estate: Running) -> None:
    assert set(estate.environ) == PILOT_NAMES
    assert all(estate.environ.values())


def test_two_estates_run_at_once(estate: Running, repaired_estate: Running) -> None:
    assert estate.folder != repaired_estate.folder
    differ = {"CRM_URL", "ERP_URL", "BILLING_ENDPOINT", "LOGISTICS_PORT", "VENDOR_URL"}
    differ |= {name for name in PILOT_NAMES if name.endswith(("_PASSWORD", "_SECRET", "_KEY"))}
    assert all(estate.environ[name] != repaired_estate.environ[name] for name in differ)
    assert not any(map(_gone, [*_pids(estate), *_pids(repaired_estate)]))


def test_every_server_is_announced_and_nothing_is_left_after_an_exception() -> None:
    class Own(Exception):
        pass

    lines: list[str] = []
    with pytest.raises(Own), running(say=lines.append) as estate:
        raise Own
    for server in ("crm", "erp", "logistics", "billing", "vendor"):
        (line,) = [line for line in lines if line.startswith(f"{server}: ")]
        assert " port " in line
        assert line.endswith(" s")
    assert all(map(_gone, _pids(estate)))
    assert not estate.folder.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_process_and_no_folder(
    number: signal.Signals, elsewhere: Callable, temporary: Path
) -> None:
    other = elsewhere()
    other.process.send_signal(number)
    assert other.process.wait(30) != 0
    assert all(map(_gone, other.pids))
    assert list(temporary.iterdir()) == []


def test_a_signal_during_the_start_leaves_no_process_and_no_folder(temporary: Path) -> None:
    """Signals that come while a server starts wait until it is known."""
    with subprocess.Popen(
        [sys.executable, "-m", "estate", "--", "sleep", "60"],
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.DEVNULL,
    ) as process:
        assert _eventually(lambda: any(temporary.glob("*/lock")))
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []
    assert _eventually(lambda: not _mentioned(temporary))


def test_a_signal_while_a_server_starts_waits_until_the_server_is_known() -> None:
    known = False
    with ended_by_signals() as ending, pytest.raises(SystemExit) as ended:  # noqa: PT012 - the block is the claim
        with ending.held():
            os.kill(os.getpid(), signal.SIGTERM)
            known = True
        known = False
    assert known
    assert ended.value.code == 128 + signal.SIGTERM


def test_the_callers_own_handlers_are_put_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with ended_by_signals():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_a_second_signal_does_not_cut_the_end_short(elsewhere: Callable, temporary: Path) -> None:
    other = elsewhere()
    other.process.send_signal(signal.SIGTERM)
    while other.process.poll() is None:
        other.process.send_signal(signal.SIGTERM)
        time.sleep(0.01)
    assert all(map(_gone, other.pids))
    assert list(temporary.iterdir()) == []


def test_killed_the_kernel_ends_the_servers_and_the_next_start_removes_the_folder(
    elsewhere: Callable, temporary: Path
) -> None:
    killed = elsewhere()
    killed.process.kill()
    killed.process.wait()
    assert _eventually(lambda: all(map(_gone, killed.pids)))
    assert killed.folder.exists()
    with temporary_folder(temporary) as following:
        assert list(temporary.iterdir()) == [following]


def test_a_start_leaves_the_folder_of_a_living_estate_alone(temporary: Path) -> None:
    with temporary_folder(temporary) as first, temporary_folder(temporary) as second:
        assert {first, second} == set(temporary.iterdir())


@pytest.mark.parametrize("scale", [0.001, -1, float("nan")])
def test_too_small_a_scale_is_refused_in_one_line(scale: float) -> None:
    refused = pytest.raises(EstateError, match=r"^the scale factor must be at least 0\.01$")
    with refused, running(scale=scale):
        pass


def test_a_server_that_cannot_start_is_one_line_and_what_was_started_stops(
    temporary: Path,
) -> None:
    """In a folder with this long a name billing, after three others, cannot make its socket."""
    folder = temporary / ("long" * 20)
    folder.mkdir(mode=0o711)
    done = _estate("--", "true", TMPDIR=str(folder))
    assert done.returncode == 4
    said = done.stderr.splitlines()
    begun = ["crm", "erp", "logistics"]
    assert [line.partition(":")[0] for line in said] == [*begun, "estate"]
    assert list(folder.iterdir()) == []
    assert not _mentioned(folder)


def test_a_temporary_folder_closed_to_others_serves_or_is_named_with_the_remedy(
    temporary: Path,
) -> None:
    """Root's PostgreSQL runs as another user, who could not enter it."""
    temporary.chmod(0o700)
    done = _estate("--", "true", TMPDIR=str(temporary))
    if os.geteuid() == 0:
        assert done.returncode == 4
        assert done.stderr.endswith(f"may not enter {temporary}: set TMPDIR=/tmp\n")
    else:
        assert done.returncode == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_ends_before_its_servers(
    number: signal.Signals, code: int, temporary: Path
) -> None:
    """A terminal sends Ctrl-C to the command and to us; SIGTERM comes to us and is passed on."""
    command = (
        "import os, pathlib, signal, time\n"
        "def end(*_):\n"
        "    servers = pathlib.Path(os.environ['VENDOR_CA_FILE'])\n"
        "    print('served' if servers.exists() else 'left alone', flush=True)\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGINT, end); signal.signal(signal.SIGTERM, end)\n"
        "print('runs', flush=True); time.sleep(60)"
    )
    program = (
        "import signal, sys; from estate.__main__ import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"sys.exit(main(['--', sys.executable, '-c', {command!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        assert process.stdout.read() == "served\n"
        assert process.wait(30) == code
    assert list(temporary.iterdir()) == []


def test_a_command_gets_the_pilots_environment_and_gives_its_exit_code() -> None:
    code = "import os; print(*sorted(os.environ)); raise SystemExit(7)"
    done = _estate("--", sys.executable, "-c", code)
    assert done.returncode == 7
    assert set(done.stdout.split()) >= PILOT_NAMES


def test_without_a_command_the_use_is_explained() -> None:
    done = _estate()
    assert done.returncode == 2
    assert "COMMAND" in done.stdout


def test_an_unknown_command_is_refused_before_anything_starts() -> None:
    done = _estate("--", "no-such-command")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("there is no command 'no-such-command'")


def _estate(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "estate", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _silent(_line: str) -> None:
    pass


def _pids(estate: Running) -> list[int]:
    return [process.popen.pid for server in estate.servers for process in server.processes]


def _gone(pid: int) -> bool:
    """Whether no such process runs; one that ended and was not reaped does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


def _mentioned(folder: Path) -> list[int]:
    """Processes with the folder in their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def _eventually(true: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False
