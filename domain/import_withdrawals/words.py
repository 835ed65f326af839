"""Defines the stored words of withdrawals of imports."""

from enum import StrEnum


class WithdrawalMode(StrEnum):
    """Says what becomes of cases that somebody worked on since the import. A stored word is never renamed."""

    WHOLE = "whole"  # one of them refuses the withdrawal
    UNTOUCHED = "untouched"  # they stay; all others are withdrawn
