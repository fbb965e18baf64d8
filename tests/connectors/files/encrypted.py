"""A Parquet file that is encrypted, footer and all."""

from __future__ import annotations

import base64
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe


class Keys(pe.KmsClient):
    """Keeps each key beside the data."""

    def __init__(self, _: pe.KmsConnectionConfig) -> None:
        super().__init__()

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:  # noqa: ARG002 - a KmsClient
        return base64.b64encode(key_bytes)


def encrypted(**columns: list[int]) -> bytes:
    factory = pe.CryptoFactory(Keys)
    keys = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": list(columns)})
    encryption = factory.file_encryption_properties(pe.KmsConnectionConfig(), keys)
    table = pa.table(columns)
    file = io.BytesIO()
    with pq.ParquetWriter(file, table.schema, encryption_properties=encryption) as writer:
        writer.write_table(table)
    return file.getvalue()
