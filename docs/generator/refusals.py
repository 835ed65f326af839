"""Renders the reference page of refusals: every code with its sentences in both languages."""

from importlib import import_module
from pkgutil import iter_modules

import domain.refusals
import service.commands.refusals
import service.event_store.continuity
import service.event_store.damage  # noqa: F401 - their tables are some of them
from docs.generator.markdown import docstring_of, join_blocks, render_page, render_table
from domain.refusals.code import Instead, RefusalCode

_REFUSALS_HEAD = """\
Everything that a rule may answer in place of an event. A problem document (409, or 403 for roles) has the `code`, the
`values`, and `says` and `instead` in both languages; the command line prints them, Vietnamese first. A code is never
renamed. What is wrong with a file is told as its parser tells it, in English in both sentences. How to make one:
[add a refusal](../how-to/add-a-refusal.md)."""
_WITHOUT_INSTEAD = {Instead.SAID: "(said)", Instead.NOTHING: "nothing"}


def refusals_page() -> str:
    for module in iter_modules(domain.refusals.__path__):
        import_module(f"domain.refusals.{module.name}")
    tables = sorted(RefusalCode.__subclasses__(), key=lambda table: table.__name__)
    return render_page("Refusals", _REFUSALS_HEAD, *(_table_section(table) for table in tables))


def _table_section(table: type[RefusalCode]) -> str:
    rows = [(f"`{code.code}`", *_sentences(code)) for code in table]
    return join_blocks(
        f"## {table.__name__}",
        docstring_of(table),
        render_table(("code", "Vietnamese", "English", "instead"), rows),
    )


def _sentences(code: RefusalCode) -> tuple[str, str, str]:
    instead = code.value.instead
    further = _WITHOUT_INSTEAD[instead] if isinstance(instead, Instead) else f"{instead['vi']} · {instead['en']}"
    return code.sentence("vi"), code.sentence("en"), further
