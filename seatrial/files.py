"""Files: a store says where they lie, a format how to read them, a packing what is around them."""

from __future__ import annotations

from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.packing import Bounds, Gzip, Packing, Zip
from connectors.files.stores import Store
from connectors.files.stores.local import Local
from connectors.files.stores.s3 import S3
from connectors.files.stores.sftp import Sftp
from connectors.http.proxy import Proxy
from connectors.retry import RetryPolicy

__all__ = [
    "S3",
    "Bounds",
    "ControlFile",
    "Csv",
    "FileSet",
    "Files",
    "Format",
    "Gzip",
    "JsonLines",
    "Local",
    "Packing",
    "Parquet",
    "Proxy",
    "RetryPolicy",
    "Sftp",
    "Store",
    "Zip",
]
