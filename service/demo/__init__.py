"""Loads a made-up province, so that a first visitor finds something to look at.

Units, officers and petitioners are invented and say so in their names. Its dialogue conferences of the first nine
months of 2022 are as many as a real province reported for that time: 287, of them 2 of the province, 26 of districts
and 259 of communes.
"""

from service.demo.loading import LoadedProvince, is_province_begun, is_province_complete, load_province
from service.demo.province import FIRST_VISITOR, demo_officer

__all__ = [
    "FIRST_VISITOR",
    "LoadedProvince",
    "demo_officer",
    "is_province_begun",
    "is_province_complete",
    "load_province",
]
