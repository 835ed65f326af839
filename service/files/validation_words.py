"""Says in both languages why a value cannot be taken, in place of the validation library's words."""

from collections.abc import Mapping
from typing import Any

from service.files.cells import quote_cell
from service.files.words import UnusableValue, Words


def validation_words(error: Mapping[str, Any], *, quotes: bool = True) -> Words:
    """Return what is wrong with one value; `error` is one of pydantic's, with its context.

    With `quotes` false the value is not named: it may be personal.
    """
    given = quote_cell(str(error["input"])) if quotes else ""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            fault = context["error"]
            return fault.words if isinstance(fault, UnusableValue) else Words(f"không hợp lệ ({fault})", str(fault))
        case "string_too_long":
            most = context["max_length"]
            return Words(f"có hơn {most:,} ký tự".replace(",", "."), f"more than {most:,} characters")
        case "string_too_short" | "missing":
            return Words("để trống", "is missing")
        case "enum" | "literal_error":
            wanted = context["expected"]
            return Words(f"{given} không phải là một trong: {wanted}".strip(), f"{given} is not {wanted}".strip())
        case "string_pattern_mismatch":
            pattern = context["pattern"]
            return Words(f"{given} không theo mẫu {pattern}".strip(), f"{given} does not match {pattern}".strip())
        case "greater_than_equal":
            return Words(f"{given} nhỏ hơn {context['ge']}".strip(), f"{given} is less than {context['ge']}".strip())
        case "less_than_equal":
            return Words(f"{given} lớn hơn {context['le']}".strip(), f"{given} is more than {context['le']}".strip())
        case _:
            return Words(f"{given} không dùng được".strip(), f"{given} cannot be taken".strip())
