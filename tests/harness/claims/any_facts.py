"""Facts that need not add up and promises of every kind: whatever a run may find."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from contracts.evaluation import Categories, ColumnProfile, Evaluation, Numbers, Profile, Reference
from contracts.promises import Amount, Groups, Promises, Reconciliation, Volume
from harness.facts import (
    Baseline,
    Fact,
    GroupFound,
    GroupsFound,
    Overlap,
    Probed,
    Reading,
    Register,
)
from tests.harness.claims.made import NIGHTLY
from tests.harness.claims.made import reading as made_reading

NOON_WITHOUT_ZONE = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a fact that forgot it
times = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOON_WITHOUT_ZONE]
)
st.register_type_strategy(datetime, times)
# A promised factor is finite: `contracts.reconcilable` refuses any other before it is recorded.
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
BY = st.sampled_from(["region", "region", "\x1b[31m"])
st.register_type_strategy(
    GroupsFound,
    st.builds(
        GroupsFound,
        by=BY,
        found=st.lists(st.from_type(GroupFound), max_size=4).map(tuple),
        why_not=st.none() | st.text(max_size=9),
    ),
)
# Counts that add up come from sources that behave; these need not, and may be negative.
any_fact = st.one_of(
    *map(
        st.from_type,
        (Reading, Evaluation, Profile, Reference, Probed, Register, Baseline, Overlap),
    )
)
reconciliations = st.builds(
    Reconciliation,
    dataset=st.just("crm.customers"),
    ours=st.sampled_from(["kundennr", "\x1b[31m"]),
    theirs=st.just("customer_key"),
    amount=st.none() | st.just(Amount(ours="summe", theirs="total")),
)
overlaps = st.builds(Overlap, promised=reconciliations)
whole = st.builds(Reading, failure=st.none())


@st.composite
def compared(draw: st.DrawFn) -> list[Fact]:
    """A reading with a reference and a profile on its grid, whose counts may or may not add up."""
    rows = [draw(st.integers(-1, 3) | st.integers(0, 10**10)) for _ in range(2)]
    edges = draw(st.lists(st.text(max_size=3) | st.integers().map(str), max_size=3))
    names = draw(st.lists(st.text(max_size=3), max_size=3))
    floats = st.none() | st.floats()
    columns: list[tuple[ColumnProfile, ...]] = []
    for n in rows:
        numbers = Numbers(
            edges=tuple(edges), counts=draw(split(n, edges)), mean=draw(floats), sd=draw(floats)
        )
        categories = Categories(names=tuple(names), counts=draw(split(n, names)))
        found = [
            ColumnProfile(column="n", type="double", missing=0, numbers=numbers),
            ColumnProfile(column="c", type="string", missing=0, categories=categories),
            draw(st.from_type(ColumnProfile)),
        ]
        columns.append(tuple(found[: draw(st.integers(0, 3))]))
    before, now = (
        Profile(dataset="a.b", rows=n, columns=of) for n, of in zip(rows, columns, strict=True)
    )
    reference = Reference(profile=before, sha256="", made_on=date.min)
    latest = made_reading(source="a", dataset="b", rows=draw(st.sampled_from(rows)))
    return [latest, reference, now]


def split(whole: int, names: list[str]) -> st.SearchStrategy[tuple[int, ...]]:
    """Counts of one more than `names`, most of them with the right sum."""
    parts = st.lists(st.integers(0, max(0, whole) // 4), min_size=len(names), max_size=len(names))
    return parts.map(lambda some: (*some, whole - sum(some)))


facts = st.lists(any_fact | whole | overlaps, max_size=8) | compared()
spans = st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=400))
promised = st.builds(
    Promises,
    key=st.just(("key",)),
    event_time=st.sampled_from([None, "at"]),
    lag=spans,
    cadence=spans
    | st.sampled_from(["0 6 * * 1-5", "*/30 * * * *", "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18"]),
    excluded=st.lists(st.dates(), max_size=2).map(tuple),
    named=st.sampled_from([None, "*%Y%m%d*", "x_%Y%m%dT%H%M%z"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]),
    groups=st.none()
    | st.builds(
        Groups,
        by=BY,
        volume=st.builds(Volume, minimum=st.integers(0, 3), maximum=st.none() | st.just(9)),
        ended=st.sampled_from([(), ("a",), (7,)]),
    ),
    missing=st.dictionaries(st.text(max_size=3), st.floats(0, 0.99), max_size=2),
    missing_jointly=st.none() | st.floats(0, 0.99),
    reconciles=st.lists(reconciliations, max_size=3).map(tuple),
    thresholds=st.from_type(type(NIGHTLY.thresholds)).map(lambda _: NIGHTLY.thresholds),
)
