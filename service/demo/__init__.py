"""A made-up province, so that somebody who looks for the first time finds something to look at.

Units, officers and petitioners are invented and say so in their names. Its dialogue conferences of the first nine
months of 2022 are as many as a real province reported for that time: 287, of them 2 of the province, 26 of districts
and 259 of communes.
"""

from service.demo.loading import Loaded, is_begun, is_complete, load
from service.demo.province import FIRST_TO_ASK, officer_named

__all__ = ["FIRST_TO_ASK", "Loaded", "is_begun", "is_complete", "load", "officer_named"]
