from __future__ import annotations

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest

from contracts.arrow_schema import arrow_schema
from contracts.promises import ContractError
from estate.demo.contracts import customers, shipments


def test_customers_land_in_plain_arrow_types_in_the_contracts_order():
    assert arrow_schema(customers.CONTRACT.schema) == pa.schema(
        [
            ("customer_key", pa.int64()),
            ("name", pa.string()),
            ("address", pa.string()),
            ("nation_key", pa.int32()),
            ("phone", pa.string()),
            ("account_balance", pa.decimal128(12, 2)),
            ("market_segment", pa.string()),
            ("updated_at", pa.timestamp("us", tz="UTC")),
        ]
    )


def test_days_land_as_days():
    assert arrow_schema(shipments.CONTRACT.schema).field("committed_on").type == pa.date32()


def test_every_column_may_land_null_so_that_a_null_can_be_judged():
    assert all(field.nullable for field in arrow_schema(customers.CONTRACT.schema))


@pytest.mark.parametrize("kind", [pl.List(pl.Int64), pl.Categorical, pl.Enum(["a"]), pl.Null])
def test_types_that_files_and_tables_do_not_share_are_refused(kind):
    schema = pandera.DataFrameSchema({"odd": pandera.Column(kind)})
    with pytest.raises(ContractError, match="column odd cannot land"):
        arrow_schema(schema)
