"""pygeoapi, the reference of OGC API Features: links in a list, and how many match."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import python_servers

STATIONS = 117
_TEXT = {"en": "Stations"}


@contextmanager
def geo(folder: Path) -> Iterator[str]:
    """One with STATIONS features that anybody may read; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    stations, settings, openapi = (
        folder / name for name in ("stations.geojson", "settings.json", "openapi.json")
    )
    stations.write_text(json.dumps({"type": "FeatureCollection", "features": _features()}))
    settings.write_text(json.dumps(_settings(port, address, stations)))  # JSON is YAML
    openapi.write_text('{"openapi": "3.0.2"}')  # to write the real one takes it five seconds
    process = spawn(
        [
            python_servers() / "bin" / "waitress-serve",
            f"--listen=127.0.0.1:{port}",
            "pygeoapi.flask_app:APP",
        ],
        log=folder / "pygeoapi.log",
        environ={"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(openapi)},
    )
    try:
        wait_until(lambda: accepts(port), process, seconds=40)
        yield address
    finally:
        process.stop()


def _features() -> list[dict[str, object]]:
    return [
        {
            "type": "Feature",
            "id": n,
            "geometry": {"type": "Point", "coordinates": [n / 10, 50]},
            "properties": {"name": f"Station {n}", "height": n + 0.5},
        }
        for n in range(1, STATIONS + 1)
    ]


def _settings(port: int, address: str, stations: Path) -> dict[str, object]:
    identification = {
        "title": _TEXT,
        "description": _TEXT,
        "keywords": {"en": ["stations"]},
        "keywords_type": "theme",
        "terms_of_service": "none",
        "url": address,
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 20, "max_items": 50},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": identification,
            "license": {"name": "none", "url": address},
            "provider": {"name": "none", "url": address},
            "contact": {"name": "none"},
        },
        "resources": {
            "stations": {
                "type": "collection",
                "title": _TEXT,
                "description": _TEXT,
                "keywords": {"en": ["stations"]},
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
                "providers": [
                    {
                        "type": "feature",
                        "name": "GeoJSON",
                        "data": str(stations),
                        "id_field": "id",
                    }
                ],
            }
        },
    }
