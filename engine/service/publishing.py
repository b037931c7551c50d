"""Making a set of diagrams, tables and deadline rules the one new cases start on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text, update

from engine import checks, clock
from engine.errors import DiagramRefused, NotFound, Refused
from engine.service import audit
from engine.service.audit import CHAIN_LOCK, Entry
from engine.service.bundles import make_ready, read_changes, read_files
from engine.service.canonical import bundle_hash
from engine.service.results import AreaView, BundleRow, Published, StartForm
from engine.store import tables
from engine.store.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from engine.definition import Value
    from engine.service.desk import Desk
    from engine.service.views import Actor

_bundle = tables.bundle.c


def publish(
    desk: Desk, files: Mapping[str, bytes], *, author: str, reason: str, approver: str | None
) -> Published:
    """See `Cases.publish`. The files are read and checked before the database is asked."""
    if not reason.strip():
        raise Refused("Say why these diagrams are published: the reason is kept with them")
    findings = checks.check(files, desk.definition)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise DiagramRefused(list(errors))
    name = bundle_hash(files)
    with writing(desk.database) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"select pg_advisory_xact_lock({CHAIN_LOCK})"))
        changes = tuple(read_changes(connection))
        make_ready(name, 0, files, changes=changes, definition=desk.definition)
        number = _store(connection, name, files, author=author, reason=reason, approver=approver)
        connection.execute(update(tables.bundle).values(live=_bundle.hash == name))
        body = {"number": number, "hash": name, "reason": reason, "approver": approver}
        audit.append(connection, [Entry("published", author, body=body)])
    return Published(name, number, tuple(f for f in findings if f.severity != "error"))


def _store(
    connection: Connection,
    name: str,
    files: Mapping[str, bytes],
    *,
    author: str,
    reason: str,
    approver: str | None,
) -> int:
    known = select(_bundle.number).where(_bundle.hash == name)
    number: int | None = connection.execute(known).scalar_one_or_none()
    if number is not None:
        return number
    number = connection.execute(select(func.coalesce(func.max(_bundle.number), 0))).scalar_one() + 1
    connection.execute(
        insert(tables.bundle).values(
            hash=name,
            number=number,
            author=author,
            reason=reason.strip(),
            approver=approver,
            published_at=clock.now(),
            live=False,
        )
    )
    rows = [{"bundle": name, "name": file, "content": files[file]} for file in sorted(files)]
    connection.execute(insert(tables.bundle_file), rows)
    return number


def bundles(desk: Desk) -> tuple[BundleRow, ...]:
    """All published bundles, newest first."""
    with reading(desk.database) as connection:
        rows = connection.execute(select(tables.bundle).order_by(_bundle.number.desc()))
        return tuple(
            BundleRow(
                row.hash,
                row.number,
                row.author,
                row.reason,
                row.approver,
                row.published_at,
                row.live,
            )
            for row in rows
        )


def bundle_files(desk: Desk, name: str) -> Mapping[str, bytes]:
    """The files as they were published, by name."""
    with reading(desk.database) as connection:
        files = read_files(connection, name)
    if not files:
        raise NotFound("There is no bundle of that hash")
    return files


def startable(desk: Desk) -> tuple[StartForm, ...]:
    """See `Cases.startable`."""
    with reading(desk.database) as connection:
        processes = desk.bundles.current(connection).diagrams.processes
    return tuple(
        StartForm(name, processes[name].name or name, processes[name].documentation)
        for name in desk.definition.startable
        if name in processes
    )


def put_area(desk: Desk, code: str, *, name: str, facts: Mapping[str, Value], actor: Actor) -> None:
    """See `Cases.put_area`."""
    values = {"name": name, "facts": json.dumps(facts, ensure_ascii=False)}
    area = tables.area.c
    with writing(desk.database) as connection:
        old = connection.execute(select(tables.area).where(area.code == code)).one_or_none()
        if old is None:
            connection.execute(insert(tables.area).values(code=code, **values))
        else:
            connection.execute(update(tables.area).where(area.code == code).values(**values))
        before = None if old is None else {"name": old.name, "facts": json.loads(old.facts)}
        body = {"area": code, "before": before, "after": {"name": name, "facts": dict(facts)}}
        audit.append(connection, [Entry("area_changed", actor.id, body=body)])


def areas(desk: Desk) -> tuple[AreaView, ...]:
    """All areas, by name."""
    with reading(desk.database) as connection:
        rows = connection.execute(select(tables.area).order_by(tables.area.c.name))
        return tuple(AreaView(row.code, row.name, json.loads(row.facts)) for row in rows)
