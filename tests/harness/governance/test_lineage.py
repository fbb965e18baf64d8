"""From a source's column over its contract to a field of the model: nothing is dropped."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from harness.governance import drawing, openlineage
from harness.governance.checklist import checklist
from harness.governance.known import Known
from harness.governance.lineage import Graph, graph
from harness.pilot.governance_settings import ModelField
from tests.harness.governance.made import otherwise

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def of(known: Known, **fields: ModelField) -> tuple[Known, Graph]:
    lineage = known.governance.lineage
    assert lineage is not None
    all_fields = {**lineage.fields, **fields}
    changed = otherwise(known, lineage=lineage.model_copy(update={"fields": all_fields}))
    found = graph(changed)
    assert found is not None
    return changed, found


def made_of(*columns: str, how: str | None = None) -> ModelField:
    return ModelField.model_validate({"from": columns, "how": how})


def texts(picture: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(picture).iter(f"{SVG}text")]


def test_each_column_has_its_contract_and_was_read(known: Known) -> None:
    _, found = of(known)
    assert {one.name for one in found.origins} == {
        "web-shop.orders.total",
        "outlet.orders.total",
        "web-shop.orders.voucher",
    }
    assert all(one.contract and one.type and one.read and not one.wrong for one in found.origins)


def test_what_no_contract_has_is_named_everywhere_and_dropped_nowhere(known: Known) -> None:
    lost = {"mood": made_of("web-shop.orders.mood"), "sky": made_of("weather.days.sky")}
    changed, found = of(known, **lost)
    wrong = {one.name: one.wrong for one in found.origins if one.wrong}
    assert wrong == {
        "web-shop.orders.mood": "its contract has no mood",
        "weather.days.sky": "no contract has it",
    }
    picture = drawing.render(found, title="Acme")
    assert any("its contract has no mood" in one for one in texts(picture))
    assert "weather.days.sky (no contract has it)" in picture
    (event,) = map(json.loads, openlineage.render(changed, found, at=AT).splitlines())
    lineage = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    (told,) = lineage["sky"]["inputFields"][0]["transformations"]
    assert told["description"] == "no contract has it"
    listed = checklist(changed.loaded, changed.evidence, environment="dev", today=AT.date())
    assert {"lineage-in-contracts", "lineage-read"} <= {one.item.id for one in listed.missing}


def test_the_picture_is_one_file_without_a_script_that_says_what_it_shows(known: Known) -> None:
    _, found = of(known)
    picture = drawing.render(found, title="Acme")
    root = ET.fromstring(picture)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == root.find(f"{SVG}title").attrib["id"]  # type: ignore[union-attr]
    assert "spent is made of web-shop.orders.total and outlet.orders.total" in picture
    assert not list(root.iter(f"{SVG}script"))
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme: dark" in picture
    assert picture == drawing.render(found, title="Acme")


def test_words_of_the_pilot_cannot_leave_their_place(known: Known) -> None:
    evil = "</text><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}"
    _, found = of(known, mood=made_of("web-shop.orders.total", how=evil))
    picture = drawing.render(found, title=evil)
    assert "<script" not in picture
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in picture
    assert any("script" in one for one in texts(picture)), "it is shown, as text"


def test_the_event_names_data_sets_as_the_exports_of_evidence_do(known: Known) -> None:
    changed, found = of(known)
    (event,) = map(json.loads, openlineage.render(changed, found, at=AT).splitlines())
    names = {(one["namespace"], one["name"]) for one in event["inputs"]}
    used = event["outputs"][0]["facets"]["columnLineage"]["fields"]["spent"]["inputFields"]
    assert {(one["namespace"], one["name"]) for one in used} <= names
    assert all(one["facets"]["version"]["datasetVersion"] for one in event["inputs"])
