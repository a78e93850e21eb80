"""Fonts for every living script, and which of them a text needs: for pictures, and for the letter as PDF.

The files are Noto's, under the SIL Open Font License (`files/OFL.txt`); `files/README.md` says where each comes from
and how it was cut. They are TrueType outlines without variations, which every renderer reads.
"""

from bot.fonts.catalogue import FontFile, search_order
from bot.fonts.display import clusters, display
from bot.fonts.runs import Paragraph, Run, font_for, is_covered, paragraph

__all__ = [
    "FontFile",
    "Paragraph",
    "Run",
    "clusters",
    "display",
    "font_for",
    "is_covered",
    "paragraph",
    "search_order",
]
