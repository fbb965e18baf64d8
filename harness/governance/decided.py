"""What people decided in `governance:`, and what of it is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from harness.claims.wording import count, listed
from harness.governance import grants
from harness.governance.known import Answered, Known, each, missing, people
from harness.pilot.governance_settings import Question

ANSWERED_WITHIN = timedelta(days=10)


def lineage(known: Known) -> Answered:
    """The fields of the model."""
    found = known.governance.lineage
    if found is None:
        return missing("nobody said what the model is given: add lineage")
    return people(f"{found.model}: {count(len(found.fields), 'field')}, each with its columns")


def access_design(known: Known) -> Answered:
    """Who reads each source, and whatever else was agreed."""
    if without := grants.undesigned(known):
        return missing(f"nobody said who may read {each(without)}: add access")
    return people(each(f"{one.role} at {one.source}" for one in known.governance.access))


def decision_log(known: Known) -> Answered:
    """Where it is."""
    found = known.governance.decision_log
    return people(found.where) if found else missing("no decision_log: say where it is kept")


def decision_format(known: Known) -> Answered:
    """Whether each thing that a decision is recorded with has a field."""
    found = known.governance.decision_log
    if found is None:
        return missing("no decision_log: name its fields")
    if found.fields.unnamed:
        return missing(f"the log has no field for {listed(found.fields.unnamed)}")
    return people(listed(found.fields.named.values()))


def explanation(known: Known) -> Answered:
    """The method, and what it means."""
    found = known.governance.explainability
    return people(found.in_words) if found else missing("no explainability: say how")


def explanation_examples(known: Known) -> Answered:
    """One for each outcome."""
    log, found = known.governance.decision_log, known.governance.explainability
    if log is None or found is None:
        return missing("no example of an explanation")
    if without := [one for one in log.outcomes if one not in found.examples]:
        return missing(f"no example of how {listed(without)} is explained")
    return people(f"one for each of {listed(log.outcomes)}")


def override(known: Known) -> Answered:
    """Who, and how."""
    found = known.governance.override
    if found is None:
        return missing("no override: say who can decide otherwise, and how")
    return people(f"{found.who}: {found.how}")


def rollback(known: Known) -> Answered:
    """The steps, who orders them, and how long they take."""
    found = known.governance.rollback
    if found is None:
        return missing("no rollback: say how, who orders it, and within how many minutes")
    steps, within = count(len(found.steps), "step"), count(found.within_minutes, "minute")
    return people(f"{steps}, ordered by {found.who}, within {within}")


def residency(known: Known) -> Answered:
    """The places."""
    found = known.governance.residency
    return people(listed(found.places)) if found else missing("no residency: say where")


def retention(known: Known) -> Answered:
    """The days, also of each kind of rows that is kept."""
    found = known.governance.retention
    if found is None:
        return missing("no retention: say for how many days")
    if without := [one for one in known.loaded.settings.keep if one not in found.rows]:
        return missing(f"nobody said for how many days the rows of {each(without)} are kept")
    rows = "".join(f", rows of {name} {count(n, 'day')}" for name, n in found.rows.items())
    return people(
        f"decisions {count(found.decisions, 'day')}, evidence {count(found.evidence, 'day')}{rows}"
    )


def questions(known: Known) -> Answered:
    """Whether all that Legal asked is answered."""
    asked = known.governance.questions
    if asked is None:
        return missing("nobody has asked Legal: write its questions, or questions: [] for none")
    late = overdue(asked, known.today)
    if late:
        return missing("; ".join(_late(one, known.today) for one in late))
    if waiting := [one for one in asked if one.answer is None]:
        return missing("; ".join(f"{one.id}: {one.owner} is to answer" for one in waiting))
    answered = count(len(asked), "question")
    return people(f"{answered}, all answered" if asked else "Legal has none")


def overdue(asked: tuple[Question, ...], today: date) -> list[Question]:
    """The questions that have waited for longer than ten days, the oldest first."""
    late = [one for one in asked if one.answer is None and today - one.asked_on > ANSWERED_WITHIN]
    return sorted(late, key=lambda one: one.asked_on)


def _late(one: Question, today: date) -> str:
    waited = count((today - one.asked_on).days, "day")
    return f"{one.id}: open for {waited}, {one.owner} is to answer"


ANSWERS: Mapping[str, Callable[[Known], Answered]] = {
    "lineage": lineage,
    "access-design": access_design,
    "decision-log": decision_log,
    "decision-format": decision_format,
    "explanation": explanation,
    "explanation-examples": explanation_examples,
    "override": override,
    "rollback": rollback,
    "residency": residency,
    "retention": retention,
    "questions": questions,
}
