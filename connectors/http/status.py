"""Which answers a caller can act on, and which are errors; pure."""

from __future__ import annotations

from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer

_FORBIDDEN, _TIMED_OUT, _TOO_MANY = 403, 408, 429


def check_status(answer: Answer, *, is_log_in: bool = False) -> Answer:
    """The answer, if a caller can act on its status, such as 200, 400, 401 or 404; a redirect to a
    log-in page is as good as 401. A log-in acts on all but 408 and 5xx.

    403 is AccessDenied, a redirect SourceChanged; 408, 429, 5xx and a 403 that refuses for the
    number of requests are SourceUnavailable.
    """
    status = answer.status
    if is_log_in and status != _TIMED_OUT and status < 500:  # noqa: PLR2004 - RFC 9110 15.6
        return answer
    said = f"{answer.what} answered {status}"
    if status == _FORBIDDEN and not answer.is_overload:
        raise AccessDenied(f"{said}: check the client's grants")
    if 300 <= status < 400 and asks_who(answer) is None:  # noqa: PLR2004 - the redirects of RFC 9110 15.4
        raise SourceChanged(f"{said}, a redirect: correct the address")
    if status in (_TIMED_OUT, _FORBIDDEN, _TOO_MANY) or status >= 500:  # noqa: PLR2004 - RFC 9110 15.6
        raise SourceUnavailable(
            f"{said}: try later", retry_after=answer.retry_after, answered=True
        )
    return answer
