"""Renders the reference page of endings: what may end each kind of petition at each stage, and by which article."""

from datetime import date

from docs.generator.markdown import join_blocks, render_page, render_table
from domain.endings.table import ENDING_RULES, Basis, EndingRule, endings_of, name_of_ending
from domain.endings.words import ENDING_LABELS, GROUND_LABELS, PetitionEnding
from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.stored_words.table import STORED_WORDS
from domain.vocabulary import PetitionKind, Stage

_ENDINGS_HEAD = """\
From [domain/endings/table.py](../../domain/endings/table.py), which every rule that ends a petition asks. A kind that
an ending does not list has no such ending: the command is refused at every door. Further conditions of single commands
(a withdrawal was asked for, the limit has passed, a meeting was held) stand in [domain/rules](../../domain/rules).

**Do not rely on a row that is not verified**: somebody must still compare it with the official text
([what verified means](../explanation/what-is-verified.md)). Where no article is known, the ending is a rule of this
program. An import brings one ending alone, the written answer, which every kind has."""

_KINDS: tuple[tuple[PetitionKind | None, BilingualText], ...] = (
    (None, _("chưa phân loại", "not classified")),
    *(
        (kind, STORED_WORDS["PetitionKind"][kind])
        for kind in (PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION)
    ),
)


def endings_page() -> str:
    return render_page(
        "Endings",
        _ENDINGS_HEAD,
        "## By stage and kind",
        render_table(("stage", *(_in_both(words) for _kind, words in _KINDS)), _rows_by_stage()),
        "## By ending\n\nWhile letters are linked to an open petition as duplicates, only what answers everybody ends"
        " it: before another ending their links are undone.",
        *(_ending_section(ending, rule) for ending, rule in ENDING_RULES.items()),
    )


def _rows_by_stage() -> list[tuple[str, ...]]:
    stages = [stage for stage in Stage if any(endings_of(kind, stage) for kind, _words in _KINDS)]
    return [
        (
            _in_both(STORED_WORDS["Stage"][stage]),
            *("; ".join(name_of_ending(one, kind)["vi"] for one in endings_of(kind, stage)) for kind, _words in _KINDS),
        )
        for stage in stages
    ]


def _ending_section(ending: PetitionEnding, rule: EndingRule) -> str:
    stages = ", ".join(_in_both(STORED_WORDS["Stage"][stage]) for stage in Stage if stage in rule.stages)
    answers = "It answers everybody." if rule.answers else ""
    rows = [
        (_in_both(words), *_basis_in_words(ending, kind, rule.by_kind[kind]))
        for kind, words in _KINDS
        if kind in rule.by_kind
    ]
    return join_blocks(
        f"### {_in_both(ENDING_LABELS[ending])}",
        f"Stages: {stages}. {answers}".strip(),
        render_table(("kind", "called", "article", "verified", "since", "grounds"), rows),
    )


def _basis_in_words(ending: PetitionEnding, kind: PetitionKind | None, basis: Basis) -> tuple[str, str, str, str, str]:
    grounds = "<br>".join(f"`{ground}` {GROUND_LABELS[ground]['vi']}" for ground in basis.grounds)
    return (
        name_of_ending(ending, kind)["vi"],
        basis.source or "none known",
        "yes" if basis.verified else "**no**",
        "" if basis.since == date.min else basis.since.isoformat(),
        grounds,
    )


def _in_both(words: BilingualText) -> str:
    return f"{words['vi']} ({words['en']})"
