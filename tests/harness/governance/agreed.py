"""A `governance:` section for acme, in which people have decided everything."""

from __future__ import annotations

from functools import cache

import yaml

from harness.pilot.governance_settings import DecisionLog, Governance

GOVERNANCE = """\
governance:
  decision_log:
    where: decisions/again.jsonl, kept by shop operations
    outcomes: [again, not_again]
    fields:
      id: decision
      sequence: number
      time: decided_at
      actor: decided_by
      outcome: says
      inputs: inputs
      data: data
      contracts: contracts
      model: model_version
      parameters: parameters
      explanation: because
      override: override
    more: [shown_to]
  explainability:
    method: logistic regression, weights times values
    in_words: The three things that spoke most for or against it are named.
    examples:
      again: You used a voucher last time, and most people who do come back.
      not_again: Your last order is more than a year ago.
  access:
    - {role: nobody else, source: web-shop, may: [read], why: the pilot reads orders}
    - {role: nobody else, source: outlet, may: [read], why: the pilot reads orders}
  lineage:
    model: again
    fields:
      spent: {from: [web-shop.orders.total, outlet.orders.total], how: summed by customer}
      voucher: {from: [web-shop.orders.voucher]}
  rollback:
    steps: [stop the service, set the version of before, start the service]
    who: shop operations
    within_minutes: 15
  override: {who: shop operations, how: the field override of the decision, within_minutes: 60}
  residency:
    places: {"Kiel, Germany": [this machine]}
  retention: {decisions: 400, evidence: 3650}
  questions:
    - id: q1
      question: Is a person told that a model decided?
      asked_on: 2026-11-02
      owner: Lea Brandt
      answer: Yes, in the letter.
      evidence: docs/letter.md
"""


@cache
def declared() -> DecisionLog:
    """The format alone."""
    found = Governance.model_validate(yaml.safe_load(GOVERNANCE)["governance"]).decision_log
    assert found is not None
    return found
