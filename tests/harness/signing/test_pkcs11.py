"""A key in a device signs as one in a file does; the device is SoftHSM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.signing.ed25519 import verify
from harness.signing.pkcs11 import open_token
from tests.docs import REPOSITORY

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
MAKE = """
import sys, pkcs11
from pkcs11.util.ec import encode_named_curve_parameters
token = pkcs11.lib(sys.argv[1]).get_token(token_label="seatrial")
with token.open(rw=True, user_pin="1234") as session:
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("1.3.101.112")}
    made = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, curve, local=True)
    made.generate_keypair(
        mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label="prover"
    )
"""
SIGN = """
import json, sys
from connectors.errors import SourceError
from harness.signing.pkcs11 import open_token
try:
    signer = open_token(sys.argv[1])
    print(json.dumps({"public": signer.public.hex(), "signature": signer.sign(b"PROVEN").hex()}))
except SourceError as error:
    print(json.dumps({"error": str(error)}))
"""


@pytest.mark.estate_full("softhsm2-util")
def test_it_signs_what_others_verify(tmp_path: Path) -> None:
    """The extra is installed into an environment of its own, and its packages put beside ours."""
    venv.create(tmp_path / "extra", with_pip=True)
    python = tmp_path / "extra/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "python-pkcs11==0.10.1"], check=True)
    packages = next((tmp_path / "extra/lib").glob("python3*/site-packages"))
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    environ = {
        **os.environ,
        "SOFTHSM2_CONF": str(tmp_path / "conf"),
        "PYTHONPATH": f"{REPOSITORY}:{packages}",
    }

    def run(*command: str | Path) -> str:
        ended = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        return ended.stdout

    pins = ("--so-pin", "12345678", "--pin", "1234")
    run("softhsm2-util", "--init-token", "--free", "--label", "seatrial", *pins)
    run(sys.executable, "-c", MAKE, MODULE)
    pin = tmp_path / "pin"
    pin.write_text("1234")
    pin.chmod(0o600)

    def sign(token: str = "seatrial", label: str = "prover") -> dict[str, str]:
        where = f"module-path={MODULE}&pin-source=file:{pin}"
        reference = f"pkcs11:token={token};object={label}?{where}"
        return dict(json.loads(run(sys.executable, "-c", SIGN, reference)))

    signed = sign()
    public, signature = (bytes.fromhex(signed[name]) for name in ("public", "signature"))
    assert verify(public, b"PROVEN", signature)
    assert sign(token="none")["error"] == "token none: no device has it: correct its label"
    assert sign(label="none")["error"] == "token seatrial: not one key none is on it"
    pin.write_text("4321")
    assert sign()["error"] == f"token seatrial: wrong PIN: check file:{pin}"


@pytest.mark.parametrize(
    "reference",
    [
        "pkcs11:",
        "pkcs11:token=a",
        "pkcs11:token=a;object=b?module-path=/m",
        "pkcs11:token=a;object=b?module-path=/m&pin-source=file:/p&more=1",
        "pkcs11:token=;object=b?module-path=/m&pin-source=file:/p",
    ],
)
def test_what_names_no_key_of_a_device_is_one_line(reference: str) -> None:
    with pytest.raises(ConfigurationError, match="write pkcs11:token=LABEL;object=LABEL"):
        open_token(reference)


def test_without_the_extra_it_says_what_to_install() -> None:
    with pytest.raises(ConfigurationError, match=r"install 'seatrial\[pkcs11\]'"):
        open_token("pkcs11:token=a;object=b?module-path=/m&pin-source=file:/p")
