"""What an export points to is in the bundle that it lies in."""

from __future__ import annotations

import json
from posixpath import join, normpath

import pytest

from harness.evidence.bundle import build
from harness.evidence.formats import FORMATS
from tests.harness.evidence.bundles import key
from tests.harness.evidence.formats.readers import values
from tests.harness.evidence.formats.story import story


def pointed_to(document: object) -> set[str]:
    """Paths in a document that lead out of its folder."""
    return {of for of in values(document) if isinstance(of, str) and of.startswith("../")}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return build(
        story(),
        signer=key(),
        formats=FORMATS,
        tool="0.1.0+test",
        packages="56" * 32,
        verify_text=b"",
    )


@pytest.mark.parametrize("name", ["oscal.json", "cyclonedx.json"])
def test_every_path_leads_to_a_file_of_the_bundle(name: str, files: dict[str, bytes]) -> None:
    found = pointed_to(json.loads(files[f"export/{name}"]))
    assert any("judgements/good.json" in path for path in found)
    assert {normpath(join("export", path)) for path in found} <= files.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_bundle_and_in_its_manifest(
    name: str, files: dict[str, bytes]
) -> None:
    assert files[f"export/{name}"] == FORMATS[name](story())
    assert f"export/{name}" in files["manifest.json"].decode()
