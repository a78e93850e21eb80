"""What an export is asked to hold: in which format, for whom, of which status."""

from enum import StrEnum

from msgspec import Struct

from bot.model.petition import Reach
from bot.model.roster import Wanted
from bot.model.signature import Status


class Format(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PDF = "pdf"


class Audience(StrEnum):
    """Who will read it. A name goes into a file only if its signer's reach includes these readers."""

    ORGANISERS = "organisers"
    ADDRESSEE = "addressee"
    PUBLIC = "public"


REACHES = {
    Audience.ORGANISERS: frozenset(Reach),
    Audience.ADDRESSEE: frozenset({Reach.ADDRESSEE, Reach.EVERYONE}),
    Audience.PUBLIC: frozenset({Reach.EVERYONE}),
}


class RequestRefused(ValueError):  # noqa: N818  an answer to whoever asked, not an error of the program
    """This combination is not on offer; the text says why and what is."""


class Request(Struct, frozen=True):
    """One export. Raises RequestRefused for what would say more than its readers may know."""

    format: Format
    audience: Audience
    status: Status = Status.COUNTED

    def __post_init__(self) -> None:
        if self.format is Format.PDF and self.audience is Audience.ORGANISERS:
            raise RequestRefused(
                "A PDF is the packet that is handed over: it is for the addressee or for the public. "
                "Lists with everything in them are csv, xlsx and jsonl."
            )
        if self.status is not Status.COUNTED and self.audience is not Audience.ORGANISERS:
            raise RequestRefused(
                f"Signatures that are {self.status} are in no list for others: they are for the organisers."
            )

    @property
    def wanted(self) -> Wanted:
        """Which signatures. Only organisers see an order that comes from when people signed."""
        return Wanted(
            status=self.status,
            reaches=REACHES[self.audience],
            by_name=self.audience is not Audience.ORGANISERS,
        )
