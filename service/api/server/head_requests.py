"""Answers HEAD as GET is answered, without the body: probes and checkers of links ask so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def answer_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let `app` answer a GET, and send its head alone. A stream ends at once, as if the client had left."""
    as_get = {**scope, "method": "GET"}
    is_answered = False

    async def send_head(message: Message) -> None:
        nonlocal is_answered
        if message["type"] == "http.response.start":
            await send(message)
        elif not is_answered:
            is_answered = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def receive_until_answered() -> Message:
        return {"type": "http.disconnect"} if is_answered else await receive()

    await app(as_get, receive_until_answered, send_head)
    if "route" in as_get:
        scope["route"] = as_get["route"]  # for log and metrics
