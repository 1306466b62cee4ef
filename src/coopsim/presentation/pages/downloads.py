"""What a page carries for others to work on with: the assumptions and the answers, in one file."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that the format has: the same page is the same file
DIGITS = 4  # decimals: what simulation error leaves of a share, and all of them do not compress


@dataclass(frozen=True, slots=True)
class Download:
    """A file within the page: its name, and the link that holds it."""

    name: str
    link: str


def zipped(name: str, files: Mapping[str, str]) -> Download:
    """Pack some texts by their names; plain they would make a page twice as large."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, text in files.items():
            archive.writestr(zipfile.ZipInfo(file, _NO_TIME), text, zipfile.ZIP_DEFLATED)
    coded = base64.b64encode(packed.getvalue()).decode()
    return Download(name, f"data:application/zip;base64,{coded}")


def rounded(tree: Any) -> Any:
    """Round every number of a tree for JSON."""
    if isinstance(tree, dict):
        return {key: rounded(item) for key, item in tree.items()}
    if isinstance(tree, list):
        return [rounded(item) for item in tree]
    return round(tree, DIGITS) if isinstance(tree, float) else tree
