"""Packages that only some of aircargo needs."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["need"]


def need(module: str, extra: str) -> Any:
    """Import a module of an extra.

    Parameters
    ----------
    module : str
        What is imported.
    extra : str
        The extra of aircargo that brings it.

    Returns
    -------
    module
        The module.

    Raises
    ------
    ImportError
        If it is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise ImportError(f"this needs {module}, which is not installed: pip install 'aircargo[{extra}]'") from error
