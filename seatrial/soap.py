"""SOAP: what makes an endpoint of `seatrial.rest` ask for an operation of a WSDL."""

from __future__ import annotations

from connectors.rest.soap.soap import Soap
from connectors.rest.soap.username_token import UsernameToken

__all__ = ["Soap", "UsernameToken"]
