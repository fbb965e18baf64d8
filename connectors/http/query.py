"""Query parameters of an address, set or dropped; all others stay byte for byte; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote, unquote_plus, urlencode, urlsplit


def set_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """`url` with each of `parameters` once, in place of any of the same name. A space is `%20`,
    which all read as one: `+` is a plus to some.
    """
    if not parameters:
        return url
    parts = urlsplit(drop_parameters(url, parameters))
    query = "&".join(filter(None, [parts.query, urlencode(parameters, quote_via=quote)]))
    return parts._replace(query=query).geturl()


def drop_parameters(url: str, names: Collection[str]) -> str:
    """`url` without the parameters of these names, however their names are encoded."""
    parts = urlsplit(url)
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in names]
    return url if kept == pairs else parts._replace(query="&".join(kept)).geturl()
