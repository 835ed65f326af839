"""Freezes the stored forms: `python -m tests.domain.golden` adds what is new and changes nothing that is there.

`events.jsonl` has lines of each class: with its required fields alone, with every field, one for each word of each
stored enum, and one with sealed texts. `fields.json` has the fields of every class and part by form, with type and
bounds, and whether they may be left unsaid; `text` is the type of a text that may be sealed. A field that may be left
unsaid may join a form: an old program refuses it, and a new one reads old rows as silence. `words.json` has the words
of every stored enum. `unsaid.json` has what silence is read as.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import inspect as types

from domain import unsaid
from domain.sealed_text import Sealed
from domain.topics import FACT_CLASSES
from domain.value import FactPart
from tests.domain.stored import FOLDER

FIRST_DAY = date(2026, 7, 6)
TEXTS_WITH_A_FORM = {"path": "place", "was": '"xã Sai"', "becomes": '"xã Mẫu"', "identity_digest": "0a" * 32}
"""Texts of fields that are read as something else than words."""


SEALED_TEXT = [1, "bm90IGEgc2VjcmV0", "tDkDqeWzRBthonZRfn/zlFIvjKWU9XxlwKoHSfSymnY="]
"""A sealed text as it is stored: key, nonce and ciphertext."""


def is_text(info: types.Type) -> bool:
    """Return True for the type of a text that may be sealed."""
    return isinstance(info, types.UnionType) and any(
        isinstance(one, types.StructType) and one.cls is Sealed for one in info.types
    )


class Sample:
    """Makes a value of any type that facts use. The same sample is the same in each run."""

    def __init__(
        self,
        topic: str,
        *,
        only_required: bool = False,
        is_sealed: bool = False,
        words: Mapping[type, str] | None = None,
    ) -> None:
        self._is_sealed = is_sealed
        self._place = list(FACT_CLASSES).index(topic) if topic in FACT_CLASSES else 0
        self._only_required = only_required
        self._words = words or {}

    def of(self, info: types.Type, name: str) -> Any:
        """Return the builtins of a value that a field called `name` may hold."""
        match info:
            case types.UnionType() if is_text(info):
                return SEALED_TEXT if self._is_sealed else self.of(types.StrType(), name)
            case types.UnionType():
                return self.of(info.types[0], name)
            case types.StructType():
                return {
                    field.encode_name: self.of(field.type, field.name)
                    for field in info.fields
                    if field.required or not self._only_required
                }
            case types.EnumType():
                members = [member.value for member in info.cls]
                return self._words.get(info.cls, members[self._place % len(members)])
            case types.VarTupleType() | types.ListType() | types.SetType() | types.FrozenSetType():
                return [self.of(info.item_type, name)]
            case types.TupleType():
                return [self.of(one, name) for one in info.item_types]
            case types.DictType():
                return {self.of(info.key_type, name): self.of(info.value_type, name)}
            case types.LiteralType():
                return info.values[0]
            case types.DateType():
                return (FIRST_DAY + timedelta(days=self._place % 40)).isoformat()
            case types.DateTimeType():
                return datetime(2026, 7, 6, 2, self._place % 60, tzinfo=UTC).isoformat().replace("+00:00", "Z")
            case types.UUIDType():
                return str(UUID(int=0x7000_0000_0000_8000_0000_0000_0000_0000 + self._place))
            case types.BoolType():
                return False
            case types.IntType():
                return 3
            case types.StrType():
                return TEXTS_WITH_A_FORM.get(name) or f"{name.replace('_', ' ')} {self._place}"
            case _:
                raise TypeError(f"a fact has a field {name} of a kind that no sample is known for: {info}")


@cache
def struct_info(kind: type[Any]) -> types.StructType:
    """Return what msgspec knows of a class."""
    info = types.type_info(kind)
    assert isinstance(info, types.StructType)
    return info


@cache
def parts_and_words(*kinds: type[FactPart]) -> tuple[dict[str, type[FactPart]], dict[str, type[StrEnum]]]:
    """Return the classes stored in these facts (all facts if none is named), and the enums whose words are stored."""
    parts: dict[str, type[FactPart]] = {}
    enums: dict[str, type[StrEnum]] = {}

    def look(info: types.Type | types.Field) -> None:
        match info:
            case types.Field():
                look(info.type)
            case types.UnionType() if is_text(info):
                pass
            case types.StructType():
                if info.cls.__name__ not in parts:
                    parts[info.cls.__name__] = cast("type[FactPart]", info.cls)
                    for field in info.fields:
                        look(field)
            case types.EnumType():
                enums[info.cls.__name__] = info.cls  # type: ignore[assignment]  # all of them are words
            case _:
                for name in ("item_type", "key_type", "value_type"):
                    if (inner := getattr(info, name, None)) is not None:
                        look(inner)
                for one in (*getattr(info, "types", ()), *getattr(info, "item_types", ())):
                    look(one)

    for kind in kinds or FACT_CLASSES.values():
        look(struct_info(kind))
    return parts, enums


def fields_of(kind: type[FactPart]) -> dict[str, str]:
    """Return the fields of a class with their types as text; `?` marks a field that may be left unsaid."""
    return {
        field.encode_name: ("" if field.required else "? ") + _type_text(field.type) + _default_text(field)
        for field in struct_info(kind).fields
    }


def _default_text(field: types.Field) -> str:
    """Return the default of a field, which no stored class may have: UNSET shows as no default at all."""
    return "" if field.default in (msgspec.NODEFAULT, msgspec.UNSET) else f" = {field.default!r}"


def _type_text(info: types.Type) -> str:
    match info:
        case types.UnionType() if is_text(info):
            return "text"
        case types.UnionType():
            return " | ".join(map(_type_text, info.types))
        case types.StructType() | types.EnumType():
            return str(info.cls.__name__)
        case types.VarTupleType():
            return f"[{_type_text(info.item_type)}]"
        case types.TupleType():
            return f"[{', '.join(map(_type_text, info.item_types))}]"
        case types.DictType():
            return f"{{{_type_text(info.key_type)}: {_type_text(info.value_type)}}}"
        case types.LiteralType():
            return f"literal {', '.join(map(str, info.values))}"
        case types.StrType() | types.IntType() | types.DateTimeType() | types.BytesType():
            return type(info).__name__.removesuffix("Type").lower() + _bounds_text(info)
        case _:
            return type(info).__name__.removesuffix("Type").lower()


def _bounds_text(info: types.Type) -> str:
    """Return the bounds of a type: what is stored out of them is refused, so they belong to the form."""
    bounds = [f"{name}={bound}" for name in info.__struct_fields__ if (bound := getattr(info, name)) is not None]
    return f"({', '.join(bounds)})" if bounds else ""


@cache
def present_fields() -> dict[str, dict[str, Any]]:
    """Return for every class and part its form and its fields."""
    parts, _ = parts_and_words()
    return {name: {"form": kind.class_version, "fields": fields_of(kind)} for name, kind in sorted(parts.items())}


def misread_fields(was: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Return the fields in which stored lines would be lost or misread: gone, of another type, or newly required."""
    return {
        name
        for name in was.keys() | now.keys()
        if now.get(name) != was.get(name) and (name in was or not now[name].startswith("? "))
    }


def grown_fields(known: dict[str, Any], present: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the frozen fields with the classes, forms and optional fields that are new. What is frozen stays."""
    grown = {name: dict(forms) for name, forms in known.items()}
    for name, now in present.items():
        forms, form = grown.setdefault(name, {}), str(now["form"])
        frozen = forms.get(form)
        joining = {field: kind for field, kind in now["fields"].items() if frozen is None or kind.startswith("? ")}
        forms[form] = {**joining, **(frozen or {})}
    return grown


@cache
def present_words() -> dict[str, list[str]]:
    """Return the words of every stored enum."""
    _, enums = parts_and_words()
    return {name: [member.value for member in enum] for name, enum in sorted(enums.items())}


def present_unsaid() -> dict[str, str]:
    """Return what silence is read as, by the names of `domain.unsaid`."""
    return {name: repr(getattr(unsaid, name)) for name in sorted(vars(unsaid)) if name.isupper()}


def walk(
    info: types.Type | types.Field, state: Any, owner: str = "", field: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield class, field and word of everything in a state; the word is empty for what is no word of an enum.

    The word of a sealed text is "(sealed)".
    """
    match info:
        case types.StructType():
            known = {one.encode_name: one for one in info.fields}
            for name, value in state.items():
                yield info.cls.__name__, name, ""
                yield from walk(known[name].type, value, info.cls.__name__, name)
        case types.EnumType():
            yield owner, field, state
        case types.UnionType() if is_text(info):
            if not isinstance(state, str):
                yield owner, field, "(sealed)"
        case types.UnionType():
            yield from walk(info.types[0], state, owner, field)
        case types.VarTupleType():
            for value in state:
                yield from walk(info.item_type, value, owner, field)
        case _:
            pass


@cache
def samples() -> tuple[tuple[str, Any], ...]:
    """Return the states that must have a line: topic and state."""
    return tuple(_samples())


def _samples() -> Iterator[tuple[str, Any]]:
    for topic, kind in FACT_CLASSES.items():
        info = struct_info(kind)
        yield topic, Sample(topic, only_required=True).of(info, "")
        yield topic, Sample(topic).of(info, "")
        yield topic, Sample(topic, is_sealed=True).of(info, "")
        for enum in parts_and_words(kind)[1].values():
            for member in enum:
                yield topic, Sample(topic, words={enum: member.value}).of(info, "")


def seen(lines: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Return class, field and word of everything that has a line."""
    return {one for line in lines for one in walk(struct_info(FACT_CLASSES[line["topic"]]), line["state"])}


def _shape(line: dict[str, Any]) -> tuple[str, frozenset[str]]:
    return line["topic"], frozenset(line["state"])


def missing(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines to add: for every field, and for every word in every field, that has none yet."""
    known, shapes = seen(lines), {_shape(line) for line in lines}
    added: list[dict[str, Any]] = []
    for topic, state in samples():
        line = {"topic": topic, "state": state}
        news = seen([line])
        if _shape(line) not in shapes or not news <= known:
            known |= news
            shapes.add(_shape(line))
            added.append(line)
    return added


def main() -> None:
    """Add what is new to the frozen files."""
    path = FOLDER / "events.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open("a", encoding="utf-8") as file:
        for line in missing(lines):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    presents: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("fields", present_fields()),
        ("words", present_words()),
        ("unsaid", present_unsaid()),
    )
    for name, present in presents:
        frozen = FOLDER / f"{name}.json"
        known: dict[str, Any] = json.loads(frozen.read_text(encoding="utf-8")) if frozen.exists() else {}
        grown = grown_fields(known, present) if name == "fields" else {**present, **known}
        if name == "words":  # words may join at any place, and none goes
            grown = {enum: [*known.get(enum, []), *(w for w in present.get(enum, []) if w not in known.get(enum, []))]
                     for enum in {**known, **present}}  # fmt: skip
        frozen.write_text(json.dumps(grown, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
