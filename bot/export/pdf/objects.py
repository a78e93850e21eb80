"""A PDF file as its objects (ISO 32000-1, 7.3 and 7.5), written one after the other and never read again."""

import zlib
from datetime import datetime
from typing import IO

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """Writes objects to `out`, which is only ever appended to."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._at = 0
        self._places: list[int] = []  # of object 1, 2, …; 0 where it is not written yet
        self._write(_HEAD)

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.append(0)
        return len(self._places)

    def write(self, body: str, number: int | None = None) -> int:
        """Write an object; its number, a new one unless it was reserved."""
        return self._object(body.encode("ascii"), number)

    def stream(self, data: bytes, number: int | None = None, extra: str = "") -> int:
        """Write a compressed stream. `extra` are further entries of its dictionary."""
        packed = zlib.compress(data, 6)
        head = f"<</Length {len(packed)}/Filter/FlateDecode{extra}>>\nstream\n"
        return self._object(head.encode("ascii") + packed + b"\nendstream", number)

    def finish(self, root: int, info: int, file_id: str) -> None:
        """Write the table of all objects, and where reading begins. `file_id` is hex."""
        start = self._at
        table = "".join(f"{place:010} 00000 n \n" for place in self._places)
        size = len(self._places) + 1
        self._write(f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode())
        trailer = f"<</Size {size}/Root {ref(root)}/Info {ref(info)}/ID[<{file_id}><{file_id}>]>>"
        self._write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())

    def _object(self, body: bytes, number: int | None) -> int:
        number = number or self.reserve()
        self._places[number - 1] = self._at
        self._write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
        return number

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def ref(number: int) -> str:
    """A reference to an object."""
    return f"{number} 0 R"


def text(value: str) -> str:
    """A text string: UTF-16 with its mark, in hex."""
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


def date(at: datetime) -> str:
    """An instant (aware, UTC)."""
    return f"(D:{at:%Y%m%d%H%M%S}Z)"


def real(value: float) -> str:
    """A number, as exact as a page needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
