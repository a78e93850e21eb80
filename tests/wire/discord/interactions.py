"""Interactions: how the bot answers them, and the follow-ups that their token allows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .calls import Call, Refused, Routes, demand
from .model import EPHEMERAL, LOADING, Channel, Message
from .parts import Modal, number
from .rules import autocomplete_faults, modal_faults
from .waiting import Changes

if TYPE_CHECKING:
    from .server import DiscordServer

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ANSWER_WITHIN, TOKEN_LASTS = timedelta(seconds=3), timedelta(minutes=15)
USER_INSTALL_FOLLOWUPS = 5

ROUTES = Routes(by_token=True)


@dataclass(eq=False, slots=True)
class Interaction:
    """What Discord knows of one act of one member."""

    event: dict[str, Any]  # as it was dispatched
    created: datetime
    channel: Channel
    source: Message | None = None  # whose button was pressed, at first or at the root of a modal
    response: int | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[dict[str, Any]] | None = None
    source_edits: int = 0  # how often the source had been edited before
    changes: Changes = field(default_factory=Changes)

    @property
    def kind(self) -> int:
        return self.event["type"]

    @property
    def allowed(self) -> set[int]:
        """The types of answers it may get; a modal is not answered by a modal."""
        if self.kind == AUTOCOMPLETE:
            return {CHOICES}
        update = {DEFER_UPDATE, UPDATE} if self.source else set()
        return {REPLY, DEFER} | update | (set() if self.kind == SUBMIT else {MODAL})


@ROUTES.on(
    "POST", "/interactions/{interaction_id}/{interaction_token}/callback", "create_interaction_response"
)
def respond(server: "DiscordServer", call: Call) -> dict[str, Any] | None:
    it = server.interactions.get(call.params["interaction_token"])
    if it is None or it.event["id"] != call.params["interaction_id"]:
        raise Refused(404, 10062, "Unknown interaction")
    if server.clock() - it.created > ANSWER_WITHIN:
        raise Refused(404, 10062, "Unknown interaction")
    if it.response is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    kind, data = call.body["type"], call.body.get("data") or {}
    if kind not in it.allowed:
        demand([f"type: {kind} does not answer an interaction of type {it.kind}"])
    _ANSWERS[kind](server, it, call, data)
    it.response = kind
    it.changes.notify()
    return _described(it) if call.query.get("with_response") in {"1", "true"} else None


def _reply(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    it.original = server.create_message(
        it.channel, data, call.files, flags=data.get("flags") or 0, webhook=True
    )


def _defer(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    flags = (data.get("flags") or 0) & EPHEMERAL | LOADING
    it.original = server.create_message(it.channel, {}, [], flags=flags, webhook=True)


def _defer_update(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    it.original = it.source


def _update(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    server.edit_message(it.source, data, call.files)
    it.original = it.source


def _choices(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    if server.strict:
        demand(autocomplete_faults(data["choices"]))
    it.choices = data["choices"]


def _modal(server: "DiscordServer", it: Interaction, call: Call, data: dict[str, Any]) -> None:
    if server.strict:
        demand(modal_faults(data))
    it.modal = Modal(data | {"components": number(data["components"])}, it)


_ANSWERS = {
    REPLY: _reply, DEFER: _defer, DEFER_UPDATE: _defer_update, UPDATE: _update, CHOICES: _choices, MODAL: _modal,
}  # fmt: skip


def _described(it: Interaction) -> dict[str, Any]:
    about: dict[str, Any] = {"id": it.event["id"], "type": it.kind}
    if it.original:
        about |= {
            "response_message_id": str(it.original.id), "response_message_loading": it.original.loading,
            "response_message_ephemeral": it.original.ephemeral,
        }  # fmt: skip
    if it.response not in {REPLY, UPDATE}:
        return {"interaction": about}
    return {"interaction": about, "resource": {"type": it.response, "message": it.original.data}}


def _answered(server: "DiscordServer", call: Call) -> Interaction:
    it = server.interactions.get(call.params["webhook_token"])
    if it is None or call.params["webhook_id"] != str(server.application_id):
        raise Refused(404, 10015, "Unknown Webhook")
    if server.clock() - it.created > TOKEN_LASTS:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if it.response in {None, MODAL, CHOICES}:
        raise Refused(404, 10015, "Unknown Webhook")
    return it


@ROUTES.on("POST", "/webhooks/{webhook_id}/{webhook_token}", "execute_webhook")
def follow_up(server: "DiscordServer", call: Call) -> dict[str, Any] | None:
    it = _answered(server, call)
    if it.response == DEFER and it.original and it.original.loading:
        message = _edit(server, it, it.original, call)  # fills the place that the deferral kept
    else:
        _count_followup(it)
        flags = call.body.get("flags") or 0
        message = server.create_message(it.channel, call.body, call.files, flags=flags, webhook=True)
        it.followups.append(message)
        it.changes.notify()
    return message.data if call.query.get("wait") in {"1", "true"} else None


def _count_followup(it: Interaction) -> None:
    by_user_alone = "0" not in it.event.get("authorizing_integration_owners", {"0": "0"})
    if by_user_alone and it.channel.guild and len(it.followups) >= USER_INSTALL_FOLLOWUPS:
        raise Refused(400, 40094, "This interaction has reached its maximum number of follow-ups")


MESSAGE_PATH = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"


def _own(server: "DiscordServer", call: Call) -> tuple[Interaction, Message]:
    it, wanted = _answered(server, call), call.params["message_id"]
    for message in (it.original, *it.followups):
        if (
            message
            and not message.deleted
            and wanted in {str(message.id), "@original" * (message is it.original)}
        ):
            return it, message
    raise Refused(404, 10008, "Unknown Message")


def _edit(server: "DiscordServer", it: Interaction, message: Message, call: Call) -> Message:
    server.edit_message(message, call.body, call.files)
    it.changes.notify()
    return message


@ROUTES.on("GET", MESSAGE_PATH, "get_webhook_message")
def read(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return _own(server, call)[1].data


@ROUTES.on("PATCH", MESSAGE_PATH, "update_webhook_message")
def edit(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return _edit(server, *_own(server, call), call).data


@ROUTES.on("DELETE", MESSAGE_PATH, "delete_webhook_message")
def delete(server: "DiscordServer", call: Call) -> None:
    it, message = _own(server, call)
    server.delete_message(message)
    it.changes.notify()
