"""A key that is replaced while a source is read: fetched again once, and never tried twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from connectors.errors import AccessDenied, SourceError
from connectors.events import Authenticated
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.bearer import Bearer
from connectors.secrets import Secret
from tests.conformance import Run, read
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Answers, Asked, Said, documents, scripted

REFERENCE = "vault:secret/shop#key"
PAGES = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
OLD, NEW = "canary-old", "canary-new"
ONCE = 2
"""A key is asked for to know whose budget is spent, and when a reading begins."""


@dataclass
class Store:
    """What is kept there, and how often it was asked."""

    key: str = OLD
    asked: int = 0
    is_down: bool = False

    def fetch(self, references: Sequence[str]) -> Sequence[str]:
        assert list(references) == [REFERENCE]
        self.asked += 1
        if self.is_down:
            raise SourceError(f"{REFERENCE}: no connection: check that the server runs")
        return [self.key]


@dataclass
class Shop:
    """Takes `key`, and has another one from `replaced_at` on."""

    key: str = OLD
    replaced_at: str = ""
    then: Callable[[], None] = lambda: None
    refused: list[str] = field(default_factory=list)

    @property
    def answers(self) -> Answers:
        def answer(asked: Asked) -> Said:
            if asked.path == self.replaced_at and self.key == OLD:
                self.key = NEW
                self.then()
            shown = asked.headers.get("x-api-key") or asked.headers["authorization"][7:]
            if shown != self.key:
                self.refused.append(shown)
                return Said({}, 401)
            return PAGES[asked.path]

        return answer


def take(shop: Shop, secret: Secret, *, bearer: bool = False) -> Run:
    auth = Bearer(token=secret) if bearer else ApiKey(key=secret, header="X-Api-Key")
    with scripted(shop.answers) as source:
        return read(source.rest(auth=auth), "parts", SCHEMA)


@pytest.mark.parametrize("bearer", [False, True])
def test_a_key_that_is_replaced_between_two_pages_costs_no_row(*, bearer: bool) -> None:
    store = Store()
    shop = Shop(replaced_at="/2", then=lambda: setattr(store, "key", NEW))
    run = take(shop, Secret(REFERENCE, store.fetch), bearer=bearer)
    assert keys(run) == [1, 2, 3]
    assert [one.renewed for one in run.of(Authenticated)] == [False, True]
    assert (shop.refused, store.asked) == ([OLD], ONCE + 1)


def test_a_key_that_is_here_and_not_fetched_ends_such_a_reading() -> None:
    """Control."""
    with pytest.raises(AccessDenied, match=f"401: check {REFERENCE}"):
        take(Shop(replaced_at="/2"), Secret(REFERENCE, OLD))


def test_a02_a_refused_key_that_nobody_replaced_is_not_shown_again() -> None:
    store, shop = Store(), Shop(replaced_at="/2")
    with pytest.raises(AccessDenied, match=f"401: check {REFERENCE}"):
        take(shop, Secret(REFERENCE, store.fetch))
    assert (shop.refused, store.asked) == ([OLD], ONCE + 1)


def test_a02_a_key_that_was_never_taken_is_not_fetched_again() -> None:
    store, shop = Store(), Shop(key=NEW)
    with pytest.raises(AccessDenied):
        take(shop, Secret(REFERENCE, store.fetch))
    assert (shop.refused, store.asked) == ([OLD], ONCE)


def test_a02_a_new_key_that_is_refused_too_ends_the_reading() -> None:
    store = Store()
    shop = Shop(replaced_at="/2", then=lambda: setattr(store, "key", "canary-other"))
    with pytest.raises(AccessDenied):
        take(shop, Secret(REFERENCE, store.fetch))
    assert shop.refused == [OLD, "canary-other"]


def test_a_store_that_is_down_by_then_is_named_and_the_source_is_not_accused() -> None:
    store = Store()
    shop = Shop(replaced_at="/2", then=lambda: setattr(store, "is_down", True))
    with pytest.raises(SourceError, match=f"page 2 answered 401, and {REFERENCE}: no") as told:
        take(shop, Secret(REFERENCE, store.fetch))
    assert type(told.value) is SourceError
    assert "canary" not in str(told.value)
