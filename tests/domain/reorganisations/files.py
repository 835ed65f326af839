"""Holds a reorganisation as an office writes it: a district that ends, and three communes that succeed it."""

TWO_LEVELS = """
title = "Chính quyền địa phương hai cấp (ví dụ)"
instrument = "Luật 72/2025/QH15; 01/NQ-HĐND"
on = 2025-07-01

[[open]]
unit = "xa-mau-3"
name = "Ủy ban nhân dân xã Mẫu Ba"
level = "commune"
branch = "peoples_committee"
parent = "tinh"

[[move]]
from = "huyen"
to = ["xa-mau-1", "xa-mau-2", "xa-mau-3"]
[move.places]
"Xã Mẫu Hai" = "xa-mau-2"
"xã Mẫu Ba" = "xa-mau-3"
"xã Mẫu Ba Mới" = "xa-mau-1"

[[move]]
from = "phong-huyen"
to = ["phong-xa"]

[[place]]
unit = "xa-mau-1"
parent = "tinh"
"""
