"""The examples and the notebook, run as they stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import aircargo

EXAMPLES = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2])) / "examples/python"


def test_the_quickstart_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, EXAMPLES / "quickstart.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["Flights", "Way"]
    assert "DELIVERED at BLR" in lines
    assert lines[-1].startswith("itineraries to BLR, FRA and JFK: ")


@pytest.mark.filterwarnings("default")  # of what runs notebooks
def test_the_notebook_runs(tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(aircargo.__file__).parents[1]))
    notebook = nbformat.read(EXAMPLES / "routes.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "the notebook is kept without what it shows"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}).execute()

    shown = {kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())}
    assert {"image/png", "text/html", "text/markdown"} <= shown
    texts = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "text/plain" in output.get("data", {})
    ]
    assert "<Status.DELIVERED: 'DELIVERED'>" not in texts, "it ends with what arrived"
    assert any("ARRIVED" in text for text in texts)
