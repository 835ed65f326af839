"""Renders the reference page of settings, as `service/config/settings.py` declares them."""

from typing import Any

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from docs.generator.markdown import render_page, render_table
from service.config.settings import KEY_COMMAND, SECRET_SETTINGS, SETTINGS_PREFIX, Settings
from service.observability.tracing import ENDPOINT_VARIABLE

_SETTINGS_HEAD = """\
Settings are environment variables, read once when a process starts; an empty one counts as not set. A wrong value ends
the process with a sentence that names the variable, and so does a name that is nearly one of these. `kiennghi check`
shows what is in effect, secrets hidden."""
_KEYS_NOTE = """\
With the embedded server a missing key is made once and kept under `KIENNGHI_HOME`; with `KIENNGHI_DATABASE_URL` both
keys must be given, because several services may share that database. To make one:"""


def settings_page() -> str:
    rows = [
        (f"`{SETTINGS_PREFIX}{name.upper()}`", _setting_default(field), _setting_meaning(field))
        for name, field in Settings.model_fields.items()
    ]
    files = ", ".join(f"`{SETTINGS_PREFIX}{name.upper()}_FILE`" for name in SECRET_SETTINGS)
    return render_page(
        "Settings",
        _SETTINGS_HEAD,
        render_table(("variable", "default", "meaning"), rows),
        f"{files} name files that hold\nthe secrets, in place of the variables themselves.",
        f"`{ENDPOINT_VARIABLE}` is not this service's alone: OpenTelemetry's, where a collector of traces is.\n"
        "Without it no traces are made.",
        _KEYS_NOTE,
        f"```sh\n{KEY_COMMAND}\n```",
    )


def _setting_default(field: FieldInfo) -> str:
    value = field.get_default()
    return "none" if value is None else f"`{value}`"


def _setting_meaning(field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"a setting has no docstring: {field!r}")
    return f"{field.description} {_setting_range(field)}".strip()


def _setting_range(field: FieldInfo) -> str:
    bounds: dict[type, Any] = {type(bound): bound for bound in field.metadata}
    if Ge in bounds and Le in bounds:
        return f"From {bounds[Ge].ge:,} to {bounds[Le].le:,}."
    return ""
