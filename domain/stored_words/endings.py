"""Holds the words of endings and their grounds, by their names as every other enumeration has them."""

from collections.abc import Mapping

from domain.endings.words import ENDING_LABELS, GROUND_LABELS
from domain.labels import BilingualText

ENDING_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "PetitionEnding": {ending.value: words for ending, words in ENDING_LABELS.items()},
    "Ground": {ground.value: words for ground, words in GROUND_LABELS.items()},
}
