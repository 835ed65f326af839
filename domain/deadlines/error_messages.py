"""Describes the errors in a file (rules, calendar, ladder, duties, reorganisation) for the person who wrote it.

The messages of pydantic are for programmers.
"""

import re
from difflib import get_close_matches

from pydantic import ValidationError


def validation_error_text(error: ValidationError) -> str:
    """Return every error with its key. Positions in a list count from 0, so `year.3.source` is in the fourth year."""
    faults = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"])
        match fault["type"]:
            case "missing":
                faults.append(f"{key} is missing")
            case "extra_forbidden":
                faults.append(f"{key} is not a known key")
            case "string_too_short" | "too_short":
                faults.append(f"{key} is empty")
            case "value_error" if not key:
                faults.append(str(fault["ctx"]["error"]))
            case "value_error":
                faults.append(f"{key}: {fault['ctx']['error']}")
            case "enum" | "literal_error":
                words = fault["ctx"]["expected"]
                near = get_close_matches(str(fault["input"]), re.findall(r"'(\w+)'", words), 1, 0.75)
                meant = f"is {near[0]!r} meant? " if near else ""
                faults.append(f"{key} is {fault['input']!r}; {meant}it must be {words}")
            case _:
                must = fault["msg"].replace("Input should be", "must be")
                faults.append(f"{key} is {fault['input']!r}; it {must}")
    return "; ".join(faults)
