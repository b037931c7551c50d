"""What an installation may set."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from webapp.settings import SettingRefused, Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_without_any_setting_everything_is_kept_in_one_folder(tmp_path: Path) -> None:
    settings = Settings.read({}, data=tmp_path / "kept")

    assert settings.database_url == f"sqlite:///{tmp_path}/kept/cspr.sqlite3"
    assert settings.trusted_hosts == ("127.0.0.1", "localhost")


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = Settings.read({}, data=tmp_path)
    second = Settings.read({}, data=tmp_path)

    mode = stat.S_IMODE((tmp_path / "secret_key").stat().st_mode)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert mode == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSPR_DATABASE_URL", "mysql://somewhere"),
        ("CSPR_SECRET_KEY", "short"),
        ("CSPR_TRUSTED_HOSTS", "https://example.org"),
        ("CSPR_HTTPS", "perhaps"),
        ("CSPR_IDLE_MINUTES", "0"),
        ("CSPR_IDLE_MINUTES", "soon"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingRefused, match=name):
        Settings.read({name: value}, data=tmp_path)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SettingRefused, match="CSPR_DATA"):
        Settings.read({}, data=tmp_path / "file" / "data")


def test_behind_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    settings = Settings.read({"CSPR_HTTPS": "yes"}, data=tmp_path)

    assert settings.https
