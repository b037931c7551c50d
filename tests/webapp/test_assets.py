"""The built files in the package."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from webapp.assets import DIST, assets

FRONTEND = Path(__file__).parents[2] / "webapp" / "frontend"


def test_every_name_of_the_manifest_is_a_file_with_that_content() -> None:
    for asset in assets().values():
        content = (DIST / Path(asset.path).name).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert asset.integrity == f"sha384-{digest}"


def test_nothing_lies_beside_what_the_manifest_names() -> None:
    named = {Path(asset.path).name for asset in assets().values()}

    assert {path.name for path in DIST.iterdir()} == named | {"manifest.json", "THIRD-PARTY.txt"}


def test_the_styles_carry_no_brand_that_is_not_ours_and_load_nothing() -> None:
    styles = (DIST / Path(assets()["app.css"].path).name).read_text(encoding="utf-8")

    assert "GDS Transport" not in styles
    assert "@font-face" not in styles
    assert "data:" not in styles
    assert "sourceMappingURL" not in styles


def test_the_licences_of_what_is_built_in_stand_whole_beside_it() -> None:
    text = (DIST / "THIRD-PARTY.txt").read_text(encoding="utf-8")

    assert "govuk-frontend 6.3.0 (MIT)" in text
    assert "@ministryofjustice/frontend 11.1.0 (MIT)" in text
    assert text.count("Permission is hereby granted, free of charge") == 2


def test_the_lock_file_names_no_place_to_download_from() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert not re.search(r"https?://[^\"]*regis" + "try", lock)
