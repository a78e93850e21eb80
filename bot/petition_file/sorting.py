"""What each line of a plain petition page is: title, addressee, sponsor, background, letter, or unplaced."""

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from bot.petition_file.front_matter import shown
from bot.petition_file.labels import Kind, Label, is_salutation, is_signers_place, label_of, looks_like_name
from bot.petition_file.problem import Report
from bot.words import petition_file as said


class Line(Struct, frozen=True):
    """A line of the page, counted from 1, and its label if it has one."""

    number: int
    text: str
    label: Label | None = None


class Parts(Struct, frozen=True):
    """What the page says. Prose keeps its empty lines; None is what it does not say."""

    title: Line | None
    to: Line | None
    slug: Line | None
    sponsors: tuple[str, ...] | None
    background: tuple[Line, ...]
    letter: tuple[Line, ...] | None


def sort_page(text: str, report: Report) -> Parts:
    """Sort the lines of a page, reporting what was understood and what could not be placed."""
    lines = (line.strip() for line in text.split("\n"))
    page = _Page([Line(number, line, label_of(line)) for number, line in enumerate(lines, start=1)], report)
    title, slug = page.title(), page.slug()
    sponsors = page.sponsors()
    to = page.addressee()
    start = page.letter_start()
    page.take_repeated_addressee(to)
    page.take_signers_places()
    start = page.salutation_after(start)
    background = page.prose(0, len(page.lines) if start is None else start)
    letter = None if start is None else page.prose(start, len(page.lines))
    page.tell_what_stays(letter or ())
    return Parts(title, to, slug, sponsors, background, letter)


_HEADING_MARKS = re.compile(r"#{1,6}\s+")
_BULLET = re.compile(r"[-*•·–]\s+")
UNPLACED_TOLD = 5


class _Page(Struct):
    lines: list[Line]
    report: Report
    taken: set[int] = field(default_factory=set)
    to_at: int | None = None

    def free(self, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Where there is text that nothing has taken yet."""
        stop = len(self.lines) if end is None else end
        return (at for at in range(start, stop) if at not in self.taken and self.lines[at].text)

    def prose(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines of a range, those taken as empty ones."""
        free = set(self.free(start, end))
        return tuple(
            line if at in free else replace(line, text="")
            for at, line in enumerate(self.lines[start:end], start=start)
        )

    def labelled(self, kind: Kind) -> Iterator[tuple[int, Label]]:
        for at, line in enumerate(self.lines):
            if line.label and line.label.kind is kind and at not in self.taken:
                yield at, line.label

    def title(self) -> Line | None:
        """The first line, unless it has a label of another kind."""
        at = next(self.free(), 0)
        line = self.lines[at]
        if line.label and line.label.kind is not Kind.TITLE:
            return None
        self.taken.add(at)
        text = line.label.rest if line.label else _HEADING_MARKS.sub("", line.text, count=1)
        return replace(line, text=text)

    def slug(self) -> Line | None:
        for at, label in self.labelled(Kind.SLUG):
            self.taken.add(at)
            return replace(self.lines[at], text=label.rest)
        return None

    def addressee(self) -> Line | None:
        """What the first `To:` says, on its line or on the lines right below it."""
        for at, label in self.labelled(Kind.TO):
            self.to_at = at
            below = self._names_below(at)
            after = at + 1 + len(below)
            next_label = self.lines[after].label if after < len(self.lines) else None
            if label.rest and not (next_label and next_label.kind is Kind.FROM):
                below = []
            self.taken.update(range(at, at + 1 + len(below)))
            return replace(self.lines[at], text=", ".join(filter(None, [label.rest, *below])))
        return None

    def sponsors(self) -> tuple[str, ...] | None:
        """Who is named behind each `Sponsored by`; None where the page has no such line."""
        found = list(self.labelled(Kind.SPONSORS))
        names: list[str] = []
        for at, label in found:
            self.taken.add(at)
            listed = [label.rest] if label.rest else []
            listed += self._sponsors_below(at)
            if not listed:
                self.report.note(self.lines[at].number, said.NO_SPONSORS_NAMED)
            names += _names(listed)
        return tuple(dict.fromkeys(names)) if found else None

    def _sponsors_below(self, at: int) -> list[str]:
        """The names below: up to `To:` if that follows, or else on the next lines."""
        header = next((to for to, _ in self.labelled(Kind.TO) if to > at), None)
        if header is None:
            below = self._names_below(at)
            self.taken.update(range(at, at + 1 + len(below)))
            return below
        between = [place for place in self.free(at + 1, header) if self.lines[place].label is None]
        self.taken.update(between)
        lines = [self.lines[place] for place in between]
        unplaced = [line for line in lines if not looks_like_name(line.text)]
        for line in unplaced[:UNPLACED_TOLD]:
            self.report.error(line.number, said.UNPLACED, text=shown(line.text))
        return [line.text for line in lines if line not in unplaced]

    def _names_below(self, at: int) -> list[str]:
        """The names that stand on the lines right below, without an empty line between."""
        names: list[str] = []
        for line in self.lines[at + 1 :]:
            if not line.text or line.label or not looks_like_name(line.text):
                break
            names.append(line.text)
        return names

    def letter_start(self) -> int | None:
        """Where the letter begins: below its heading, or below `To:` and `From:`."""
        for at, _ in self.labelled(Kind.LETTER):
            self.taken.add(at)
            return at + 1
        starts = [] if self.to_at is None else [self.to_at + 1]
        for at, label in self.labelled(Kind.FROM):
            beside_to = self.to_at is not None and not list(self.free(*sorted((self.to_at, at))))
            if (beside_to or _is_place(label.rest)) and any(self.free(at + 1)):
                self._take_from(at, label)
                starts.append(at + 1)
                break
        return max(starts, default=None)

    def take_signers_places(self) -> None:
        """Take each `From: [Your Name]`, and a `[Your Name]` on the last line."""
        for at, label in list(self.labelled(Kind.FROM)):
            if _is_place(label.rest):
                self._take_from(at, label)
        last = max(self.free(), default=None)
        if last is not None and is_signers_place(self.lines[last].text):
            self.taken.add(last)
            self.report.note(self.lines[last].number, said.SIGNERS_PLACE, text=self.lines[last].text)

    def _take_from(self, at: int, label: Label) -> None:
        self.taken.add(at)
        message = said.SIGNERS_PLACE if _is_place(label.rest) else said.FROM_LEFT_OUT
        self.report.note(self.lines[at].number, message, text=shown(self.lines[at].text))

    def take_repeated_addressee(self, to: Line | None) -> None:
        """Take the line below the title where it only says again whom the petition is addressed to."""
        first = next(self.free(0, self.to_at), None)
        if to is None or first is None or self.lines[first].label:
            return
        if _folded(self.lines[first].text) == _folded(to.text):
            self.taken.add(first)
            self.report.note(self.lines[first].number, said.ADDRESSEE_AGAIN, to=shown(to.text))

    def salutation_after(self, start: int | None) -> int | None:
        """Where the letter begins if the background stands below `To:` instead of above it."""
        if start is None or any(self.free(0, start)):
            return start
        below = [at for at in self.free(start) if is_salutation(self.lines[at].text)]
        return below[0] if below else start

    def tell_what_stays(self, letter: tuple[Line, ...]) -> None:
        """Tell of lines in the letter that could have meant something else."""
        for line in letter:
            if line.text and line.label and line.label.kind in {Kind.TO, Kind.FROM}:
                self.report.note(line.number, said.KEPT_IN_LETTER, text=shown(line.text))
            elif any(is_signers_place(found[0]) for found in _BRACKETED.finditer(line.text)):
                self.report.note(line.number, said.PLACE_IN_LETTER)


_BRACKETED = re.compile(r"\[[^\[\]]{1,100}\]")


def _is_place(text: str) -> bool:
    return not text or is_signers_place(text)


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("&", "and").split()).rstrip(".")


def _names(lines: list[str]) -> list[str]:
    """One name a line, or several on one line."""
    names = [_BULLET.sub("", line, count=1) for line in lines]
    if len(names) == 1:
        names = re.split(r"\s*[,;]\s+(?!(?:Inc|Ltd|Co|Corp|A\.C|S\.A)\b)", names[0])
    return [name for name in names if name]
