"""A document in Discord's markdown. Pure. Text is escaped here and nowhere else.

A backslash before a punctuation mark makes Discord show the mark itself, so every mark that could begin something
(a style, a mention, a link, an emoji, a timestamp, a quote) gets one, and those that do so only where a line
begins get it there. A colon before a space begins nothing, nor does the `@` of an address: they are left to be read.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.document import (
    Block,
    Code,
    Facts,
    Heading,
    Inline,
    Listing,
    Moment,
    Paragraph,
    Progress,
    Quote,
    Rule,
    Span,
    colon,
)
from bot.words.catalog import Words

BAR = 16
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_STYLING, _MENTIONING = r"\\*_~|`<>\[\]#", r":(?!\s)|@(?=everyone|here|silent|\Z)"
_UNSHOWABLE = re.compile(f"[{_HIDDEN}]")
_MARKS = re.compile(rf"[{_STYLING}]|{_MENTIONING}")
_EITHER = re.compile(rf"[{_HIDDEN}{_STYLING}]|{_MENTIONING}")
_LEADING = re.compile(r"^([^\S\n]*)(\d+(?=[.)])|(?=[-+]))", re.MULTILINE)
_OUTER_SPACE = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_STYLES = {"date": "D", "time": "t", "datetime": "f", "relative": "R"}
_NO_GAP = "\u200b"  # between marks that would read as one


def escaped(text: str) -> str:
    """Markdown that shows `text` and nothing else. Control characters become `�`."""
    if not (_EITHER.search(text) or _LEADING.search(text)):
        return text
    return _LEADING.sub(r"\1\2\\", _MARKS.sub(r"\\\g<0>", _UNSHOWABLE.sub("�", text)))


def markdown(blocks: Iterable[Block], t: Words) -> str:
    """Blocks as markdown, parted by empty lines; a heading stands close to what it is about."""
    return "".join(_joined(blocks, t)).strip("\n")


def _joined(blocks: Iterable[Block], t: Words) -> Iterator[str]:
    for block in blocks:
        if text := _block(block, t):
            yield text + ("\n" if isinstance(block, Heading) else "\n\n")


def _block(block: Block, t: Words) -> str:
    match block:
        case Heading(inlines, level):
            return _prefixed("#" * min(level + 1, 3) + " ", _text(inlines).replace("\n", " "))
        case Paragraph(inlines, quiet):
            return _prefixed("-# " if quiet else "", _text(inlines))
        case Quote(quoted):
            return _prefixed("> ", markdown(_flat(quoted), t), empty=True)
        case Listing(items, start):
            marks = ("- " if start is None else f"{start + at}. " for at in range(len(items)))
            return "\n".join(_item(mark, item, t) for mark, item in zip(marks, items, strict=False))
        case Code(code):
            inside = _UNSHOWABLE.sub("�", code).replace("```", f"``{_NO_GAP}`")
            return f"```\n{inside or ' '}\n```"
        case Progress():
            return _bar(block, t)
        case Facts(facts):
            return "\n".join(f"{_label(fact.label)} {_text(fact.value)}" for fact in facts)
        case Rule():
            return "⸻"


@lru_cache(maxsize=256)
def _label(label: str) -> str:
    """Kept: labels are words of ours, or of a petition."""
    return f"**{escaped(label)}{colon(label)}**"


def _prefixed(mark: str, text: str, *, empty: bool = False) -> str:
    """`mark` before each line; a line without text stays empty unless it is to have one too."""
    return (
        "\n".join(mark + line if empty or line.strip() else "" for line in text.split("\n")) if text else ""
    )


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Without quotes in quotes, which Discord does not know."""
    for block in blocks:
        yield from _flat(block.blocks) if isinstance(block, Quote) else (block,)


def _item(mark: str, item: tuple[Block, ...], t: Words) -> str:
    lines = [line for line in markdown(item, t).split("\n") if line]
    return mark + ("\n" + " " * len(mark)).join(lines)


def _bar(progress: Progress, t: Words) -> str:
    full, done, goal = progress.full(BAR), t.value(progress.done), t.value(progress.goal)
    return f"{'▰' * full}{'▱' * (BAR - full)} {done} / {goal} ({t.percent(progress.percent)})"


def _text(inlines: Iterable[Inline]) -> str:
    text = ""
    for inline in inlines:
        styled = _moment(inline) if isinstance(inline, Moment) else _span(inline)
        touching = text[-1:] in ("*", "~", "`") and styled[:1] in ("*", "~", "`")
        text += _NO_GAP + styled if touching else styled
    return text


def _moment(moment: Moment) -> str:
    return f"<t:{int(moment.at.timestamp())}:{_STYLES[moment.style]}>"


def _span(span: Span) -> str:
    if not span.text.strip():
        return span.text
    text = _code(span.text) if span.code else escaped(span.text)
    for worn, mark in ((span.strike, "~~"), (span.bold, "**"), (span.italic, "*")):
        text = _around(mark, text, mark) if worn else text
    return text if span.href is None else _link(text, span.text, span.href)


def _around(before: str, text: str, after: str) -> str:
    """Marks close to the text: one beside a space would be read as a plain character."""
    space, inner, rest = _OUTER_SPACE.fullmatch(text).groups()  # type: ignore[union-attr]  # matches any text
    return f"{space}{before}{inner}{after}{rest}"


def _code(text: str) -> str:
    """Nothing is special in code but its fence: two marks where one is within, and never three in a row.

    Where a mark is at an end, Discord drops one space between it and the fence.
    """
    text = re.sub("`(?=`)", f"`{_NO_GAP}", _UNSHOWABLE.sub("�", text).replace("\n", " "))
    fence = "``" if "`" in text else "`"
    before, after = " " * bool(re.match(" *`", text)), " " * bool(re.search("` *$", text))
    return f"{fence}{before}{text}{after}{fence}"


def _link(label: str, text: str, href: str) -> str:
    """A link that says where it leads, unless its text is the address itself. Nothing is unfurled."""
    address = href.replace("(", "%28").replace(")", "%29").replace("*", "%2A")
    if not address.startswith(("https://", "http://")):
        return label if text in href else f"{label} ({escaped(href)})"
    if text == href:
        return f"<{address}>"
    return f"{label} (<{address}>)" if "://" in text else _around("[", label, f"](<{address}>)")
