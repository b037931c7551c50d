"""Adding and finding people. Roles are read with every request: taking one away works at once."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_security import UserMixin, hash_password
from sqlalchemy import bindparam, exists, insert, select, update

from engine.clock import now
from engine.errors import NotFound, Refused
from engine.store.database import reading, writing
from engine.store.tables import area as area_table
from webapp.accounts.tables import grant, person
from webapp.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_security import RoleMixin
    from sqlalchemy import Connection, Select

    from engine.definition import ProcessDefinition

Grants = frozenset[tuple[str, str | None]]
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,185}\.[^@\s.]{2,63}")
LEAST_PASSWORD = 12
_EVERYONE = select(person, grant.c.role, grant.c.area).outerjoin_from(person, grant)
_BY_KEY = _EVERYONE.where(person.c.uniquifier == bindparam("wanted"))
_BY_EMAIL = _EVERYONE.where(person.c.email == bindparam("wanted"))


@dataclass(slots=True, eq=False)
class Person(UserMixin):
    """Somebody who may sign in, in the shape Flask-Security asks for."""

    person_id: str
    email: str
    name: str
    password: str | None
    active: bool
    fs_uniquifier: str
    grants: Grants
    roles: list[RoleMixin] = field(default_factory=list)  # none: rights come from `grants`


class People:
    """The people of one installation; every use needs an application context."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self._definition = definition
        self._names: dict[str, str] = {}

    def add(
        self,
        email: str,
        *,
        name: str,
        grants: Iterable[tuple[str, str | None]],
        password: str | None = None,
    ) -> str:
        """Add a person and give the roles, each as (role, area code or None for every area).

        Gives the new person's id. Says what is wrong with `Refused`.
        """
        email, name, wanted = email.strip().lower(), name.strip(), frozenset(grants)
        _check(email, name, password)
        self._check_roles(wanted)
        person_id = f"p-{secrets.token_hex(8)}"
        with writing(db.engine) as connection:
            _check_new(connection, email)
            _check_areas(connection, wanted)
            connection.execute(
                insert(person).values(
                    id=person_id,
                    email=email,
                    name=name,
                    password=hash_password(password) if password else None,
                    active=True,
                    uniquifier=secrets.token_hex(32),
                    added_at=now(),
                )
            )
            if wanted:
                rows = [{"person": person_id, "role": role, "area": at} for role, at in wanted]
                connection.execute(insert(grant), rows)
        return person_id

    def _check_roles(self, grants: Grants) -> None:
        known = {role.id for role in self._definition.roles}
        unknown = sorted({role for role, _ in grants} - known)
        if unknown:
            raise Refused(f"There is no role {unknown[0]!r}. Roles: {', '.join(sorted(known))}")

    def by_uniquifier(self, value: str) -> Person | None:
        return _find(_BY_KEY, value)

    def by_email(self, email: str) -> Person | None:
        return _find(_BY_EMAIL, email.strip().lower())

    def name(self, person_id: str) -> str:
        """The name behind an id of the audit; the id itself where nobody is known by it."""
        if person_id == "system":
            return "The system"
        if person_id not in self._names:
            with reading(db.engine) as connection:
                rows = connection.execute(select(person.c.id, person.c.name)).all()
            self._names = {row.id: row.name for row in rows}
        return self._names.get(person_id, person_id)

    def keep_password(self, person_id: str, hashed: str) -> None:
        """Replace a hash made with weaker settings, after a successful sign-in."""
        with writing(db.engine) as connection:
            connection.execute(
                update(person).where(person.c.id == person_id).values(password=hashed)
            )

    def end_sessions(self, person_id: str) -> None:
        """Whoever is signed in as this person, wherever, has to sign in again."""
        with writing(db.engine) as connection:
            connection.execute(
                update(person)
                .where(person.c.id == person_id)
                .values(uniquifier=secrets.token_hex(32))
            )

    def everyone(self) -> tuple[Person, ...]:
        """All active people with their grants, by name."""
        with reading(db.engine) as connection:
            rows = connection.execute(
                _EVERYONE.where(person.c.active).order_by(person.c.name, person.c.id, grant.c.id)
            ).all()
        found: dict[str, Person] = {}
        for row in rows:
            known = found.setdefault(
                row.id,
                Person(
                    person_id=row.id,
                    email=row.email,
                    name=row.name,
                    password=None,
                    active=row.active,
                    fs_uniquifier=row.uniquifier,
                    grants=frozenset(),
                ),
            )
            if row.role is not None:
                known.grants |= {(row.role, row.area)}
        return tuple(found.values())


def _find(statement: Select[Any], wanted: str) -> Person | None:
    """One statement: the person with all grants."""
    with reading(db.engine) as connection:
        rows = connection.execute(statement, {"wanted": wanted}).all()
    if not rows:
        return None
    first = rows[0]
    return Person(
        person_id=first.id,
        email=first.email,
        name=first.name,
        password=first.password,
        active=first.active,
        fs_uniquifier=first.uniquifier,
        grants=frozenset((row.role, row.area) for row in rows if row.role is not None),
    )


def _check(email: str, name: str, password: str | None) -> None:
    if not EMAIL.fullmatch(email):
        raise Refused(f"{email!r} is not an e-mail address")
    if not name or not name.isprintable():
        raise Refused("A person needs a name of printable characters")
    if password is not None and len(password) < LEAST_PASSWORD:
        raise Refused(f"A password must have at least {LEAST_PASSWORD} characters")


def _check_new(connection: Connection, email: str) -> None:
    if connection.scalar(select(exists().where(person.c.email == email))):
        raise Refused(f"{email} is known already")


def _check_areas(connection: Connection, grants: Grants) -> None:
    known = set(connection.scalars(select(area_table.c.code)))
    unknown = sorted({at for _, at in grants if at is not None} - known)
    if unknown:
        raise NotFound(f"There is no area {unknown[0]!r}. Areas: {', '.join(sorted(known))}")
