import subprocess
import sys
from pathlib import Path

import pytest

from service.config.import_guard import OUR_PACKAGES, refuse_shadowing_packages, shadowing_distributions

PROJECT_ROOT = Path(__file__).parents[3]


def test_our_packages_come_from_one_place() -> None:
    refuse_shadowing_packages()


@pytest.mark.parametrize("name", OUR_PACKAGES)
def test_no_installed_distribution_brings_a_package_named_like_ours(name: str) -> None:
    assert shadowing_distributions(name) == []


def test_a_stranger_named_like_ours_is_refused_and_named(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "__init__.py").touch()
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(PROJECT_ROOT)!r}];"
        " from service.config.import_guard import refuse_shadowing_packages; refuse_shadowing_packages()"
    )
    finished = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert f"package 'domain' is taken from {tmp_path}" in finished.stderr
