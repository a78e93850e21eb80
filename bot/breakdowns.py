"""Why a platform broke off, for whoever runs the bot: what happened, where, and what to do.

What an exception says may quote what people wrote, or a web address with a token in it. So of each only its kind is
told, with what the system or the platform's protocol says by number; what the system itself says is told in its words.
"""

from bot.log import causes, places

_MOST = 200
_NETWORK = "Look at the network, the firewall and the platform's api_url; it is tried again by itself"
_PLATFORM = "The platform has trouble of its own; it is tried again by itself"
_OTHER = "See: undersigned check. If that finds nothing, please report it with its 'at' lines"


def described(error: BaseException) -> dict[str, object]:
    """Its reason and a remedy, and the places that it came through where nobody but a programmer can help."""
    chain = list(causes(error))
    reason = ", from ".join(map(_said, chain))
    if any(isinstance(each, OSError) for each in chain):  # timeouts and refused connections are such
        return {"reason": reason, "remedy": _NETWORK}
    if any(_number(each, "status") >= 500 for each in chain):  # noqa: PLR2004 - HTTP: the server's own fault
        return {"reason": reason, "remedy": _PLATFORM}
    return {"reason": reason, "remedy": _OTHER, "at": places(error)}


def _said(error: BaseException) -> str:
    details = [f"{name} {number}" for name in ("status", "code") if (number := _number(error, name))]
    if isinstance(error, OSError) and error.strerror:
        details.append(error.strerror[:_MOST])
    return type(error).__name__ + (f" ({', '.join(details)})" if details else "")


def _number(error: BaseException, name: str) -> int:
    value = getattr(error, name, 0)
    return value if isinstance(value, int) else 0
