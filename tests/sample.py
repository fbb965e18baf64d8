"""`make sample`: 60 mutants of reading and landing, drawn at random, each against the tests that
are nearest to it first.

    python -m tests.sample

cosmic-ray changes one place of a module on disk, runs the tests, and puts the module back: use a
checkout of its own. What was tried is kept in `mutants/sample.sqlite`, so that a run that was
stopped goes on where it was. Ends with 1 where fewer than 95 % were killed.
"""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test, mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkItem

from tests.docs import REPOSITORY

SIZE, SEED, GOAL = 60, 10, 0.95
MODULES = (
    *(f"connectors/{room}/**/*.py" for room in ("rest", "sql", "files", "convert", "http")),
    *(f"harness/run/{name}.py" for name in ("landing", "dataset", "recorder", "sums")),
)
KEPT = Path("mutants/sample.sqlite")
SECONDS = 1800.0
"""Longer than all these tests take on a busy machine: a mutant that never ends is killed."""


def drawn(modules: list[Path]) -> list[WorkItem]:
    """`SIZE` places, each as likely as any other, and one of the changes possible there."""
    items = WorkDB(":memory:", WorkDB.Mode.create)
    init(modules, items, {})
    places = [list(at) for _, at in groupby(sorted(items.work_items, key=_place), key=_place)]
    chance = random.Random(SEED)
    chance.shuffle(places)
    changes = (change for at in places if (change := _change(at, chance)) is not None)
    return [change for change, _ in zip(changes, range(SIZE), strict=False)]


def _place(item: WorkItem) -> tuple[str, tuple[int, int], tuple[int, int]]:
    (spec,) = item.mutations
    return str(spec.module_path), spec.start_pos, spec.end_pos


def _change(at: list[WorkItem], chance: random.Random) -> WorkItem | None:
    """One that changes more than an annotation, which Python does not evaluate here."""
    item = chance.choice(sorted(at, key=lambda one: one.mutations[0].operator_name))
    (spec,) = item.mutations
    code = Path(spec.module_path).read_text()
    operator = get_operator(spec.operator_name)(**spec.operator_args)
    changed = mutate_code(code, operator, spec.occurrence)
    return item if changed is not None and _bare(changed) != _bare(code) else None


def _bare(code: str) -> str:
    """The syntax tree without annotations."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        match node:
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef():
                node.returns = None
            case ast.AnnAssign():
                node.annotation = ast.Constant(None)
            case _:
                pass
    return ast.dump(tree)


def trials(kept: WorkDB) -> Iterator[tuple[MutationSpec, bool, str]]:
    """Each mutant: what it is, whether a test noticed it, and its difference."""
    for item in kept.pending_work_items:
        (spec,) = item.mutations
        command = f"{sys.executable} -m tests.nearest {spec.module_path}"
        kept.set_result(item.job_id, mutate_and_test(item.mutations, command, SECONDS))
    for item, result in sorted(kept.completed_work_items, key=lambda pair: _place(pair[0])):
        yield item.mutations[0], result.test_outcome != TestOutcome.SURVIVED, str(result.diff)


def main() -> int:
    """Try what is still untried; print the killed, then each survivor's difference."""
    KEPT.parent.mkdir(exist_ok=True)
    kept = WorkDB(KEPT, WorkDB.Mode.create)
    if not kept.num_work_items:
        modules = {path for glob in MODULES for path in REPOSITORY.glob(glob)}
        kept.add_work_items(drawn(sorted(path.relative_to(REPOSITORY) for path in modules)))
    tried = list(trials(kept))
    for spec, killed, diff in tried:
        says = "killed" if killed else f"survived\n{diff}"
        print(f"{spec.module_path}:{spec.start_pos[0]} {spec.operator_name}: {says}")
    dead = sum(killed for _, killed, _ in tried)
    print(f"{dead} of {len(tried)} killed")
    return 0 if tried and dead / len(tried) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
