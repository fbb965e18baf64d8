"""Every fact, event and failure has a tag of its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import connectors
from connectors.errors import AccessDenied, SourceError
from connectors.events import Event
from harness import tags
from harness.facts import Fact
from harness.run.failure import failure_of
from tests.golden.renamed import renamed


def test_every_fact_and_event_has_a_tag() -> None:
    assert set(tags.FACTS) == set(get_args(Fact))
    assert set(tags.EVENTS) == set(get_args(Event))


def test_no_tag_stands_for_two_things() -> None:
    kinds = [*tags.FACTS.values(), tags.VERDICT, tags.KEPT, tags.TOLD, tags.ACKNOWLEDGED]
    kinds += [tags.MISSED, tags.PROMISES, tags.POLICY, tags.SIGNATURE, tags.SIGNOFF]
    kinds += ["started", "finished", "interrupted"]
    causes = [*tags.ERRORS.values(), tags.CONTRACT_ERROR, tags.UNEXPECTED]
    for given in (kinds, list(tags.EVENTS.values()), causes):
        assert len(set(given)) == len(given)


def test_every_source_error_of_ours_is_told_by_more_than_that_it_is_one() -> None:
    for found in pkgutil.walk_packages(connectors.__path__, "connectors."):
        importlib.import_module(found.name)
    ours = {kind for kind in below(SourceError) if kind.__module__.startswith("connectors.")}
    told_as = {kind: next(one for one in kind.__mro__ if one in tags.ERRORS) for kind in ours}
    assert [kind for kind, told in told_as.items() if told is SourceError] == [SourceError]
    assert AccessDenied in ours


def below(kind: type[SourceError]) -> Iterator[type[SourceError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)


class LoggedOut(AccessDenied):
    """A client's own connector may tell errors apart."""


@pytest.mark.parametrize(
    ("error", "tag"),
    [
        (AccessDenied("no"), "AccessDenied"),
        (LoggedOut("no"), "AccessDenied"),
        (SourceError("no"), "SourceError"),
        (ValueError("no"), "Unexpected"),
    ],
)
def test_a_failure_goes_by_the_tag_of_the_nearest_class(error: Exception, tag: str) -> None:
    assert failure_of(error).kind == tag


def test_a_renamed_error_keeps_its_tag() -> None:
    with renamed([AccessDenied]):
        assert type(AccessDenied("no")).__name__ == "RenamedAccessDenied"
        assert failure_of(AccessDenied("no")).kind == "AccessDenied"


@pytest.mark.parametrize(
    ("error", "tag"),
    [
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (SystemExit(1), "SystemExit"),
        (ZeroDivisionError(), "Unexpected"),
    ],
)
def test_what_ends_a_run_has_a_tag(error: BaseException, tag: str) -> None:
    assert tags.of_error(error) == tag


def test_a_full_disk_is_no_defect() -> None:
    with (
        pytest.raises(OSError, match="No space left") as full,
        Path("/dev/full").open("w") as disk,
    ):
        disk.write("x")
    failure = failure_of(full.value)
    assert failure.kind == "LimitReached"
    assert failure.message.startswith(
        "the disk on which it lands or is unpacked is full: make room"
    )
    assert failure_of(OSError(5, "no")).kind == "Unexpected", "the control"
