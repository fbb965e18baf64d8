"""nginx as a gateway that limits with its own `limit_req`, in front of one page of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.events import Event, Overloaded, Refused
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.rate_limiter import RateLimiter
from estate.process import accepts, free_port, spawn, wait_until

PROGRAM = "nginx"
_SETTINGS = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  limit_req_zone all zone=all:1m rate={rate}r/s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/pages;
    default_type application/json;
    limit_req zone=all{at_once};
    limit_req_status {status};
  }}
}}
"""


@contextmanager
def gateway(*, rate: int, burst: int, status: int = 503) -> Iterator[str]:
    """The address of its page. So many requests a second, and so many more at once."""
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "pages").mkdir()
        (folder / "pages" / "page").write_text("[]")
        settings = folder / "nginx.conf"
        at_once = f" burst={burst} nodelay" if burst else ""
        settings.write_text(
            _SETTINGS.format(folder=folder, port=port, rate=rate, at_once=at_once, status=status)
        )
        process = spawn([f"/usr/sbin/{PROGRAM}", "-c", settings], log=folder / "nginx.log")
        try:
            wait_until(lambda: accepts(port), process)
            yield f"http://127.0.0.1:{port}/page"
        finally:
            process.stop()


def refused(url: str, budget: RateLimiter, *, requests: int) -> int:
    """How many of so many requests are refused."""
    events: list[Event] = []
    with Connection(ca_file=None, budget=budget, limits=Limits(), emit=events.append) as line:
        statuses = [line.exchange(Request(url=url)).status for _ in range(requests)]
    told = sum(isinstance(event, Refused | Overloaded) for event in events)
    return max(told, sum(status != 200 for status in statuses))  # noqa: PLR2004 - success
