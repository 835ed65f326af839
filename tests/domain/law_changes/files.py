"""Holds files of a change of law, as a site writes them."""

HOLIDAY = """
version = "VD-2026.2"
[[change]]
source = "Thông báo 15/TB-UBND"
[change.days_off]
2026-07-13 = "Nghỉ bù (ví dụ)"
2026-08-10 = "Nghỉ bù (ví dụ)"
"""
"""Two Mondays off: one lies in the triage of a petition of 6 July, the other ends a settlement of 30 days from 9 July.
"""

SATURDAY = """
version = "VD-2026.3"
[[change]]
source = "Thông báo 16/TB-UBND"
[change.days_worked]
2026-07-11 = "Làm bù (ví dụ)"
"""

SHORTER = """
[[policy]]
id = "complaint-settlement"
version = 1
kind = "complaint"
stage = "settlement"
region = "normal"
complexity = "normal"
limit = "30cd"
in_force_from = 2012-07-01
in_force_to = 2026-07-31
trigger = "acceptance"
legal_source = "Điều 28 Luật Khiếu nại số 02/2011/QH13"
verified = true

[[policy]]
id = "complaint-settlement"
version = 2
kind = "complaint"
stage = "settlement"
region = "normal"
complexity = "normal"
limit = "20cd"
in_force_from = 2026-08-01
trigger = "acceptance"
legal_source = "Luật ví dụ, Điều 1"
verified = false
"""
EARLIER = SHORTER.replace("2026-07-31", "2026-06-30").replace("2026-08-01", "2026-07-01")
"""Rules in force before the petitions of July were accepted."""

ANSWERS = """
[[policy]]
id = "vi-du-proposal-settlement"
version = 1
kind = "proposal_or_feedback"
stage = "settlement"
limit = "20wd"
in_force_from = 2026-07-01
trigger = "assignment"
legal_source = "Quyết định 00/2026/QĐ-UBND (ví dụ), Điều 7"
verified = true
"""
"""Limit of a province for the answer to a proposal, for which there is no national rule."""
