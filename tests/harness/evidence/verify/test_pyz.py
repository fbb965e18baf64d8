"""verify.pyz: one file, the same everywhere, that needs Python and `cryptography` alone."""

from __future__ import annotations

import ast
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

from harness.evidence.verifier import archive
from harness.signing import register
from tests.cli import seatrial
from tests.harness.evidence.verify.alone import by_verify_pyz
from tests.harness.evidence.verify.checking import TRUST, Files, write


def test_it_verifies_a_bundle_in_a_clean_environment(tmp_path: Path, made: Files) -> None:
    folder = write(tmp_path / "bundle", made)
    (tmp_path / "trust.json").write_bytes(register.written(TRUST))
    good = by_verify_pyz(tmp_path, "bundle", "--trust", "trust.json")
    assert good.returncode == 0, good.stdout + good.stderr
    assert good.stdout.splitlines()[-1].startswith("VALID")
    assert by_verify_pyz(tmp_path, folder).returncode == 3
    (folder / "policy" / "pilot.json").write_bytes(b"{}")
    bad = by_verify_pyz(tmp_path, "bundle", "--trust", "trust.json")
    assert bad.returncode == 1
    assert "policy/pilot.json" in bad.stdout
    assert by_verify_pyz(tmp_path, "none").returncode == 2
    assert by_verify_pyz(tmp_path).returncode == 2
    needs = subprocess.run([sys.executable, "-S", "-c", "import msgspec"], env={}, cwd=tmp_path)
    assert needs.returncode  # this environment is clean


def test_it_imports_the_standard_library_and_cryptography_alone() -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    modules = {name.removesuffix(".py").replace("/", ".") for name in texts}
    for name, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Import(names=names):
                    imported = [one.name for one in names]
                case ast.ImportFrom(module=str() as module, names=names):
                    inside = {f"{module}.{one.name}" for one in names} & modules
                    imported = sorted(inside) or [module]
                case _:
                    continue
            for one in imported:
                top = one.partition(".")[0]
                known = top in sys.stdlib_module_names or top == "cryptography" or one in modules
                assert known, f"{name} imports {one}"


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    ended = seatrial(["verify", "--write-pyz", tmp_path / "verify.pyz"], cwd=tmp_path)
    assert ended.code == 0, ended.err
    digest = hashlib.sha256(archive()).hexdigest()
    assert ended.out == f"{digest}  {tmp_path / 'verify.pyz'}\n"
    assert (tmp_path / "verify.pyz").read_bytes() == archive()


def test_the_command_says_the_same_as_the_file(tmp_path: Path, made: Files) -> None:
    folder = write(tmp_path / "bundle", made)
    (tmp_path / "trust.json").write_bytes(register.written(TRUST))
    good = seatrial(["verify", folder, "--trust", tmp_path / "trust.json"], cwd=tmp_path)
    assert (good.code, good.out.splitlines()[-1][:6]) == (0, "VALID:")
    assert seatrial(["verify", folder], cwd=tmp_path).code == 3
    wrong = seatrial(["verify", folder, "--expect", "pilot=beta"], cwd=tmp_path)
    assert wrong.code == 1
    assert "pilot is acme; you expect beta" in wrong.out
    none = seatrial(["verify"], cwd=tmp_path)
    assert none.code == 2
    assert "name the folder of a bundle" in none.err
