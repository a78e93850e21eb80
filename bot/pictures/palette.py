"""The colours of pictures: ink on paper, which keep apart on a light and on a dark page alike."""

PAPER = "#f7f4ed"
EDGE = "#d8d1c2"  # around the paper, so that it ends somewhere on a white page
TRACK = "#d8d1c2"  # what is still to be reached
INK = "#1b2230"
QUIET = "#515b6b"
SEAL = "#1f4e8f"  # the ink of signatures
WASH = "#d3dbe4"  # a thin layer of it

_LINEAR_BELOW = 0.04045


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it. Text needs 4.5, signs 3."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)
