"""A page of JSON: its rows, or why the answer is none."""

from __future__ import annotations

from functools import partial

from connectors.convert.json import as_table
from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import SourceChanged
from connectors.http.messages import Answer
from connectors.rest.locations import DocumentPath
from connectors.rest.media_type import not_json
from connectors.rest.paginators import Page, PageRequest
from connectors.rest.rows import find_rows
from connectors.rest.signs import Signs, find_more, find_part

_OK, _NO_CONTENT = 200, 204


def read_page(answer: Answer, request: PageRequest, rows: DocumentPath, signs: Signs) -> Page:
    """The page in the `answer` to `request`, with its list of rows at `rows`; 204 is one without
    rows. SourceChanged for anything else: another status, a log-in page, an error document, JSON
    that is cut or ambiguous, and a page that says of itself that it is not whole.
    """
    page = partial(
        Page,
        what=answer.what,
        request=request,
        withheld=answer.withheld,
        headers=answer.headers,
    )
    if answer.status == _NO_CONTENT:
        return page(document=None, rows=[], table=as_table([], answer.what), bytes=0)
    if answer.status != _OK:
        raise SourceChanged(
            f"{answer.what} answered {answer.status}: correct the path or the page style"
        )
    if (came := not_json(answer.headers.get("content-type", ""))) is not None:
        raise SourceChanged(f"{answer.what} answered {came}, not JSON in UTF-8: correct the path")
    try:
        document = decoded(answer.body, as_written=True)
    except NotStrictJson as error:
        raise SourceChanged(f"{answer.what}: its JSON {error}: have it corrected there") from None
    found = find_rows(answer.what, rows, document, answer.headers)
    if (part := find_part(signs, rows, document)) is not None:
        raise SourceChanged(
            f"{answer.what}: its {part} says that this page is not whole: read again, or leave it "
            "out of signs"
        )
    return page(
        document=document,
        rows=found,
        table=as_table(found, answer.what),
        more=find_more(signs, rows, document, answer.headers),
        bytes=len(answer.body),
    )
