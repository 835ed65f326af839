"""Holds the units: departments, commissions and People's Committees that lead, coordinate and answer."""
