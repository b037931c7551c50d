"""What a check says: one sentence about one place, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from engine.diagrams.model import Node


@dataclass(frozen=True, slots=True)
class Finding:
    """`severity` error: cannot be published; warning: think again; info: good to know.

    `path` is the way to the trouble, step by step, in the words of the diagram.
    """

    file: str
    line: int
    element: str
    severity: str
    rule: str
    message: str
    remedy: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        way = f" (by way of {' → '.join(self.path)})" if self.path else ""
        place = f"{self.file}:{self.line} {self.element}".rstrip()
        where = place if self.file else "the whole bundle"
        return f"{where}: {self.message}{way}{self.stop} {self.remedy}"

    @property
    def stop(self) -> str:
        """What ends the message; nothing where it ends a sentence itself."""
        return "" if self.message.endswith((".", "?")) and not self.path else "."


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule finds; the registry adds severity and remedy."""

    file: str
    line: int
    element: str
    message: str
    path: tuple[str, ...] = ()
    remedy: str | None = None  # where the general one can be said more exactly


def at(node: Node, message: str, *, path: tuple[str, ...] = (), remedy: str | None = None) -> Hit:
    """A hit on a node of a diagram."""
    return Hit(node.file, node.line, node.id, message, path, remedy)
