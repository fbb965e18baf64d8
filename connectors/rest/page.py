"""A page: its rows, or why the answer is none."""

from __future__ import annotations

from functools import partial

from connectors.convert.json import as_table
from connectors.errors import SourceChanged
from connectors.http.messages import Answer
from connectors.rest.columns import with_columns, with_texts
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page, PageRequest
from connectors.rest.rows import find_rows
from connectors.rest.signs import find_more, find_part

_FIX = {
    400: "correct the path, the page style, or what the log-in sends",
    404: "correct the path, or ask whether our log-in may see it: some sources hide what they "
    "refuse",
}
_FIX_ELSE = "correct the path or the page style"
_OK, _NO_CONTENT, _PARTIAL, _NOT_SATISFIABLE = 200, 204, 206, 416


def read_page(answer: Answer, request: PageRequest, endpoint: Endpoint) -> Page:
    """The page in the `answer` to `request`, as the endpoint says. 204 is one without rows, and so
    is 416 where a range was asked for; 206 then is a page like any other. SourceChanged for
    anything else: another status, a log-in page, an error document, one that is cut or ambiguous,
    and a page that says of itself that it is not whole.
    """
    page = partial(
        Page,
        what=answer.what,
        request=request,
        withheld=answer.withheld,
        headers=answer.headers,
    )
    ranged = any(name.lower() == "range" for name in request.headers)
    if answer.status == _NO_CONTENT or (ranged and answer.status == _NOT_SATISFIABLE):
        return page(document=None, rows=[], table=as_table([], answer.what), bytes=0)
    if answer.status != _OK and not (ranged and answer.status == _PARTIAL):
        raise SourceChanged(
            f"{answer.what} answered {answer.status}: {_FIX.get(answer.status, _FIX_ELSE)}"
        )
    document = endpoint.wire.document(answer)
    rows, signs = endpoint.rows, endpoint.signs
    found = find_rows(answer.what, rows, document, answer.headers)
    if endpoint.columns:
        found = with_columns(answer.what, found, endpoint.columns)
    if endpoint.json_text:
        found = with_texts(found, endpoint.json_text)
    if (part := find_part(signs, rows, document)) is not None:
        raise SourceChanged(
            f"{answer.what}: its {part} says that this page is not whole: read again, or leave it "
            "out of signs"
        )
    return page(
        document=document,
        rows=found,
        table=as_table(found, answer.what).without(endpoint.annotations),
        more=find_more(signs, rows, document, answer.headers),
        bytes=len(answer.body),
    )
