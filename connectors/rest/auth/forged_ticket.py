"""A ticket that no KDC issued, in DER as a real one is: random where it should be sealed."""

from __future__ import annotations

import secrets

_SEQUENCE, _OID, _OCTETS, _BITS, _TEXT, _INTEGER = 0x30, 0x06, 0x04, 0x03, 0x1B, 0x02
_APPLICATION, _CONTEXT = 0x60, 0xA0
_KERBEROS = bytes.fromhex("2a864886f712010202")
_SPNEGO = bytes.fromhex("2b0601050502")
_VERSION, _AP_REQ, _AES256 = 5, 14, 18
_SERVICE_AND_HOST = 3
"""RFC 4120 6.2, the type of such a name."""
_SEALED_BYTES = 256
_LONG = 0x80


def forged_token(host: str, realm: str) -> bytes:
    """What shows it to `HTTP/host` (RFC 4178 4.2.1, RFC 4121 4.1, RFC 4120 5.5.1)."""
    ticket = _der(
        _APPLICATION + 1,
        _fields(
            {
                0: _whole(_VERSION),
                1: _der(_TEXT, realm.encode()),
                2: _fields(
                    {
                        0: _whole(_SERVICE_AND_HOST),
                        1: _der(_SEQUENCE, _der(_TEXT, b"HTTP"), _der(_TEXT, host.encode())),
                    }
                ),
                3: _sealed(),
            }
        ),
    )
    request = {
        0: _whole(_VERSION),
        1: _whole(_AP_REQ),
        2: _der(_BITS, bytes(5)),  # no options
        3: ticket,
        4: _sealed(),
    }
    shown = _der(_APPLICATION + _AP_REQ, _fields(request))
    token = _der(_APPLICATION, _der(_OID, _KERBEROS), b"\x01\x00", shown)
    offer = {0: _der(_SEQUENCE, _der(_OID, _KERBEROS)), 2: _der(_OCTETS, token)}
    return _der(_APPLICATION, _der(_OID, _SPNEGO), _der(_CONTEXT, _fields(offer)))


def _sealed() -> bytes:
    return _fields({0: _whole(_AES256), 2: _der(_OCTETS, secrets.token_bytes(_SEALED_BYTES))})


def _fields(given: dict[int, bytes]) -> bytes:
    """A sequence of numbered fields."""
    return _der(_SEQUENCE, *(_der(_CONTEXT + number, one) for number, one in given.items()))


def _whole(number: int) -> bytes:
    return _der(_INTEGER, bytes([number]))


def _der(tag: int, *parts: bytes) -> bytes:
    """X.690 8.1: tag, length, what is inside."""
    inside = b"".join(parts)
    size = len(inside)
    if size < _LONG:
        return bytes([tag, size]) + inside
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(octets)]) + octets + inside
