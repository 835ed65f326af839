"""Copies frozen dataclasses with some fields replaced, faster than `dataclasses.replace`."""

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["replace_fields"]

T = TypeVar("T")

if TYPE_CHECKING:  # mypy knows `replace` and checks the names and types of the fields
    from dataclasses import replace as replace_fields
else:

    def replace_fields(value: T, /, **fields: Any) -> T:
        """Return a copy with the given fields replaced. Works for dataclasses without slots and `__post_init__`.

        `dataclasses.replace` reads and sets every field by its name: 7 us for a petition, where this takes 1.
        Folding a history does little else.
        """
        copy = object.__new__(type(value))
        object.__setattr__(copy, "__dict__", value.__dict__ | fields)
        return copy
