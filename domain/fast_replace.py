"""A frozen value with some of its fields changed."""

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["changed"]

T = TypeVar("T")

if TYPE_CHECKING:  # mypy knows `replace` and checks the names and types of the fields
    from dataclasses import replace as changed
else:

    def changed(value: T, /, **fields: Any) -> T:
        """As `dataclasses.replace`, for dataclasses without slots and without `__post_init__`.

        `replace` reads and sets every field by its name: 7 us for a petition, where this takes 1. Following a
        history does little else.
        """
        anew = object.__new__(type(value))
        object.__setattr__(anew, "__dict__", value.__dict__ | fields)
        return anew
