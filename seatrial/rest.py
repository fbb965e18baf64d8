"""REST APIs: who we are there, how pages follow each other, and how many requests are allowed."""

from __future__ import annotations

from connectors.http.exchange import Limits
from connectors.http.proxy import Proxy
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.connector import Endpoint, Rest
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.next_url import next_url
from connectors.retry import RetryPolicy

__all__ = [
    "ClientCredentials",
    "Endpoint",
    "Limits",
    "Proxy",
    "RateLimiter",
    "Rest",
    "RetryPolicy",
    "link_header",
    "next_url",
]
