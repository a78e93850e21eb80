"""One request of the bot, however it was encoded: query string, form, multipart or JSON."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .world import bad


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes
    mime: str


@dataclass(eq=False, slots=True)
class Call:
    """A call and, once it is done, what was answered."""

    method: str
    params: dict[str, Any]
    uploads: dict[str, Upload]
    at: float
    answer: dict[str, Any] = field(default_factory=dict)
    status: int | None = None  # None: no answer yet, or the connection was dropped

    @classmethod
    async def read(cls, request: web.Request, at: float) -> "Call":
        params: dict[str, Any] = dict(request.query)
        uploads = {}
        if request.content_type == "application/json":
            params |= json.loads(await request.read() or b"{}")
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
                    value.file.close()
                else:
                    params[name] = value
        return cls(request.match_info["method"], params, uploads, at)

    def data(self, name: str) -> Any:
        """A parameter that is JSON: an object, an array, a number, a flag."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    def field(self, name: str) -> Any:
        """A parameter as text where it is one, else as JSON; made to be passed as a function."""
        return self.data(name) if name.endswith(("entities", "options")) else self.text(name)

    def text(self, name: str) -> str:
        value = self.params.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        value = self.params.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"{name} is not a valid Integer") from None

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    @property
    def chat_id(self) -> str:
        return self.text("chat_id")

    def __repr__(self) -> str:
        return f"<{self.method} {self.params} -> {self.status}>"
