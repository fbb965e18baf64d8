"""What a WSDL may be: RPC style, both versions of SOAP in one, and no encoding of SOAP's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from connectors.errors import SourceChanged, SourceError
from connectors.rest.soap.soap import Soap
from connectors.rest.soap.wsdl import read_wsdl
from tests.connectors.scripted import scripted
from tests.connectors.soap.parts import ROW, WSDL, read_parts, said

RPC = """<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:rpc"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:rpc">
  <types>
    <xs:schema targetNamespace="urn:rpc">
      <xs:complexType name="Parts">
        <xs:sequence>
          <xs:element name="part" minOccurs="0" maxOccurs="unbounded">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="key" type="xs:long"/><xs:element name="cost" type="xs:decimal"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>
        </xs:sequence>
      </xs:complexType>
    </xs:schema>
  </types>
  <message name="Ask">
    <part name="after" type="xs:string"/><part name="size" type="xs:int"/>
  </message>
  <message name="Told">
    <part name="parts" type="t:Parts"/><part name="total" type="xs:int"/>
  </message>
  <portType name="P">
    <operation name="List"><input message="t:Ask"/><output message="t:Told"/></operation>
  </portType>
  <binding name="Old" type="t:P">
    <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="List">
      <soap:operation soapAction="list"/>
      <input><soap:body use="literal" namespace="urn:rpc"/></input>
      <output><soap:body use="literal" namespace="urn:rpc"/></output>
    </operation>
  </binding>
  <binding name="New" type="t:P">
    <soap12:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="List">
      <soap12:operation soapAction="list"/>
      <input><soap12:body use="literal" namespace="urn:rpc"/></input>
      <output><soap12:body use="literal" namespace="urn:rpc"/></output>
    </operation>
  </binding>
  <service name="S">
    <port name="Old" binding="t:Old"><soap:address location="http://127.0.0.1:9/"/></port>
    <port name="New" binding="t:New"><soap12:address location="http://127.0.0.1:9/"/></port>
  </service>
</definitions>
"""
SENT = "<t:answer xmlns:t='urn:rpc'{0}><parts>{1}</parts><total>1</total></t:answer>"


@pytest.fixture
def rpc(tmp_path: Path) -> Path:
    path = tmp_path / "rpc.wsdl"
    path.write_text(RPC)
    return path


def test_rpc_style_is_read_whatever_its_outermost_element_is_called(rpc: Path) -> None:
    wire = Soap(wsdl=rpc, operation="List", safe=True)
    with scripted(lambda _: said(SENT.format("", ROW))) as source:
        run = read_parts(source, rows="parts.part", search={"after": "", "size": 9}, wire=wire)
        (asked,) = source.asked
    assert run.table["key"].to_pylist() == [1]
    assert b"<size>9</size>" in asked.body


def test_soaps_own_encoding_is_refused(rpc: Path) -> None:
    encoded = " e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'"
    wire = Soap(wsdl=rpc, operation="List", safe=True)
    with (
        scripted(lambda _: said(SENT.format(encoded, ROW))) as source,
        pytest.raises(SourceChanged, match="is in SOAP's own encoding, which is not read"),
    ):
        read_parts(source, rows="parts.part", search={"after": "", "size": 9}, wire=wire)


def test_the_first_port_counts_or_the_one_that_is_named(rpc: Path) -> None:
    first, named = read_wsdl(rpc, "List", None), read_wsdl(rpc, "List", "New")
    assert first.headers == {"content-type": "text/xml; charset=utf-8", "soapaction": '"list"'}
    assert named.headers == {
        "content-type": 'application/soap+xml; charset=utf-8; action="list"',
    }
    assert (first.namespace, named.namespace) != (named.namespace, first.namespace)


def test_the_address_that_a_wsdl_names_is_not_asked() -> None:
    """It is port 9 of this machine; the answer comes from the source that the pilot names."""
    assert "http://127.0.0.1:9/elsewhere" in WSDL.read_text()
    with scripted(
        lambda _: said(f"<Listed xmlns='urn:parts'>{ROW}<total>1</total></Listed>")
    ) as s:
        assert read_parts(s).completed.rows == 1
        assert s.paths() == ["/soap"]


def test_without_the_extra_it_says_what_to_install(
    rpc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zeep", None)
    with pytest.raises(SourceError, match=r"install them by pip install 'seatrial\[soap\]'"):
        read_wsdl(rpc, "List", None)
