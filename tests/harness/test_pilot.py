"""A pilot loads without touching anything, or says in one line which line to mend."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors.connector import Connector
from harness.errors import ConfigurationError
from harness.pilot import loading
from harness.pilot.connect import connect as connect_to
from harness.pilot.model import LoadedPilot
from tests.harness.engagement import PILOT_PY, PILOT_YAML, write

SECRET = "canary-5e1f"


def connect(
    loaded: LoadedPilot, environment: str, environ: Mapping[str, str]
) -> dict[str, Connector]:
    references = loaded.references(environment, environ)
    return connect_to(loaded, environment, {"erp"}, references)


def refused(folder: Path) -> str:
    with pytest.raises(ConfigurationError) as error:
        loading.load(folder)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_loading_needs_no_variable_and_connects_to_nothing(tmp_path: Path) -> None:
    loaded = loading.load(write(tmp_path))
    assert [source.name for source in loaded.pilot.sources] == ["erp"]
    assert str(loaded.zone) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title:", "titel:", "titel: unknown key"),
        ("zone: Europe/Berlin", "zone: Mars/Olympus", "pilot.yaml:2: zone: there is no time zone"),
        ("zone: Europe/Berlin", "zone: UTC\nzone: UTC", "pilot.yaml:3: duplicate key 'zone'"),
        (
            "zone: Europe/Berlin",
            "keep: [orders]",
            "pilot.yaml:2: unknown dataset 'orders': did you mean",
        ),
        ("zone: Europe/Berlin", "keep: orders", "pilot.yaml:2: keep: must be a list"),
        ("deputy: B", "deputi: B", "pilot.yaml:4: owners.erp.deputi: unknown key"),
        ("on: 2026-11-01", "on: soon", "owners.erp.acknowledged.on: is no date; write it as"),
        (
            "      erp: {url",
            "#",
            "pilot.yaml:8: environments.dev.sources: must be keys with values",
        ),
        ("sandbox", "real", "pilot.yaml:7: environments.dev.evidence_class"),
        ("      erp: {url", "      epr: {url", "pilot.yaml:9: unknown source 'epr': did you mean"),
        ("  erp: {owner", "  crm: {owner", "pilot.yaml:4: unknown source 'crm': there are: erp"),
    ],
)
def test_a_mistake_in_the_yaml_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PILOT_YAML
    assert said in refused(write(tmp_path, yaml=PILOT_YAML.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("PILOT = ", "PILOTT = ", "PILOT = Pilot(…) is missing"),
        ("import pandera.polars as pa", "import panderra as pa", "pilot.py:2: ModuleNotFound"),
        ('key=("order_key",)', "keys=1", "pilot.py:9: Promises takes no keys: did you mean key?"),
        ('name="acme"', 'name="../acme"', "is no name for a pilot"),
        ('Source(name="erp"', 'Source(name="e r p"', "is no name for a pilot"),
        ("contracts=(ORDERS,)", "contracts=(ORDERS, ORDERS)", "stands twice"),
        ("KEY = ", "KEY = (", "pilot.py:6: SyntaxError"),
        ("contracts=(ORDERS,)", "contracts=ORDERS", "pilot.py:16: TypeError: contracts is a"),
        ("contracts=(ORDERS,)", 'contracts=("x",)', "pilot.py:16: TypeError: one of contracts"),
        ("sources=(", "sources=[*(", "pilot.py:16: SyntaxError"),
        ("(Source(", "Source((", "pilot.py:16: "),
        ('name="orders"', "name=7", "pilot.py:7: TypeError: name is a int: give a str"),
        ("promises=Promises(", "promises=dict(", "pilot.py:7: TypeError: promises is a dict"),
    ],
)
def test_a_mistake_in_the_python_is_named_with_the_users_own_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PILOT_PY
    assert said in refused(write(tmp_path, py=PILOT_PY.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key=("order_key",)', 'key=("order_kye",)', "key names order_kye, which is not a column"),
        (
            "promises=Promises(",
            "promises=Promises(lag=24, ",
            "lag is of type int: write lag=timedelta(hours=24)",
        ),
        ("schema=pa.DataFrameSchema(", "schema=dict(a=", "a value has a wrong type"),
        ("strict=True", "strict=False", "its schema is not strict"),
        (
            '"int64", ',
            '"int64", pa.Check.gt(0.5), ',
            "column order_key has a check that cannot run",
        ),
    ],
)
def test_a_broken_contract_is_kept_with_what_is_wrong_with_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PILOT_PY
    loaded = loading.load(write(tmp_path, py=PILOT_PY.replace(old, new, 1)))
    assert list(loaded.problems) == [("erp", "orders")]
    complaint = loaded.problems["erp", "orders"]
    assert complaint.startswith(f"contract orders: {said}")
    assert "\n" not in complaint


def test_a_library_below_the_same_folder_is_not_the_users_own_line(tmp_path: Path) -> None:
    """A virtual environment stands in the project, as most do."""
    library = tmp_path / ".venv" / "site-packages" / "failing_library.py"
    library.parent.mkdir(parents=True)
    library.write_text("raise RuntimeError('no')\n")
    sys.path.append(str(library.parent))
    try:
        said = refused(write(tmp_path, py=f"import failing_library\n{PILOT_PY}"))
    finally:
        sys.path.remove(str(library.parent))
    assert "pilot.py:1: RuntimeError: no" in said


def test_all_missing_variables_are_named_at_once(tmp_path: Path) -> None:
    loaded = loading.load(write(tmp_path))
    with pytest.raises(ConfigurationError) as error:
        connect(loaded, "dev", {"ERP_URL": ""})
    assert "ERP_URL" in str(error.value)
    assert "ERP_PASSWORD" in str(error.value)


def test_a_secret_written_into_the_yaml_is_refused_and_not_repeated(tmp_path: Path) -> None:
    folder = write(tmp_path, yaml=PILOT_YAML.replace("env:ERP_PASSWORD", SECRET))
    loaded = loading.load(folder)
    with pytest.raises(ConfigurationError, match="holds a secret itself") as error:
        connect(loaded, "dev", {"ERP_URL": "sqlite://"})
    assert SECRET not in str(error.value)


def test_an_address_shows_no_environment(tmp_path: Path) -> None:
    loaded = loading.load(write(tmp_path))
    references = loaded.references("dev", {"ERP_PASSWORD": SECRET})
    address = loaded.address("dev", "erp", references)
    assert SECRET not in repr(address)
    assert SECRET not in repr(address.secret("password"))


@pytest.mark.parametrize(
    ("environment", "said"), [("prod", "there are: dev"), ("dve", "mean dev")]
)
def test_an_unknown_environment_offers_those_there_are(
    tmp_path: Path, environment: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        connect(loading.load(write(tmp_path)), environment, {})


def test_the_one_engagement_below_here_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert loading.find(tmp_path) == folder
    assert loading.find(folder) == folder
    write(tmp_path)
    with pytest.raises(ConfigurationError, match="several pilots"):
        loading.find(tmp_path)


def test_a_folder_named_like_another_module_is_to_be_renamed(tmp_path: Path) -> None:
    folder = write(tmp_path).rename(tmp_path / "json")
    assert "rename the folder" in refused(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('url=at.text("url")', 'url=int(at.text("url"))', "ValueError at "),
        ("    return Sql(", "    return dict(", "returns no connector"),
        ("    return Sql(", "    return {}[at.text('url')] or Sql(", "KeyError at "),
    ],
)
def test_a_connect_that_fails_is_named_with_its_line_and_no_value(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PILOT_PY
    loaded = loading.load(write(tmp_path, py=PILOT_PY.replace(old, new)))
    with pytest.raises(ConfigurationError) as error:
        connect(loaded, "dev", {"ERP_URL": SECRET, "ERP_PASSWORD": "x"})
    assert said in str(error.value)
    assert SECRET not in str(error.value)


def test_a_url_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    """A password with an @ in it makes the rest of it a port."""
    loaded = loading.load(write(tmp_path))
    url = f"postgresql+psycopg://reader:a@b:{SECRET}@db.example/erp"
    for wrong in (SECRET, url):
        with pytest.raises(ConfigurationError, match="write it as postgresql") as error:
            connect(loaded, "dev", {"ERP_URL": wrong, "ERP_PASSWORD": "x"})
        assert SECRET not in str(error.value)
