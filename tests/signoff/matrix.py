"""Every bundle that must not open the gate. `python -m bench report` counts them."""

from __future__ import annotations

from tests.signoff import cases_of_files, cases_of_nights, cases_of_people

CASES = (*cases_of_files.CASES, *cases_of_people.CASES, *cases_of_nights.CASES)
