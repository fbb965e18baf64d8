"""Endpoints that speak SOAP: messages by a WSDL that stands beside the pilot."""
