"""The name of a published bundle: a hash of what its files say, not of how they are laid out.

Attribute order, the blanks between elements, comments and line ends change nothing: a modeller
that saves a diagram unchanged saves the same bundle.
"""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from typing import TYPE_CHECKING

from lxml import etree

from engine.diagrams import xml

if TYPE_CHECKING:
    from collections.abc import Mapping


def bundle_hash(files: Mapping[str, bytes]) -> str:
    """The same for files that say the same; raises `Unreadable` for broken ones."""
    whole = sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0")
        whole.update(sha256(canonical(name, files[name])).digest())
    return whole.hexdigest()


def canonical(name: str, content: bytes) -> bytes:
    """One file in the form it is hashed in."""
    if name.endswith((".bpmn", ".dmn")):
        written = etree.tostring(xml.parse(name, content), encoding="unicode")
        return str(etree.canonicalize(written, strip_text=True)).encode()
    if name.endswith(".toml"):
        try:
            said = tomllib.loads(content.decode())
        except (ValueError, RecursionError):
            return content  # no rules: a file that lies beside them and says nothing here
        return json.dumps(said, sort_keys=True, default=str, ensure_ascii=False).encode()
    return content
