"""Every public name says what it is and shows it; what it shows is run."""

from __future__ import annotations

import doctest
import inspect
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest

from harness.pilot.references import References
from harness.pilot.settings import Vault
from seatrial import Address
from tests.cli import REPOSITORY
from tests.door.api import public

SHOP = {
    "url": "https://shop.example",
    **{name: f"env:SHOP_{name.upper()}" for name in ("password", "key", "token", "secret")},
    "refresh_token": "vault:secret/shop#refresh_token",
}
AT = Address(
    where="pilot.yaml:8",
    values=SHOP,
    references=References(
        {f"SHOP_{name.upper()}": "canary" for name in SHOP},
        vault=Vault(address="https://vault.example", token="env:SHOP_TOKEN"),
        where="pilot.yaml",
    ),
)
"""The settings of one source, as `pilot.yaml` would give them."""
IMPORTED = {
    **{name: found for _, name, found in public()},
    "at": AT,
    "datetime": datetime,
    "timedelta": timedelta,
    "UTC": UTC,
    "Decimal": Decimal,
    "Path": Path,
    "pa": pa,
    "pl": pl,
}
"""What a reader of an example has imported."""
SHOWN = {
    f"{module}.{name}": found
    for module, name, found in public()
    if inspect.isclass(found) or inspect.isfunction(found)
}


@pytest.mark.parametrize("name", SHOWN)
def test_it_has_an_example_that_is_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    text = inspect.getdoc(SHOWN[name]) or ""
    assert not text.startswith(f"{SHOWN[name].__name__}("), "a docstring of a dataclass's own"
    example = doctest.DocTestParser().get_doctest(text, dict(IMPORTED), name, None, None)
    assert example.examples
    told: list[str] = []
    failed, _ = doctest.DocTestRunner().run(example, out=told.append)
    assert not failed, "".join(told)
