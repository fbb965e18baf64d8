"""Contracts with one mistake. Each is refused by name, or what it says is no longer PROVEN.

A mistake replaces what stands once in `tests/truth/orders/pilot.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Typo:
    """One row of the table."""

    good: str
    bad: str
    told: str
    """Stands in the one line that refuses it, or that says why nothing is proven."""
    outcome: Outcome | None = None
    """Of `conforms`, where the mistake is a contract of another meaning; None if it is refused."""

    def write(self, pilot: str) -> str:
        """The pilot with the mistake."""
        assert pilot.count(self.good) == 1, self.good
        return pilot.replace(self.good, self.bad)


def _refused(good: str, bad: str, told: str) -> Typo:
    return Typo(good=good, bad=bad, told=told)


def _broken(good: str, bad: str, told: str) -> Typo:
    return Typo(good=good, bad=bad, told=told, outcome=Outcome.BROKEN)


_KEY = 'key=("order_key", "line")'
_LINE = 'pa.Column(pl.Int8, pa.Check.in_range(1, 7), description="Line")'
_MODE = 'pa.Check.isin(["AIR", "RAIL"])'
_PRICE = 'pa.Check.lt(Decimal("100.5"))'
_INVOICE = 'pa.Check.str_startswith("R-")'
_SEGMENT = 'pa.Check.str_matches("[A-Z]+$")'
_IN_ORDER = 'pl.col("received_on") >= pl.col("shipped_on")'
TYPOS = (
    # Keywords.
    _refused(_KEY, 'kye=("order_key", "line")', "Promises takes no kye: did you mean key?"),
    _refused("event_time=", "event_tiem=", "event_tiem: did you mean event_time?"),
    _refused("cadence=", "cadance=", "cadance: did you mean cadence?"),
    _refused("volume=", "volumes=", "volumes: did you mean volume?"),
    _refused("minimum=1", "min=1", "Volume takes no min"),
    _refused("missing={", "mising={", "mising: did you mean missing?"),
    _refused("missing_jointly", "missing_joint", "missing_joint: did you mean missing_jointly?"),
    _refused("missing_as", "missing_like", "Promises takes no missing_like"),
    _refused("promises=Promises", "promise=Promises", "promise: did you mean promises?"),
    _refused("schema=pa.", "shema=pa.", "shema: did you mean schema?"),
    _refused("checks=IN_ORDER", "check=IN_ORDER", "check: did you mean checks?"),
    _refused("strict=True", "strickt=True", "strickt: did you mean strict?"),
    _refused("unique=True", "uniqe=True", "uniqe: did you mean unique?"),
    _refused(_LINE, _LINE.replace("description", "descr"), "Column takes no descr"),
    _refused('name="in_order"', 'nam="in_order"', "a check has no name"),
    # Names of pandera, polars and of this file.
    _refused("pa.Check.ge(1)", "pa.Check.gte(1)", "gte"),
    _refused("pa.Check.ge(1)", "pa.Chek.ge(1)", "Chek"),
    _refused("pl.Int8", "pl.Int9", "Int9"),
    _refused("pl.Int8", "pl.INT8", "INT8"),
    _refused("pl.Int8", '"int9"', "int9"),
    _refused(_SEGMENT, _SEGMENT.replace("matches", "match"), "str_match"),
    _refused("checks=IN_ORDER", "checks=IN_ODER", "IN_ODER"),
    _refused(
        "contracts=(ORDERS,)),\n        Source", "contracts=(ORDER,)),\n        Source", "ORDER"
    ),
    # Columns.
    _refused(_KEY, 'key=("order_key", "lien")', "key names lien, which is not a column"),
    _refused(_KEY, 'key=("order_key")', 'write key=("order_key",)'),
    _refused(_KEY, "key=()", "it needs a key"),
    _refused(_KEY, 'key=("order_key", "order_key")', "columns, each once"),
    _refused(_KEY, 'key=("order_key", "segment")', "key column segment is nullable"),
    _refused('event_time="ordered_at"', 'event_time="ordered"', "event_time names ordered"),
    _refused('event_time="ordered_at"', 'event_time="shipped_on"', "shipped_on is not UTC"),
    _refused('{"segment": 0.15', '{"segmnet": 0.15', "missing names segmnet"),
    _refused("strict=True", 'strict=True, unique=["invoise"]', "unique names invoise"),
    _refused(_IN_ORDER, _IN_ORDER.replace("received", "recieved"), "in_order"),
    _broken('"mode": pa', '"mod": pa', "mod"),
    # Promises of another type, or that say nothing.
    _refused("lag=timedelta(hours=24)", "lag=24", "lag is of type int"),
    _refused("lag=timedelta(hours=24)", "lag=timedelta(0)", "lag must be longer than nothing"),
    _refused("timedelta(days=1)", "timedelta(hours=7)", "cadence must be whole days"),
    _refused("timedelta(days=1)", '"daily"', "fields where cron has five"),
    _refused('zone="UTC"', 'zone="UCT+1"', "zone UCT+1 is unknown"),
    _refused('"weight": 0.15', '"weight": 15', "the missing share promised for weight"),
    _refused('"weight": 0.15', '"weight": "0.15"', "missing of weight is of type str"),
    _refused("missing_jointly=0.25", "missing_jointly=25", "missing share promised for any field"),
    _refused("missing_jointly=0.25", "missing_jointly=0.35", "missing_jointly cannot be exceeded"),
    _refused('missing_as=("N/A",)', 'missing_as=("N/A")', "missing_as"),
    _refused('missing_as=("N/A",)', 'missing_as=(" N/A",)', "missing_as names ' N/A'"),
    _refused("maximum=100", "maximum=0", "volume must run"),
    _refused("maximum=100", 'maximum="100"', "maximum of volume is of type str"),
    _refused('"weight": 0.15}', '"weight": 0.15, "line": 0.1}', "line is not nullable"),
    # Bounds of another type.
    _refused("pa.Check.ge(1)", 'pa.Check.ge("1")', "its bound '1' does not fit the type Int64"),
    _refused("pa.Check.ge(1)", "pa.Check.ge(0.5)", "its bound 0.5 is a float"),
    _refused("pa.Check.ge(1)", "pa.Check.ge(True)", "its bound True does not fit"),
    _refused("pa.Check.ge(1)", "pa.Check.ge(None)", "min_value must not be None"),
    _refused("pa.Check.ge(1)", "pa.Check.ge()", "min_value"),
    _refused(_PRICE, "pa.Check.lt(100.5)", "its bound 100.5 is a float"),
    _refused(_PRICE, 'pa.Check.lt("100.5")', "its bound '100.5' does not fit"),
    _refused("pa.Check.gt(0.5)", "pa.Check.gt(float('nan'))", "is no finite number"),
    _refused(
        "pa.Check.in_range(1, 7)", "pa.Check.in_range(7, 1)", "min_value = 7 and max_value = 1"
    ),
    _refused("pa.Check.in_range(1, 7)", "pa.Check.in_range([1, 7])", "in_range"),
    _refused(_MODE, "pa.Check.isin([1, 2])", "its bound 1 does not fit the type String"),
    _refused(_MODE, 'pa.Check.isin(["AIR", None])', "isin lists None"),
    _refused(_MODE, 'pa.Check.isin("mode")', "it takes a list: write isin([…])"),
    _refused(_INVOICE, 'pa.Check.str_startswith(("R-", "S-"))', "argument is of type tuple"),
    _refused("tzinfo=UTC)),", ")),", "times with a zone"),
    _refused("pa.Check.ge(date(2026, 11, 1))", 'pa.Check.ge("2026-11-01")', "'2026-11-01' does"),
    _refused("date(2026, 11, 1)", "date(2026, 11, 31)", "day"),
    _refused(
        "pa.Check.str_length(2, 9)", 'pa.Check.str_length("2", 9)', "TypeError: '<' not supported"
    ),
    _refused(
        "pa.Column(pl.Boolean,", "pa.Column(pl.Boolean, pa.Check.str_length(1),", "for texts"
    ),
    # Patterns.
    _refused(_SEGMENT, 'pa.Check.str_matches("[A-Z+$")', "unterminated character set"),
    _refused(_SEGMENT, 'pa.Check.str_matches("(?=A)[A-Z]+$")', "use no look-around"),
    _refused(_SEGMENT, 'pa.Check.str_matches("AUTO|BUILDING$")', "anchors only the first"),
    _refused(_SEGMENT, 'pa.Check.str_matches("(?x) [A-Z]+ $")', "verbose form"),
    _refused(_SEGMENT, 'pa.Check.str_contains("*")', "nothing to repeat"),
    # Checks and settings that nobody judges.
    _refused('lazyframe.select(pl.col("re', 'lazyframe.selct(pl.col("re', "selct"),
    _refused(_IN_ORDER, 'pl.col("received_on")', "it answers no true and false"),
    _refused('    name="in_order",\n', "", "a check has no name"),
    _refused("strict=True", "strict=False", "its schema is not strict"),
    _refused("strict=True", "strict=True, coerce=True", "sets coerce"),
    _refused(
        "nullable=True,\n                description",
        "coerce=True,\n                description",
        "sets coerce",
    ),
    _refused(_LINE, _LINE.replace(")", ", raise_warning=True)", 1), "only warns"),
    _refused(', description="Line"', "", "column line has no description"),
    _refused("pl.Decimal(12, 2)", "pl.Decimal(12, 22)", "12"),
    _refused("pl.Decimal(12, 2)", "pl.Object", "price"),
    _refused('pl.Datetime("us", "UTC")', 'pl.Datetime("us", "UCT1")', "UCT1"),
    # What is understood, and is not so.
    _broken("pa.Check.ge(1)", "pa.Check.ge(10)", "greater_than_or_equal_to(10)"),
    _broken("pa.Check.ge(1)", "pa.Check.le(1)", "less_than_or_equal_to(1)"),
    _broken("pa.Check.in_range(1, 7)", "pa.Check.in_range(1, 6)", "in_range(1, 6)"),
    _broken(_MODE, 'pa.Check.isin(["AIR", "RIAL"])', "isin(AIR, RIAL)"),
    _broken(_MODE, 'pa.Check.isin(["air", "rail"])', "isin(air, rail)"),
    _broken(_MODE, "pa.Check.isin([])", "isin()"),
    _broken(_MODE, 'pa.Check.notin(["AIR"])', "notin(AIR)"),
    _broken(_INVOICE, 'pa.Check.str_startswith("r-")', "str_startswith(r-)"),
    _broken(_INVOICE, 'pa.Check.str_endswith("R-")', "str_endswith(R-)"),
    _broken(_SEGMENT, 'pa.Check.str_matches("[A-Z]$")', "str_matches([A-Z]$)"),
    _broken("pa.Check.str_length(2, 9)", "pa.Check.str_length(9, 9)", "str_length(9, 9)"),
    _broken("pl.Decimal(12, 2)", "pl.Decimal(12, 1)", "price"),
    _broken("pl.Decimal(12, 2)", "pl.Decimal(4, 2)", "price"),
    _broken(_IN_ORDER, _IN_ORDER.replace(">=", ">"), "in_order"),
    _broken(_KEY, 'key=("line",)', "unique"),
    _refused(
        'nullable=True, description="In kilo', 'description="In kilo', "weight is not nullable"
    ),
    _broken("pl.Boolean, des", "pl.Int64, des", "is_paid"),
    _broken("date(2026, 11, 1)", "date(2027, 11, 1)", "2027-11-01"),
    _broken("date(2026, 11, 1)", "date(2026, 11, 11)", "2026-11-11"),
)
