"""The site of `make site`, built for the tests with one scenario in its gallery."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("material", reason="the site needs: pip install 'coopsim[site]'")

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

__all__ = ["GALLERY", "ROOT", "THAW", "Abort", "build_site", "site"]

ROOT = Path(__file__).parents[1]


def _script(name: str) -> ModuleType:
    """Import a script of docs/, which finds its neighbours as when it is run."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(ROOT / "docs"))


GALLERY = _script("make_gallery")
THAW = ROOT / "scenarios" / "thaw.yaml"


def build_site(site: Path, gallery: Path) -> None:
    """Build the site with another gallery; raises Abort where anything is amiss."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site))
    config.extra["gallery"] = str(gallery)
    build(config)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site with one scenario in its gallery."""
    folder = tmp_path_factory.mktemp("site")
    GALLERY.show(THAW, folder / "gallery", folder / "results", runs=50)
    build_site(folder / "site", folder / "gallery")
    return folder / "site"
