"""SOAP: what makes an endpoint of `seatrial.rest` ask for an operation of a WSDL."""

from __future__ import annotations

from connectors.rest.auth.username_token import UsernameToken
from connectors.rest.soap.soap import Soap

__all__ = ["Soap", "UsernameToken"]
