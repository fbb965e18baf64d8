"""The rows that the good pilot's contract is proven on, as CSV and as JSON lines."""

from __future__ import annotations

NAMES = (
    "order_key,line,mode,price,weight,discount,segment,"
    "invoice,is_paid,ordered_at,shipped_on,received_on"
)
_BY_HAND = (
    "1,1,AIR,9.90,1.5,0.1,BUILDING,R-1,true,2026-11-19T08:00:00Z,2026-11-19,2026-11-20",
    "1,2,RAIL,100.49,,0.0,MACHINERY,R-2,true,2026-11-19T09:00:00Z,2026-11-01,2026-11-18",
    "2,1,AIR,0.00,0.75,0.25,HOUSEHOLD,R-3,false,2026-11-19T10:00:00Z,2026-11-19,2026-11-19",
    "3,7,RAIL,55.55,20.25,0.05,,R-4,true,2026-11-01T00:00:00Z,2026-11-16,2026-12-01",
)
"""What is changed is one of these."""
ROWS = 60
_TEXTS = ("mode", "segment", "invoice", "ordered_at", "shipped_on", "received_on")


def _lines() -> list[str]:
    more = (
        f"{n},1,AIR,{n}.00,{n}.5,0.2,AUTO,R-{n},true,2026-11-19T11:00:00Z,2026-11-17,2026-11-18"
        for n in range(len(_BY_HAND) + 1, ROWS + 1)
    )
    return [*_BY_HAND, *more]


def csv() -> str:
    """With a header, and a trailer that says how many rows there are."""
    return "\n".join((NAMES, *_lines(), f"T,{ROWS}")) + "\n"


def jsonl() -> str:
    """One object a line; texts are quoted, numbers are not."""
    return "".join(f"{{{_object(line)}}}\n" for line in _lines())


def _object(line: str) -> str:
    pairs = zip(NAMES.split(","), line.split(","), strict=True)
    return ", ".join(f'"{name}": {_value(name, text)}' for name, text in pairs)


def _value(name: str, text: str) -> str:
    if not text:
        return "null"
    return f'"{text}"' if name in _TEXTS else text
