"""Holds every refusal of the domain: its code and its sentences in Vietnamese and English, in one file a step of life.

A new refusal is one entry in one of these tables: `raise Refused(TheTable.THE_CODE, name=value)` follows at once. The
how-to is docs/how-to/add-a-refusal.md.
"""
