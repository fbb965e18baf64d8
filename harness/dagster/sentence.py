"""How a run of Dagster fails: by one sentence, not by the frames of Python that led to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo

from connectors.errors import SourceError
from harness.errors import ConfigurationError, LedgerLost, of_disk


class Sentence(DagsterUserCodeProcessError, dg.Failure):
    """A failure whose text says all: a verdict, or what is wrong in the set-up.

    Dagster shows a plain `Failure` with a stack trace, as it shows a defect of ours. What another
    process told it is shown as it was told: that is the seam used here.
    """

    def __init__(self, text: str, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # Dagster's own has no types
            text,
            metadata=metadata,
            allow_retries=False,
            user_code_process_error_infos=[
                SerializableErrorInfo(message=f"{text}\n", stack=[], cls_name=None)
            ],
        )


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """What a user can correct fails the run as on the command line: by its one line."""
    try:
        yield
    except (ConfigurationError, LedgerLost, SourceError) as error:
        raise Sentence(str(error)) from None
    except OSError as error:
        if says := of_disk(error):
            raise Sentence(says) from None
        raise
