"""Files in drops and buckets."""

from __future__ import annotations

from connectors.files.object_store import ObjectStore
from connectors.files.sftp_csv import SftpCsv
from connectors.http.proxy import Proxy
from connectors.retry import RetryPolicy

__all__ = ["ObjectStore", "Proxy", "RetryPolicy", "SftpCsv"]
