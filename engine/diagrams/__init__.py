"""What a diagram says: hardened XML, the model, forms, decision tables, and its picture."""

from __future__ import annotations

from engine.diagrams.forms import Field, Form, Known, Option, form_of
from engine.diagrams.model import Bundle, Flow, Node, Process
from engine.diagrams.reading import load

__all__ = [
    "Bundle",
    "Field",
    "Flow",
    "Form",
    "Known",
    "Node",
    "Option",
    "Process",
    "form_of",
    "load",
]
