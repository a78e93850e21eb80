"""/mydata: all that is stored about whoever asks, as a file."""

import json
from collections.abc import Mapping
from typing import Any

from bot.answer import File
from bot.commands.spec import CommandSpec
from bot.document import heading
from bot.model.petition import Petition
from bot.model.rights import Kept, Organising
from bot.model.signature import Signature
from bot.private_files import passing_file
from bot.turn import Turn
from bot.words import rights
from bot.words.catalog import Words

NAME = "undersigned-my-data.json"


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    kept = await turn.ports.rights.kept(turn.account)
    if not kept:
        await turn.say_instead(rights.NOTHING_STORED)
        return
    written = json.dumps(await _everything(turn, kept), ensure_ascii=False, indent=2) + "\n"
    t = turn.t
    holds = t.paragraph(rights.MYDATA_HOLDS, list=", ".join(_parts(kept, t)))
    blocks = (heading(t(rights.MYDATA_TITLE)), holds, t.paragraph(rights.MYDATA_GUARD))
    with passing_file() as (file, path):
        file.write(written.encode())
        file.flush()
        await turn.answer.file(File(path, NAME, turn.page(*blocks, names_a_person=True)))


def _parts(kept: Kept, t: Words) -> list[str]:
    counts = (
        (rights.MYDATA_SIGNATURES, len(kept.signatures)),
        (rights.MYDATA_TOLD, len(kept.told)),
        (rights.MYDATA_FORMS, len(kept.forms)),
        (rights.MYDATA_HANDED, len(kept.handed)),
    )
    organiser = [t(rights.MYDATA_ORGANISER)] if kept.organiser else []
    return [t(message, count=count) for message, count in counts if count] + organiser


async def _everything(turn: Turn, kept: Kept) -> dict[str, Any]:
    petitions = {each.id: each for each in await turn.ports.petitions.all()}
    places = [each.context.community for each in kept.signatures if each.context]
    names = await turn.ports.communities.names([each for each in places if each is not None])
    return {
        "account": str(turn.account),
        "as_of": turn.now.isoformat(),
        "signatures": [
            _signature(each, kept, petitions[each.petition_id], names) for each in kept.signatures
        ],
        "told_about": [
            {
                "petition": petitions[each.petition_id].slug,
                "language": each.locale,
                "since": each.since.isoformat(),
            }
            for each in kept.told
        ],
        "half_filled_forms": [
            {"about": each.token, "values": dict(each.values), "kept_until": each.expires.isoformat()}
            for each in kept.forms
        ],
        "files_in_this_chat_until": [each.isoformat() for each in kept.handed],
        "organiser": await _organiser(turn, kept.organiser) if kept.organiser else None,
        "not_in_this_file": turn.t(rights.MYDATA_ELSEWHERE),
    }


def _signature(
    signature: Signature, kept: Kept, petition: Petition, names: Mapping[int, str]
) -> dict[str, Any]:
    """Times are ISO 8601 in UTC; what was erased is null."""
    identity, context = signature.identity, signature.context
    community = context.community if context else None
    return {
        "petition": petition.slug,
        "title": petition.title,
        "status": signature.status.value,
        "held_for": sorted(kept.held_for.get(signature.form, ())),
        "number": signature.number,
        "name": identity.name if identity else None,
        "comment": identity.comment if identity else None,
        "seen_by": signature.reach.value,
        "day": signature.day.isoformat(),
        "signed_at": context.at.isoformat() if context else None,
        "language": context.language if context else None,
        "community": None if community is None else names.get(community, ""),
        "answer": context.answer if context else None,
        "platform": signature.platform,
        "text_version": signature.text_version,
        "code": signature.code or None,
        "form": signature.form,
    }


async def _organiser(turn: Turn, organiser: Organising) -> dict[str, Any]:
    acts = await turn.ports.audit.acts(actor=organiser.actor)
    return {
        "claimed": organiser.claimed,
        "since": organiser.since.isoformat(),
        "language": organiser.locale,
        "age_key": organiser.key,
        "id_in_audit_log": organiser.actor,
        "acts": [
            {"at": act.at.isoformat(), "what": act.what, "petition": act.petition, "detail": act.detail}
            for act in acts
        ],
    }


SPEC = CommandSpec("mydata", rights.MYDATA_COMMAND, run, slow=True)
