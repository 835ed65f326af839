"""What a reader is told, in Vietnamese and English."""

from typing import Literal, TypedDict

Language = Literal["vi", "en"]


class Words(TypedDict):
    vi: str
    en: str


def words(vi: str, en: str) -> Words:
    return {"vi": vi, "en": en}
