"""Signing as it is most often written: for each signature a session of SQLAlchemy's, its objects, and a commit.

It does what the intake does (look for an earlier signature, hash, encrypt, number, count, drop the half-filled form,
all of it durable). Milestones are left out: they cost neither of the two anything.
"""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, delete, or_, select
from sqlalchemy.orm import DeclarativeBase, Session

from benchmarks.places import now, requests
from bot.model.petition import Petition as Asked
from storage import keys, tables
from storage.preparation import Preparation, Prepared
from storage.vault import Vault

SIGNATURES = 500


class Base(DeclarativeBase):
    """What its library asks for."""

    metadata = tables.metadata


def _mapped(table: Table) -> Any:
    return type(table.name.title(), (Base,), {"__table__": table})


Petition, Text, Signature = map(_mapped, (tables.petition, tables.text_version, tables.signature))
Totals, Counter = map(_mapped, (tables.totals, tables.counter))


def rate(engine: Engine, key_file: Path, petition: Asked) -> float:
    """Signatures a second, on a storage with this open petition."""
    secrets = keys.load(key_file)
    preparation: Any = Preparation(None, secrets, Vault(secrets), now)  # type: ignore[arg-type]
    wanted = requests(petition, SIGNATURES)
    started = time.perf_counter()
    for request in wanted:
        _sign(engine, preparation.ready([request], petition.key)[0])
    return SIGNATURES / (time.perf_counter() - started)


def _sign(engine: Engine, prepared: Prepared) -> None:
    request = prepared.request
    with Session(engine) as session:
        petition = session.get_one(Petition, request.petition_id)
        assert petition.state == "open"
        text = session.scalars(select(Text).where(Text.sha256 == request.text_version)).one()
        same = or_(Signature.form == request.form, Signature.account == prepared.account)
        assert (
            session.scalars(select(Signature).where(Signature.petition == petition.id, same)).first() is None
        )
        totals = session.get_one(Totals, petition.id)
        totals.last_number += 1
        session.add(_row(prepared, totals.last_number, text.id))
        totals.counted = totals.shown_counted = totals.peak = totals.counted + 1
        totals.changed_at = totals.shown_at = prepared.kind.context.at
        for dimension, value in prepared.kind.facts:
            counter = session.get(Counter, (petition.id, dimension, value))
            if counter is None:
                counter = Counter(petition=petition.id, dimension=dimension, value=value, count=0, shown=0)
                session.add(counter)
            counter.count += 1
        session.execute(delete(tables.draft).where(tables.draft.c.form == request.form))
        session.commit()


def _row(prepared: Prepared, number: int, text: int) -> Any:
    request = prepared.request
    return Signature(
        form=request.form, petition=request.petition_id, number=number, account=prepared.account, status="counted",
        reach=prepared.kind.reach, text_version=text, day=prepared.kind.day, platform=prepared.kind.platform,
        code=prepared.code_index, identity=prepared.sealed_identity, context=prepared.sealed_context,
    )  # fmt: skip
