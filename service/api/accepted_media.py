"""Refuses a request whose header Accept names nothing that the endpoint has: JSON for a wanted CSV helps nobody."""

from fastapi import Request
from fastapi.routing import APIRoute

from service.api.problem_details import PROBLEM_MEDIA_TYPE, Problem

JSON_MEDIA_TYPE = "application/json"


async def require_acceptable(request: Request) -> None:
    """Raise Problem not-acceptable unless the endpoint has a media type that the request accepts."""
    accepted = request.headers.get("accept")
    if accepted is None or "*/*" in accepted or JSON_MEDIA_TYPE in accepted:
        return
    has = media_types_of(request.scope["route"])
    if not any(_takes(one, media) for one in accepted.split(",") for media in (*has, PROBLEM_MEDIA_TYPE)):
        raise Problem("not-acceptable", f"Accept: {', '.join(sorted(has))}")


_media_types_by_route: dict[str, frozenset[str]] = {}


def media_types_of(route: APIRoute) -> frozenset[str]:
    """Return the media types in which the endpoint answers: those that its description names, and JSON as a rule."""
    found = _media_types_by_route.get(route.unique_id)
    if found is None:
        named = frozenset(route.responses.get(200, {}).get("content", {}))
        own = getattr(route.response_class, "media_type", None)
        is_json = route.response_model is not None or own in (None, JSON_MEDIA_TYPE)
        found = named | (frozenset({JSON_MEDIA_TYPE}) if is_json else frozenset({own} if own else ()))
        _media_types_by_route[route.unique_id] = found
    return found


def _takes(accepted: str, media: str) -> bool:
    """Return True if a part of the header names the media type, or all of its kind."""
    wanted, *parameters = (part.strip().lower() for part in accepted.split(";"))
    if any(one.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for one in parameters):
        return False
    return wanted == media or (wanted.endswith("/*") and media.startswith(wanted[:-1]))
