"""Every setting, as `service/config/settings.py` declares it."""

from typing import Any

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from service.config.settings import MAKE_A_KEY, PREFIX, SECRETS, Settings
from service.observability.tracing import ENDPOINT
from service.reference_docs.marked import page, table

_HEAD = """\
Settings are environment variables, read once when a process starts; an empty one counts as not set. A wrong value ends
the process with a sentence that names the variable, and so does a name that is nearly one of these. `kiennghi check`
shows what is in effect, secrets hidden."""
_KEYS = """\
With the embedded server a missing key is made once and kept under `KIENNGHI_HOME`; beside `KIENNGHI_DATABASE_URL` both
keys must be given, because several services may share that database. To make one:"""


def settings_page() -> str:
    rows = [
        (f"`{PREFIX}{name.upper()}`", _default(field), _said(field)) for name, field in Settings.model_fields.items()
    ]
    files = ", ".join(f"`{PREFIX}{name.upper()}_FILE`" for name in SECRETS)
    return page(
        "Settings",
        _HEAD,
        table(("variable", "default", "meaning"), rows),
        f"{files} name files that hold\nthe secrets, in place of the variables themselves.",
        f"`{ENDPOINT}` is not this service's alone: OpenTelemetry's, where a collector of traces is.\n"
        "Without it no traces are made.",
        _KEYS,
        f"```sh\n{MAKE_A_KEY}\n```",
    )


def _default(field: FieldInfo) -> str:
    value = field.get_default()
    return "none" if value is None else f"`{value}`"


def _said(field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"a setting has no docstring: {field!r}")
    return f"{field.description} {_range(field)}".strip()


def _range(field: FieldInfo) -> str:
    bounds: dict[type, Any] = {type(bound): bound for bound in field.metadata}
    if Ge in bounds and Le in bounds:
        return f"From {bounds[Ge].ge:,} to {bounds[Le].le:,}."
    return ""
