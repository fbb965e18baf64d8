"""What was asked and answered is a fact: nobody changes it afterwards."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from connectors.http.messages import Answer


def test_an_answer_stays_as_it_came() -> None:
    came = Answer(what="GET /", url="https://api.example/", status=200, headers={}, body=b"")
    for name in ("status", "headers", "body"):
        with pytest.raises(FrozenInstanceError):
            setattr(came, name, None)
