"""Faults E07, X11: a secret in text that is not ours is known in each form, and replaced."""

from __future__ import annotations

import base64
import html
import json
import logging
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from connectors.errors import SourceUnavailable
from connectors.redaction import redact
from connectors.secrets import Secret
from harness.run.failure import failure_of
from harness.say import Shown, shown

CANARY = 'c4nary/"&<+\u00fc-7f3a'
HIDDEN = "[the secret env:CANARY]"


@pytest.fixture(autouse=True)
def _known() -> None:
    Secret("env:CANARY", CANARY)


WRITTEN = {
    "raw": CANARY,
    "a URL's path": quote(CANARY, safe=""),
    "a URL's query": urlencode({"key": CANARY}),
    "a form": quote_plus(CANARY),
    "a URL in small letters": quote(CANARY, safe="").lower(),
    "JSON": json.dumps({"password": CANARY}),
    "JSON in UTF-8": json.dumps([CANARY], ensure_ascii=False),
    "HTML": html.escape(f"<p>{CANARY}</p>"),
    "HTML of a template": str(Markup.escape(CANARY)),
    "repr": repr({"password": CANARY, "b": b""}),
    "hexadecimal": CANARY.encode().hex(),
    "a log-in": base64.b64encode(f"us:{CANARY}".encode()).decode(),
    "a log-in of somebody longer": base64.b64encode(f"user:{CANARY}".encode()).decode(),
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(f"{CANARY}?".encode()).decode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_e07_each_form_is_replaced_by_the_reference(form: str) -> None:
    assert "[the secret env:CANARY]" in redact(f"it said {WRITTEN[form]}, twice {WRITTEN[form]}")
    assert WRITTEN[form] not in redact(WRITTEN[form])


@given(st.binary(max_size=5), st.binary(max_size=5))
def test_e07_base64_is_known_wherever_the_secret_begins(before: bytes, after: bytes) -> None:
    Secret("env:CANARY", CANARY)
    written = base64.b64encode(before + CANARY.encode() + after).decode()
    assert HIDDEN in redact(written)
    assert len(redact(written).replace(HIDDEN, "")) <= 4 * (len(before) + len(after) + 8) / 3


def test_what_is_no_secret_stays_as_it_is() -> None:
    """The control: no word is hidden because a password is short, and none without a secret."""
    Secret("env:SHORT", "order")
    assert redact("3 of 9 orders, c4nary") == "3 of 9 orders, c4nary"


def test_e07_the_password_of_an_address_and_the_token_of_a_hook_are_secrets_alone() -> None:
    Secret("env:LEDGER", "postgresql://us:p%C3%A4ss-of-the-ledger@db/ledger")
    Secret(
        "env:HOOK", "https://hooks.example/services/T0000/abcdefghijklmnop?sig=0123456789abcdefg"
    )
    assert redact("päss-of-the-ledger at db/ledger") == "[the secret env:LEDGER] at db/ledger"
    for token in ("abcdefghijklmnop", "0123456789abcdefg"):
        assert redact(f"refused: {token}") == "refused: [the secret env:HOOK]"
    assert "hooks.example" in redact("no answer of hooks.example")


def test_e07_each_line_of_a_key_is_a_secret_and_its_frame_is_none() -> None:
    lines = ["-----BEGIN PRIVATE KEY-----", "MC4CAQAwBQYDK2Vw" * 3, "BCIEIJ+DYvh6SEqV" * 3]
    Secret("file:key", "\n".join([*lines, "-----END PRIVATE KEY-----"]))
    assert redact(lines[0]) == lines[0]
    assert redact(f"  {lines[2]}") == "  [the secret file:key]"


def _refuse() -> None:
    raise SourceUnavailable(f"no log-in\nwith {CANARY}")


def test_x11_a_log_line_a_printed_line_and_a_failure_show_none() -> None:
    with pytest.raises(SourceUnavailable) as caught:
        _refuse()
    error = caught.value
    record = logging.makeLogRecord(
        {"msg": "sent %s", "args": (CANARY,), "exc_info": (type(error), error, caught.tb)}
    )
    told = [Shown().format(record), shown(str(error)), failure_of(error).message]
    assert [CANARY in one for one in told] == [False] * 3
    assert [HIDDEN in one for one in told] == [True] * 3
    assert "Traceback" in told[0]


def test_x11_without_the_guard_all_of_them_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr("connectors.redaction.KNOWN", {})
    error = SourceUnavailable(CANARY)
    record = logging.makeLogRecord({"msg": CANARY})
    told = [Shown().format(record), shown(str(error)), failure_of(error).message]
    assert [CANARY in one for one in told] == [True] * 3
