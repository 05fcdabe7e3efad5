"""`.venv` in a checkout follows the fullest environment, and never takes it away from somebody."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.setup import paths
from infra.setup.__main__ import link_for_editors


@pytest.fixture
def places(tmp_path: Path) -> paths.Places:
    made = replace(
        paths.places(), home=tmp_path / "home", service=tmp_path / "home/service-1", test=tmp_path / "home/test-1"
    )
    made.service.mkdir(parents=True)
    return made


def test_the_service_environment_until_the_tests_one_is_there(places: paths.Places, tmp_path: Path) -> None:
    link_for_editors(tmp_path, places)
    assert (tmp_path / ".venv").readlink() == places.service
    places.test.mkdir()
    link_for_editors(tmp_path, places)
    assert (tmp_path / ".venv").readlink() == places.test


def test_an_older_environment_gives_way(places: paths.Places, tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(places.home / "service-0")
    link_for_editors(tmp_path, places)
    assert (tmp_path / ".venv").readlink() == places.service


def test_a_folder_of_ones_own_is_left_alone(places: paths.Places, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    link_for_editors(tmp_path, places)
    assert not (tmp_path / ".venv").is_symlink()


def test_a_link_into_another_home_stays_while_it_holds(places: paths.Places, tmp_path: Path) -> None:
    other = tmp_path / "other" / "service-1"
    other.mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(other)
    link_for_editors(tmp_path, places)
    assert (tmp_path / ".venv").readlink() == other
    other.rmdir()
    link_for_editors(tmp_path, places)
    assert (tmp_path / ".venv").readlink() == places.service
