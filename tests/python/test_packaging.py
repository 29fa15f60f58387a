"""What is in the source distribution and in a wheel.

With AIRCARGO_WHEEL=1 a wheel is built, too, which compiles all of the library, and installed with and without -e.
"""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import aircargo

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
PACKAGE = SOURCE / "bindings/python/aircargo"


def build(what, out, *settings):
    """The file that a build made."""
    command = [sys.executable, "-m", "build", f"--{what}", "--no-isolation", "--outdir", out, *settings, SOURCE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.iterdir()
    return made


def files_below(folder):
    return {
        str(path.relative_to(SOURCE))
        for path in (SOURCE / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def package_files():
    return {
        str(path.relative_to(PACKAGE.parent))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_source_distribution_has_what_the_build_takes_and_nothing_else(tmp_path):
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
        top = {member.name.partition("/")[0] for member in archive.getmembers()}
    assert top == {f"aircargo-{aircargo.__version__}"}
    wanted = {"CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml", "bindings/python/CMakeLists.txt"}
    for folder in ("include", "src", "cmake", "bindings/python/src", "bindings/python/aircargo"):
        wanted |= files_below(folder)
    assert wanted - names == set()
    assert {name.split("/")[0] for name in names - wanted} <= {"PKG-INFO", ".gitignore"}


def test_a_wheel_has_the_package_its_types_and_its_command(tmp_path):
    with zipfile.ZipFile(build("wheel", tmp_path, "-Cwheel.cmake=false")) as wheel:
        names = {*wheel.namelist()}
        info = f"aircargo-{aircargo.__version__}.dist-info"
        assert "aircargo = aircargo.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
        metadata = wheel.read(f"{info}/METADATA").decode()
    ours = {name for name in names if not name.startswith(info)}
    assert ours == package_files()
    assert {
        "aircargo/py.typed",
        "aircargo/_core.pyi",
        "aircargo/client/__init__.py",
        "aircargo/cli/__init__.py",
    } <= ours
    assert f"{info}/licenses/LICENSE" in names
    assert "Requires-Python: >=3.11" in metadata
    for extra in ("client", "numpy", "pandas", "networkx", "notebook", "all"):
        assert f"Provides-Extra: {extra}" in metadata
    assert not [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra" not in line]


def test_wheels_are_built_for_all_pythons_that_are_named():
    import tomllib

    settings = tomllib.loads((SOURCE / "pyproject.toml").read_text())
    assert settings["project"]["requires-python"] == ">=3.11"
    wheels = settings["tool"]["cibuildwheel"]
    assert wheels["build"][0] == "cp311-*"
    script = wheels["linux"]["before-all"].replace("{project}", str(SOURCE))
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


if os.environ.get("AIRCARGO_WHEEL"):

    @pytest.mark.parametrize("editable", [[], ["-e"]])
    def test_it_is_installed_into_an_environment_of_its_own(tmp_path, editable):
        subprocess.run([sys.executable, "-m", "venv", tmp_path], check=True)
        python = tmp_path / "bin/python"
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "scikit-build-core", "pybind11", "ninja"], check=True
        )
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-build-isolation", *editable, SOURCE], check=True
        )
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        program = (
            "import aircargo; print(aircargo.Schedule.demo('2026-12-01').search('DEL', 'BLR', '2026-12-01')[0].origin)"
        )
        done = subprocess.run(
            [python, "-c", program], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout == "DEL\n"
        assert subprocess.run([tmp_path / "bin/aircargo", "--version"], env=env, check=False).returncode == 0
