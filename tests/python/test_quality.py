"""Types, stubs and texts: what is promised is there, and what is shown in docstrings is what happens."""

import doctest
import inspect
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import aircargo

HERE = Path(__file__).resolve().parent
PACKAGE = Path(aircargo.__file__).parent


def program(module, *arguments, folder):
    """A Python program that has to find nothing. It looks at the package that was built, not at the checkout."""
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "MYPYPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_users_program_is_typed_strictly(tmp_path):
    program("mypy", "--strict", "--cache-dir", tmp_path, HERE / "usage_sample.py", folder=tmp_path)


def test_the_package_itself_is_typed_strictly(tmp_path):
    program("mypy", "--strict", "--cache-dir", tmp_path, "-p", "aircargo", folder=tmp_path)


def test_stubs_tell_what_is_there(tmp_path):
    program(
        "mypy.stubtest",
        "--ignore-disjoint-bases",
        "--allowlist",
        HERE / "stubtest_allowlist.txt",
        "aircargo._core",
        folder=tmp_path,
    )


# --------------------------------------------------------------------------------------------------- docstrings


def modules():
    found = [aircargo]
    for module in pkgutil.walk_packages(aircargo.__path__, "aircargo."):
        if not module.name.endswith("__main__"):
            found.append(__import__(module.name, fromlist=["_"]))
    return found


def public_objects():
    """Name and object of all that users see, classes with their public methods and properties."""
    seen = {}
    for module in modules():
        if any(part.startswith("_") for part in module.__name__.split(".")):
            continue
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if callable(value) and str(value.__module__).startswith("aircargo"):
                seen[id(value)] = (f"{module.__name__}.{name}", value)
    for name, value in [*seen.values()]:
        for member, method in vars(value).items() if inspect.isclass(value) else ():
            # Values of an enum and fields of a dataclass are told of in the text of their class, tests by their names.
            if not member.startswith(("_", "test_")) and (
                callable(method) or isinstance(method, (property, classmethod, staticmethod))
            ):
                seen[id(value), member] = (f"{name}.{member}", getattr(value, member))
    return [*seen.values()]


def test_examples_do_what_they_show():
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    examples = 0
    with aircargo.open() as cargo:
        for name, value in public_objects():
            text = inspect.getdoc(value) or ""
            scope = {
                **vars(aircargo),
                **vars(sys.modules.get(getattr(value, "__module__", ""), aircargo)),
                "cargo": cargo,
            }
            test = doctest.DocTestParser().get_doctest(text, scope, name, None, 0)
            examples += len(test.examples)
            runner.run(test)
    assert runner.summarize().failed == 0
    assert examples > 20


# What numpydoc checks of each text. Not: that there is always an extended summary, a See Also and an example.
CHECKS = {
    "GL01",
    "GL02",
    "GL03",
    "GL05",
    "GL06",
    "GL07",
    "GL08",
    "GL09",
    "GL10",
    "PR01",
    "PR02",
    "PR03",
    "PR06",
    "PR10",
    "RT01",
    "SS01",
    "SS02",
    "SS03",
    "SS04",
    "YD01",
}
# What a compiled function does not tell: its parameters, and free ones begin their text with a signature.
OF_SOURCES = {"GL02", "GL03", "PR01", "PR02", "SS02", "SS03"}


def checks_of(value):
    checks = CHECKS
    is_compiled = value.__module__ == "aircargo._core" if hasattr(value, "__module__") else False
    if is_compiled or (inspect.isclass(value) and any(base.__module__ == "aircargo._core" for base in value.__mro__)):
        checks = checks - OF_SOURCES
    if inspect.isclass(value) and ("__init__" not in vars(value) or getattr(value, "_is_protocol", False)):
        checks = checks - {"PR01"}  # told of where it is defined
    if "Yields\n------" in (inspect.getdoc(value) or ""):
        checks = checks - {"RT01"}
    return checks


@pytest.mark.parametrize(("name", "value"), [pytest.param(*each, id=each[0]) for each in public_objects()])
def test_texts_have_the_form_of_numpydoc(name, value):
    from numpydoc.validate import validate

    checks = checks_of(value)
    assert [error for error in validate(name)["errors"] if error[0] in checks] == []
