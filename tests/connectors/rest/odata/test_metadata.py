"""Descriptions of OData services: what they say, and what is refused before it is read."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.described_at import NotDescribed
from connectors.rest.odata import xml
from connectors.rest.odata.csdl import entity_type
from connectors.rest.odata.edm import column_of
from connectors.rest.odata.entity_set import odata
from connectors.rest.odata.xml import NotPlainXml, parsed
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.keyed import keys
from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.vendor_fixture import read

CSDL = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
 <Schema Namespace="shop.types" Alias="t" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Thing" Abstract="true">
   <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>
  </EntityType>
  <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal" Precision="15" Scale="3"/>
  <EnumType Name="Size"><Member Name="small"/></EnumType>
  <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/></ComplexType>
 </Schema>
 <Schema Namespace="shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Part" BaseType="t.Thing">%s
   <NavigationProperty Name="lines" Type="Collection(shop.Part)"/>
  </EntityType>
  <EntityType Name="Ring" BaseType="shop.Ring"/>
  <EntityContainer Name="C">
   <EntitySet Name="Parts" EntityType="shop.Part"/><EntitySet Name="Rings" EntityType="shop.Ring"/>
   <EntitySet Name="Lost" EntityType="other.Lost"/>
  </EntityContainer>
  <Annotations Target="shop.Part/price">
   <Annotation Term="Org.OData.Core.V1.Description" String="In euros"/>
   <Annotation Term="com.sap.vocabularies.Common.v1.Label" String="Price"/>
  </Annotations>
 </Schema></edmx:DataServices></edmx:Edmx>"""
TYPES: dict[str, tuple[str, pa.DataType | None]] = {
    "money": ('Type="t.Money"', pa.decimal128(15, 3)),
    "money, wider": ('Type="t.Money" Precision="20"', pa.decimal128(20, 3)),
    "whole": ('Type="Edm.Decimal" Precision="9"', pa.decimal128(9, 0)),
    "any point": ('Type="Edm.Decimal" Precision="9" Scale="variable"', pa.decimal128(18, 9)),
    "any number": ('Type="Edm.Decimal" Scale="variable"', pa.decimal128(38, 9)),
    "too wide": ('Type="Edm.Decimal" Precision="50" Scale="60"', pa.decimal128(38, 38)),
    "byte": ('Type="Edm.Byte"', pa.int16()),
    "long": ('Type="Edm.Int64"', pa.int64()),
    "single": ('Type="Edm.Single"', pa.float64()),
    "date": ('Type="Edm.Date"', pa.date32()),
    "instant": ('Type="Edm.DateTimeOffset"', pa.timestamp("us", "UTC")),
    "guid": ('Type="Edm.Guid"', pa.string()),
    "enum": ('Type="shop.types.Size"', pa.string()),
    "nested": ('Type="t.Address"', None),
    "list": ('Type="Collection(Edm.String)"', None),
    "place": ('Type="Edm.GeographyPoint"', None),
}


def described(properties: str = "", entity_set: str = "Parts"):
    return entity_type(parsed((CSDL % properties).encode()), entity_set)


@pytest.mark.parametrize("case", TYPES)
def test_s08_each_type_lands_as_what_holds_its_values(case: str) -> None:
    written, wanted = TYPES[case]
    column = column_of(described(f'<Property Name="x" {written}/>').properties[1])
    assert (column.lands_as, column.nullable) == (wanted, True)
    assert (column.untyped is None) == (wanted is not None)


def test_s08_times_of_seven_digits_are_to_be_declared() -> None:
    """A contract's times have six; a text with seven is else rescued."""
    times = [f'<Property Name="x" Type="Edm.DateTimeOffset" Precision="{n}"/>' for n in (6, 7)]
    columns = [column_of(described(one).properties[1]) for one in times]
    assert [one.time_written for one in columns] == [None, "iso"]


def test_a_type_has_what_its_base_gives_it_and_what_is_said_of_it() -> None:
    found = described(
        '<Property Name="price" Type="t.Money"/><Property Name="x" Type="Edm.Stream"/>'
    )
    assert found.key == ("id",)
    assert [(one.name, one.says) for one in found.properties] == [
        ("id", None),
        ("price", "In euros"),
    ]


@pytest.mark.parametrize(
    ("entity_set", "told"),
    [
        ("Partz", "no entity set Partz: correct the path of odata"),
        ("Rings", "derives a type from itself"),
        ("Lost", "does not say what Lost holds"),
    ],
)
def test_a_set_without_a_type_is_not_described(entity_set: str, told: str) -> None:
    with pytest.raises(NotDescribed, match=told):
        described(entity_set=entity_set)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
ATTACKS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l29;</x>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><x>{"&a;" * 10_000}</x>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>',
    "parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a">%a;]><x/>',
    "cyclic": '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]><x>&a;</x>',
    "type": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "deep": "<x>" * 100_000,
}


@pytest.mark.parametrize("case", ATTACKS)
def test_s01_a_document_type_and_endless_nesting_are_refused_unread(case: str) -> None:
    began = time.process_time()
    with pytest.raises(NotPlainXml, match=r"document type|too deep"):
        parsed(ATTACKS[case].encode())
    assert time.process_time() - began < 1


def test_s01_with_its_guard_off_a_document_type_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "_refuse", lambda *_: None)
    assert parsed(ATTACKS["type"].encode()).name == "x"


@pytest.mark.parametrize("body", [b"", b"{}", b"<x>", b"<x>\xff</x>"])
def test_what_is_no_xml_is_refused(body: bytes) -> None:
    with pytest.raises(NotPlainXml, match="no whole XML"):
        parsed(body)


def service(asked: Asked, rows: list[dict[str, object]], metadata: Said) -> Said:
    if asked.path.endswith("$metadata"):
        return metadata
    body = {"@odata.count": 9, "value": rows if "filter" not in asked.path else []}
    told = "application/json;odata.metadata=minimal;IEEE754Compatible=true"
    return Said(body, headers={"content-type": told})


def test_s08_long_numbers_written_as_text_land_to_the_digit() -> None:
    """They are asked for: a service that can writes them so, and says it in the answer's type."""
    rows: list[dict[str, object]] = [
        {"key": "9223372036854775807", "cost": "1234567890.12", "@odata.etag": "1"},
        {"key": "9007199254740993", "cost": "0.10"},
    ]
    described = Said((CSDL % '<Property Name="cost" Type="t.Money"/>').encode())
    with scripted(lambda asked: service(asked, rows, described)) as source:
        rest = source.rest(auth=NoAuth(), endpoints={"parts": odata("/shop/Parts")})
        run = read(rest, schema=pa.schema({"key": pa.int64(), "cost": pa.decimal128(12, 2)}))
        assert keys(run) == [2**63 - 1, 2**53 + 1]
        assert "IEEE754Compatible=true" in source.asked[0].headers["accept"]
        assert run.table is not None
        assert run.table.schema.names == ["key", "cost", "_rescued"]
        seen = rest.describe("parts", emit=lambda _: None)
    assert seen.hint is None
    assert source.paths()[-1] == "/shop/$metadata"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Said(status=404), "answered 404: correct the path there"),
        (Said(b"<!DOCTYPE html><html></html>"), "declares a document type"),
        (Said((CSDL % "").encode()), "no property cost of Parts: correct select"),
    ],
)
def test_a_description_that_cannot_be_read_says_why(said: Said, told: str) -> None:
    with scripted(lambda asked: service(asked, [{"cost": 1}], said)) as source:
        endpoint = odata("/shop/Parts", select=["cost"])
        rest = source.rest(auth=NoAuth(), endpoints={"parts": endpoint})
        with pytest.raises(SourceChanged, match=told):
            rest.describe("parts", emit=lambda _: None)


@pytest.mark.parametrize(
    ("last", "literal"),
    [
        (7, "7"),
        ("O'Neil", "'O''Neil'"),
        ("7c9e6679-7425-40de-944b-e07fc1f90ae7", "7c9e6679-7425-40de-944b-e07fc1f90ae7"),
        (True, None),
        (1.5, None),
        ("a\nb", None),
        (None, None),
    ],
)
def test_the_last_key_is_asked_for_as_a_literal_of_its_type(
    last: object, literal: str | None
) -> None:
    """Or the reading ends: a key that says nothing is none to go on from."""
    with scripted(lambda asked: service(asked, [{"key": last}], Said())) as source:
        rest = source.rest(auth=NoAuth(), endpoints={"parts": odata("/s/Parts", key="key")})
        if literal is None:
            with pytest.raises(SourceChanged, match="no whole number and no text at key"):
                read(rest, schema=pa.schema({"key": pa.string()}))
            return
        read(rest, schema=pa.schema({"key": pa.string()}))
    query = parse_qs(urlsplit(source.paths()[1]).query)
    assert query["$filter"] == [f"key gt {literal}"]
    assert "+" not in source.paths()[1]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"path": "/s/Parts?$top=5"}, "has neither query nor parentheses"),
        ({"path": "/s/Orders(1)/Lines"}, "has neither query nor parentheses"),
        ({"key": "id", "unmoved": read_twice("id")}, "say key or unmoved"),
        ({"key": "id", "select": ["name"]}, "name it in select too"),
        ({"select": ["a,b"]}, "'a,b' is no property"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        odata(**{"path": "/s/Parts", **settings})
