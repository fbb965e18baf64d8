"""Faults S01 and S06: XML of others brings no entity, no type and no file of elsewhere."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from connectors.errors import SourceChanged, SourceError
from connectors.rest.soap.wsdl import read_wsdl
from connectors.rest.soap.xml import NotPlainXml, parsed, require_plain
from tests.connectors.scripted import Said, scripted
from tests.connectors.soap.parts import ONE, WSDL, envelope, reading, said

XSD = WSDL.with_name("parts.xsd")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "billion laughs": f'<!DOCTYPE e [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE e [<!ENTITY l9 "{"a" * 60_000}">]>',
    "cyclic": '<!DOCTYPE e [<!ENTITY l9 "&l8;"><!ENTITY l8 "&l9;">]>',
    "external entity": '<!DOCTYPE e [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
    "external type": '<!DOCTYPE e SYSTEM "{url}/e.dtd">',
    "parameter entity": '<!DOCTYPE e [<!ENTITY % p SYSTEM "{url}/p"> %p;]>',
    "behind a comment": "<!-- a > b --><?x ?>\n<!DOCTYPE e>",
}


@pytest.mark.parametrize("kind", DOCTYPES)
def test_s01_a_document_type_is_refused_at_once_and_fetches_nothing(kind: str) -> None:
    with scripted(lambda _: Said(b"")) as canary:
        doctype = DOCTYPES[kind].replace("{url}", canary.url)
        answer = (doctype + envelope(ONE.replace("1.50", "&l9;" * 1_000))).encode()
        with pytest.raises(SourceChanged, match=r"has a document type \(DOCTYPE\)"):
            reading(said(answer))
        assert canary.asked == []
    tracemalloc.start()
    before = time.process_time()
    with pytest.raises(NotPlainXml):
        parsed(answer)
    seconds, peak = time.process_time() - before, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (seconds < 1, peak < 50 << 20) == (True, True)


def test_s01_twin_the_library_alone_takes_a_document_type() -> None:
    body = (DOCTYPES["behind a comment"] + envelope(ONE)).encode()
    assert etree.fromstring(body).tag.endswith("Envelope")
    with pytest.raises(NotPlainXml):
        parsed(body)


def test_a_document_type_in_the_data_is_data() -> None:
    body = envelope(ONE.replace("1.50", "<![CDATA[<!DOCTYPE html>]]>"))
    assert "<!DOCTYPE html>" in "".join(parsed(body.encode()).itertext())


@pytest.mark.parametrize(
    "body",
    [
        envelope(ONE).encode("utf-16"),
        b"<?xml version='1.0' encoding='ISO-8859-1'?>" + envelope(ONE).encode(),
        envelope(ONE).encode().replace(b"1.50", b"\xe9"),
        envelope(ONE).encode().replace(b"1.50", b"&unknown;"),
    ],
)
def test_what_another_reader_may_read_otherwise_is_refused(body: bytes) -> None:
    with pytest.raises(NotPlainXml):
        parsed(body)


def test_a_prolog_of_many_parts_is_looked_through_in_time() -> None:
    before = time.process_time()
    require_plain(b"<!-- -->" * 200_000 + b"<" + b"<!--" * 200_000)
    assert time.process_time() - before < 1


def wsdl(folder: Path, location: str) -> Path:
    """The WSDL of the tests, which includes what stands at `location`."""
    changed = WSDL.read_text().replace('"parts.xsd"', f'"{location}"')
    (folder / "parts.wsdl").write_text(changed)
    return folder / "parts.wsdl"


@pytest.mark.parametrize(
    "location", ["{url}/parts.xsd", "../parts.xsd", "file://{folder}/parts.xsd", "{folder}/x.xsd"]
)
def test_s06_what_a_wsdl_imports_is_fetched_from_nowhere(tmp_path: Path, location: str) -> None:
    (tmp_path / "parts.xsd").write_bytes(XSD.read_bytes())
    (tmp_path / "pilot").mkdir()
    with scripted(lambda _: Said(XSD.read_bytes())) as canary:
        place = location.format(url=canary.url, folder=tmp_path)
        with pytest.raises(SourceError, match="not in its folder; nothing was fetched"):
            read_wsdl(wsdl(tmp_path / "pilot", place), "ListParts", None)
        assert canary.asked == []


def test_s06_twin_the_library_alone_fetches_it(tmp_path: Path) -> None:
    from zeep import Client

    with scripted(lambda _: Said(XSD.read_bytes(), 200, {"content-type": "text/xml"})) as canary:
        client = Client(str(wsdl(tmp_path, f"{canary.url}/parts.xsd")))
        client.transport.session.close()
        assert canary.paths() == ["/parts.xsd"]


@pytest.mark.parametrize("file", ["parts.wsdl", "parts.xsd"])
def test_s01_a_wsdl_has_no_document_type(tmp_path: Path, file: str) -> None:
    for path in (WSDL, XSD):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / file).read_text()
    (tmp_path / file).write_text(text.replace("?>\n", f"?>\n{DOCTYPES['billion laughs']}", 1))
    with pytest.raises(SourceError, match=rf"{file} has a document type"):
        read_wsdl(tmp_path / "parts.wsdl", "ListParts", None)


def test_a_file_that_is_not_there_or_no_wsdl_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"parts.xsd is not there: save it beside the WSDL"):
        read_wsdl(wsdl(tmp_path, "parts.xsd"), "ListParts", None)
    with pytest.raises(SourceError, match=r"parts.xsd has no operation ListParts"):
        read_wsdl(XSD, "ListParts", None)
