"""Names the attributes of event logs as columns, and finds those that a mapping needs and a log lacks."""

from service.files.cells import quote_cell
from service.imports.mapping import ImportMapping, UnusableMapping

CASE_PREFIX = "case:"
"""Stands before the name of an attribute of a case."""
MOST_ATTRIBUTE_NAMES = 1_000
"""Names that are noted of one log; one with more is not told which of them it lacks."""


def require_needed_attributes(mapping: ImportMapping, names_seen: set[str]) -> None:
    """Raise UnusableMapping where nothing in the log has an attribute that every case or step needs."""
    needed = [mapping.case.key, mapping.case.received]
    if mapping.event and any(not name.startswith(CASE_PREFIX) for name in names_seen):
        needed += [mapping.event.step, mapping.event.at]
    absent = {name for value in needed if value for name in value.columns} - names_seen
    if absent and len(names_seen) < MOST_ATTRIBUTE_NAMES:
        raise UnusableMapping(
            "\n".join(
                f"{mapping.keys_naming(name)}: nothing in the log has the attribute {quote_cell(name)}; there are:"
                f" {', '.join(sorted(names_seen)[:40]) or 'none'}"
                for name in sorted(absent)
            )
        )
