"""Updates, presses, inline queries. Each public function is one method of the Bot API."""

import re
from typing import TYPE_CHECKING

from .call import Call
from .content import checked_markup, text_content
from .people import InlineResult, InlineResults
from .world import Json, bad

if TYPE_CHECKING:
    from .state import State

_EXPIRED = "query is too old and response timeout expired or query ID is invalid"
_LIFETIME = 900  # seconds that a press waits for its answer
_RESULTS, _ALERT = 50, 200


async def get_updates(server: "State", call: Call) -> list[Json]:
    server.updates.allow(call.data("allowed_updates"))
    offset, limit = call.number("offset"), call.number("limit", 100)
    return await server.updates.poll(offset, limit, call.number("timeout"))


def set_webhook(server: "State", call: Call) -> bool:
    server.updates.allow(call.data("allowed_updates"))
    server.updates.set_webhook(
        call.text("url"),
        call.text("secret_token"),
        call.number("max_connections"),
        drop=call.flag("drop_pending_updates"),
    )
    return True


def delete_webhook(server: "State", call: Call) -> bool:
    server.updates.set_webhook("", "", 0, drop=call.flag("drop_pending_updates"))
    return True


def get_webhook_info(server: "State", call: Call) -> Json:
    return server.updates.webhook_info()


def answer_callback_query(server: "State", call: Call) -> bool:
    press = server.presses.get(call.text("callback_query_id"))
    if not press or press.expired or server.clock() - press.at > _LIFETIME:
        if press:
            press.refused += 1
        raise bad(_EXPIRED)
    if len(call.text("text")) > _ALERT:
        raise bad("MESSAGE_TOO_LONG")
    url = call.text("url")
    if url and not re.match(rf"(https://)?t\.me/{server.bot.username}\?start=|tg://", url):
        raise bad("URL_INVALID")
    press.answers.append({"text": call.text("text"), "alert": call.flag("show_alert"), "url": url or None})
    if press.message:
        server.changed(press.message.chat)
    return True


def answer_inline_query(server: "State", call: Call) -> bool:
    asked = server.inline_queries.get(call.text("inline_query_id"))
    if not asked or asked.done():
        raise bad(_EXPIRED)
    raw, button = call.data("results") or [], call.data("button")
    if len(raw) > _RESULTS:
        raise bad("too many inline query results specified")
    if len({each["id"] for each in raw}) != len(raw):
        raise bad("RESULT_ID_DUPLICATE")
    if any(not 1 <= len(str(each["id"]).encode()) <= 64 for each in raw):
        raise bad("RESULT_ID_INVALID")
    if (
        button
        and "start_parameter" in button
        and not re.fullmatch(r"[\w-]{1,64}", button["start_parameter"], re.ASCII)
    ):
        raise bad("START_PARAM_INVALID")
    results = InlineResults(_result(each) for each in raw)
    results.button, results.personal = button, call.flag("is_personal")
    results.cache_time, results.next_offset = call.number("cache_time", 300), call.text("next_offset")
    asked.set_result(results)
    return True


def _result(raw: Json) -> InlineResult:
    if raw["type"] != "article":
        raise bad(f"this server knows articles only, not {raw['type']}")
    if not raw.get("title"):
        raise bad("ARTICLE_TITLE_EMPTY")
    content = text_content((raw.get("input_message_content") or {}).get, "message_text")
    content = content.with_markup(checked_markup(raw.get("reply_markup"), "inline", inline_only=True))
    return InlineResult(str(raw["id"]), raw["title"], raw.get("description", ""), content)
