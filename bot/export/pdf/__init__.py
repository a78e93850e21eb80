"""The packet that is handed over, as PDF: written page by page, so that memory does not grow with the list.

Lines are shaped by HarfBuzz in the fonts of `bot.fonts`, and glyphs are set by their numbers; each line that is not
plain also carries its characters (ActualText), so that what is read out, searched or copied is what was written.
"""
