"""`governance:` in `pilot.yaml`: what people decide about the system, in their own words.

Only what no machine can know stands here. Owners, contracts, rights and addresses are taken from
where they already are (`harness/governance/`), and are never asked twice.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from harness.errors import suggest
from harness.pilot.strict_model import StrictModel


def _on_one_line(text: object) -> object:
    return " ".join(text.split()) if isinstance(text, str) else text


Text = Annotated[
    str, BeforeValidator(_on_one_line), StringConstraints(min_length=1, max_length=2_000)
]
"""Words for people. Line breaks are spaces, as YAML breaks long lines."""
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
"""A name in a log or of a model's field."""
Column = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*\.[^.\s]+$")
]
"""`source.dataset.column`."""
Dataset = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*$")]
"""`source.dataset`."""
Days = Annotated[int, Field(gt=0, le=36_500)]
Minutes = Annotated[int, Field(gt=0, le=525_600)]


class LogFields(StrictModel):
    """What the decision log calls each thing that a decision must be recorded with."""

    id: Name | None = None
    """Text that names one decision, and no other."""
    sequence: Name | None = None
    """A whole number that grows by 1, so that a line that was taken out is noticed."""
    time: Name | None = None
    """When it was decided, with its zone: 2026-11-02T09:30:00Z."""
    actor: Name | None = None
    """Who or what decided: a person, or the service."""
    outcome: Name | None = None
    """What was decided: one of `outcomes`."""
    inputs: Name | None = None
    """The values that the model was given, by the names of its fields."""
    data: Name | None = None
    """The SHA-256 of the data behind them, by `source.dataset`."""
    contracts: Name | None = None
    """The digest of the contract that those data were held against, by `source.dataset`."""
    model: Name | None = None
    """The version of the model."""
    parameters: Name | None = None
    """The settings that it decided by, as a threshold, by name."""
    explanation: Name | None = None
    """Why, in words, or where the explanation is."""
    override: Name | None = None
    """Null, or who decided otherwise than the model, and why: `by` and `why`."""

    @model_validator(mode="after")
    def _apart(self) -> LogFields:
        names = list(self.named.values())
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"{twice} is named twice: give each its own field")
        return self

    @property
    def named(self) -> dict[str, str]:
        """Those that have a name: meaning → name in the log."""
        return self.model_dump(exclude_none=True)

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The meanings that the log has no field for."""
        return tuple(name for name in type(self).model_fields if name not in self.named)


class DecisionLog(StrictModel):
    """How each decision is recorded: one JSON object on a line."""

    where: Text
    """Where the log is kept, and by whom."""
    outcomes: tuple[Name, ...] = Field(min_length=1)
    """Every kind of decision that there is."""
    fields: LogFields = LogFields()
    more: tuple[Name, ...] = ()
    """Other fields that a line may have; any further one is refused."""


class Explainability(StrictModel):
    """How a decision is explained."""

    method: Text
    """The technical name, as `Shapley values`."""
    in_words: Text
    """The same for the person whom a decision affects."""
    examples: dict[Name, Text] = Field(default={})
    """One explanation as it is given, for each of the decision log's `outcomes`."""


class Grant(StrictModel):
    """What a role may do at a source, by design."""

    role: Text
    """As the source calls it, as `reader`."""
    source: str
    may: tuple[Text, ...] = Field(min_length=1)
    """`read` for the pilot's datasets; anything more in the words of `seatrial governance`."""
    why: Text
    """Why it needs that."""


class ModelField(StrictModel):
    """What the model is given under one name."""

    columns: tuple[Column, ...] = Field(min_length=1, alias="from")
    """The contracts' columns that it is made of, as `crm.customers.market_segment`."""
    how: Text | None = None
    """How it is made of them, unless it is taken as it is."""


class Lineage(StrictModel):
    """Where the model's fields come from."""

    model: Name
    fields: dict[Name, ModelField] = Field(min_length=1)
    predicts: Name | None = None
    """Which of the fields the model learns to predict: it is known of the past alone, and no
    decision is given it."""

    @model_validator(mode="after")
    def _predicts_a_field(self) -> Lineage:
        if self.predicts is not None and self.predicts not in self.fields:
            known = suggest(self.predicts, self.fields)
            raise ValueError(f"predicts: unknown field {self.predicts!r}: {known}")
        if len(self.fields) == 1 and self.predicts is not None:
            raise ValueError("has no field but what it predicts: add what the model is given")
        return self

    @property
    def given(self) -> dict[Name, ModelField]:
        """The fields that a decision is given."""
        return {name: one for name, one in self.fields.items() if name != self.predicts}


class Rollback(StrictModel):
    """How one goes back to what worked."""

    steps: tuple[Text, ...] = Field(min_length=1)
    who: Text
    """Who may order it."""
    within_minutes: Minutes


class Override(StrictModel):
    """How a person decides otherwise than the model."""

    who: Text
    how: Text
    within_minutes: Minutes


class Residency(StrictModel):
    """Where data may be."""

    places: dict[Text, tuple[Text, ...]] = Field(min_length=1)
    """A place in words, as `Frankfurt, Germany` → the hosts there, without ports."""


class Retention(StrictModel):
    """How long what is kept, in days."""

    decisions: Days
    """The decision log."""
    evidence: Days
    """Ledger and bundles."""
    rows: dict[Dataset, Days] = Field(default={})
    """Rows that `keep` names, by `source.dataset`."""


class Question(StrictModel):
    """What Legal wants to know."""

    id: Name
    question: Text
    asked_on: date
    owner: Text
    """Who is to answer."""
    answer: Text | None = None
    evidence: Text | None = None
    """Where it can be looked up: a page, a file of the bundle, a command."""


class Governance(StrictModel):
    """What is agreed about the system, beside its data: all of it belongs to what is signed."""

    decision_log: DecisionLog | None = None
    explainability: Explainability | None = None
    access: tuple[Grant, ...] = ()
    lineage: Lineage | None = None
    rollback: Rollback | None = None
    override: Override | None = None
    residency: Residency | None = None
    retention: Retention | None = None
    questions: tuple[Question, ...] | None = None
    """Empty if Legal was asked, and has none."""

    @field_validator("questions")
    @classmethod
    def _ids(cls, questions: tuple[Question, ...] | None) -> tuple[Question, ...] | None:
        ids = [one.id for one in questions or ()]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"{twice} stands twice: give each question an id of its own")
        return questions

    @model_validator(mode="after")
    def _examples_of_outcomes(self) -> Governance:
        outcomes = self.decision_log.outcomes if self.decision_log else ()
        for name in self.explainability.examples if self.explainability else ():
            if name not in outcomes:
                known = suggest(name, outcomes)
                raise ValueError(f"explainability.examples: unknown outcome {name!r}: {known}")
        return self
