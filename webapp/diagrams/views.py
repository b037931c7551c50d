"""The published diagrams, as pictures and as text."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from webapp.published import published

pages = Blueprint("diagrams", __name__, url_prefix="/diagrams")


@pages.get("")
def listing() -> str:
    """Every process of the live bundle."""
    diagrams = published().live()
    return render_template("diagrams/list.html", processes=diagrams.bundle.processes.values())


@pages.get("/<name:process_id>")
def show(process_id: str) -> str:
    """One process: its picture, and its steps in the order they are read."""
    diagrams = published().live()
    told = published().description(diagrams.hash, process_id)
    base = url_for(".listing") + "/"
    return render_template(
        "diagrams/diagram.html",
        told=told,
        svg=published().picture(diagrams.hash, process_id, base=base),
        legend=published().legend(diagrams.hash, process_id),
        known=diagrams.bundle.processes,
    )
