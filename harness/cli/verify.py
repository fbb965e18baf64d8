"""`seatrial verify` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import require_places
from harness.errors import ConfigurationError
from harness.say import say


def verify(  # noqa: PLR0913 - the options of a command line
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The bundle, as `export` wrote it.")
    ] = None,
    *,
    trust: Annotated[
        Path | None,
        typer.Option(metavar="KEYS", help="Your register of keys, from outside the bundle."),
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TERM=VALUE",
            help="What it must be of: pilot, environment, first, last, code, class, "
            "contract.SOURCE.DATASET; repeatable.",
        ),
    ] = None,
    recompute: Annotated[
        bool,
        typer.Option("--recompute", help="Judge every verdict again, from facts and promises."),
    ] = False,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; repeatable."),
    ] = None,
    write_pyz: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the verifier as one file, and check nothing."),
    ] = None,
) -> None:
    """Check an evidence bundle without trusting who made it.

    Exit code 0 where it is valid and signed by keys that you trust, 1 where it is refused, 3 where
    the signer or something else that is needed to rely on it is unknown.
    """
    from datetime import UTC, datetime

    from harness.evidence.verify import command
    from harness.evidence.verify.finding import NotReadable
    from harness.evidence.verify.verify import verify as check

    if write_pyz is not None:
        _write(write_pyz)
        return
    if folder is None:
        raise ConfigurationError("name the folder of a bundle: seatrial verify DIR --trust KEYS")
    try:
        asked = command.ask(
            trust=trust, expect=expect or (), checkpoints=checkpoint or (), now=datetime.now(UTC)
        )
        report = check(folder, asked)
        if recompute:
            from harness.evidence.judged_again import with_recomputed
            from harness.run import code_version

            report = with_recomputed(report, folder, asked.trusted, code=code_version.text())
    except NotReadable as error:
        raise ConfigurationError(str(error)) from error
    for line in command.told(report, folder):
        say(line)
    raise typer.Exit(report.code)


def _write(file: Path) -> None:
    """Print the digest and the name, as sha256sum does."""
    import hashlib

    from harness import atomic_write
    from harness.evidence.verifier import archive

    require_places({"--write-pyz": file})
    content = archive()
    atomic_write.replace_bytes(file, content, mode=atomic_write.BY_UMASK)
    say(f"{hashlib.sha256(content).hexdigest()}  {file}")
