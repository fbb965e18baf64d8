"""What a GraphQL document does: it asks, changes or subscribes. Decided without running it."""

from __future__ import annotations

from graphql import GraphQLSyntaxError, OperationDefinitionNode, OperationType, parse

from harness.dagster.web.access import Role


def refusal(document: object, *, method: str, role: Role) -> str | None:
    """Why a document is not run; None if it is.

    Any operation of it counts, whichever the request names. A document that cannot be parsed runs
    nothing; Dagster says what is wrong with it.
    """
    if not isinstance(document, str):
        return "a GraphQL query is text"
    try:
        definitions = parse(document).definitions
    except (GraphQLSyntaxError, RecursionError):
        return None if method == "POST" else "send it by POST to see what is wrong with it"
    kinds = {d.operation for d in definitions if isinstance(d, OperationDefinitionNode)}
    match method:
        case "WEBSOCKET" if kinds - {OperationType.SUBSCRIPTION}:
            return "a WebSocket subscribes, and does nothing else"
        case "GET" | "HEAD" if kinds - {OperationType.QUERY}:
            return "a GET changes nothing: send a mutation by POST"
    if OperationType.MUTATION in kinds and role is not Role.OPERATOR:
        return "a reader changes nothing"
    return None
