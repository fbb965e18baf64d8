"""Builds our Dockerfile without an engine: its own instructions, in a chroot.

It knows the few instructions that the Dockerfile needs and refuses every other one, so that what
is tried here is what an engine would build.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.container.root import PATH, Mount, run

_SECRET = re.compile(r"--mount=type=secret,id=(\w+),target=(\S+)\s+")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(slots=True, kw_only=True)
class Image:
    """A root and what the Dockerfile says of how to run it."""

    root: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: Sequence[str] = ()


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction with its arguments, on one line."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    split = (line.partition(" ") for line in whole.splitlines() if line.strip())
    return [(word, rest.strip()) for word, _, rest in split]


def ignored(text: str) -> Callable[[str], bool]:
    """Whether .dockerignore keeps a path of the context back: all but what it lets through."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    let_through = {line[1:] for line in lines if line.startswith("!")}
    anywhere = {line.removeprefix("**/") for line in lines if line.startswith("**/")}
    known = {"*", *(f"!{name}" for name in let_through), *(f"**/{name}" for name in anywhere)}
    assert set(lines) <= known, "a pattern that this reader does not know"
    assert "*" in lines, "everything is kept back first"
    return lambda path: (
        path.split("/")[0] not in let_through or bool(anywhere & set(path.split("/")))
    )


def build(
    context: Path, root: Path, *, secrets: Mapping[str, Path], mounts: Sequence[Mount]
) -> Image:
    """The context's Dockerfile carried out in `root`, which stands for BASE and is changed."""
    image, user_named = Image(root=root), False
    kept_back = ignored((context / ".dockerignore").read_text())
    text = (context / "Dockerfile").read_text()
    for number, (word, rest) in enumerate(instructions(text)):
        match word:
            case "ARG":
                assert (number, rest) == (0, "BASE"), "BASE alone, without a default"
            case "FROM":
                assert (number, rest) == (1, "${BASE}"), "one stage, from the client's base"
            case "COPY":
                _copy(context, root, rest.split(), kept_back)
            case "RUN":
                _run(image, rest, secrets, mounts)
            case "ENV":
                name, _, value = rest.partition("=")
                image.environ[name] = _VARIABLE.sub(lambda m: image.environ[m[1]], value)
            case "WORKDIR":
                image.workdir = rest
            case "USER":
                image.user, user_named = rest, True
            case "ENTRYPOINT":
                image.entrypoint = json.loads(rest)
            case _:
                raise AssertionError(f"{word} is not known here: teach it, or do without")
    assert user_named, "the Dockerfile names no user"
    return image


def _copy(
    context: Path, root: Path, words: Sequence[str], kept_back: Callable[[str], bool]
) -> None:
    *sources, target = words
    assert not any(word.startswith("--") for word in words), "COPY takes no options here"
    for source in sources:
        assert not kept_back(source), f".dockerignore keeps {source} back"
        to = root / target.lstrip("/") / ("" if (context / source).is_dir() else source)
        if (context / source).is_dir():
            shutil.copytree(
                context / source,
                to,
                ignore=lambda folder, names: [
                    n for n in names if kept_back(str(Path(folder).relative_to(context) / n))
                ],
            )
        else:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(context / source, to)


def _run(image: Image, command: str, secrets: Mapping[str, Path], mounts: Sequence[Mount]) -> None:
    shown = [Mount(source=secrets[name], at=at) for name, at in _SECRET.findall(command)]
    command = _SECRET.sub("", command)
    assert not command.startswith("--"), "RUN takes secrets alone here"
    ended = run(
        image.root,
        ["/bin/sh", "-c", command],
        environ=image.environ,
        mounts=(*shown, *mounts),
        user=image.user,
        workdir=image.workdir,
    )
    assert not ended.returncode, (ended.stdout + ended.stderr)[-4000:]
