"""What a run asks of a database stays what the page says."""

from __future__ import annotations

from bench import statements


def test_a_run_logs_in_twice_and_scans_a_table_twice_at_most() -> None:
    figures = {(m.unit, m.metric): m for m in statements.measured(quick=True, say=lambda _: None)}
    assert all(metric.met is not False for metric in figures.values()), figures
    log_ins, at_least = figures[statements.LOG_INS, "10 tables"].value, 2
    assert log_ins == at_least, "the probe's and the readings': neither was missed"
    pages = [metric.value for (unit, _), metric in figures.items() if unit == statements.PAGES]
    assert len(pages) == 2
    assert all(value is not None and value > 0.99 for value in pages)
