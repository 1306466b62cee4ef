"""Lay the site out as the repository is, so that a link between its files means the same in both.

MkDocs, by mkdocs.yml, calls the functions whose names begin with `on_`. A Markdown file is a page
as it is, and any other text that a page may link to gets a page that shows it (site_written.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

from make_gallery import GALLERY, ROOT
from markdown_it import MarkdownIt
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from site_written import gallery_page, records_page, scenarios_nav, text_page

PAGES = ("*.md", "docs/*.md", "bench/*.md", "results/*.md", "seeds/*.md")
TEXTS = ("scenarios/**/*.yaml", "seeds/*.yaml", "templates/*.yaml", "forecasts/**/*.yaml",
         "CITATION.cff", "LICENSE")  # fmt: skip
SHOWN = ("**/*.html", "**/*.png", "**/*.md")  # of the gallery
AS_THEY_ARE = ("docs/figures/*", "docs/site/*", "forecasts/**/*.json*")
# Where a page belongs that the navigation does not name, by its folder.
_SECTIONS = {"scenarios": "Scenarios", "seeds": "Scenarios", "templates": "Scenarios",
             "forecasts": "Track record", "results": "Reference"}  # fmt: skip
_MARKER = re.compile(r" *((?:[-*+]|\d+[.)]) +)")
_NUMBER = re.compile(r"^( *\d+)\.(?= )")
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_NO_HEAD = re.compile(r"<th\b[^>]*></th>")  # above a column of names
_TAG = re.compile(r"<[^>]*>")
_INDENT = 4  # what Python-Markdown wants below an item of a list


class Text(File):
    """A file that is no Markdown and has a page nevertheless."""

    def is_documentation_page(self) -> bool:
        """Say yes, which is what makes MkDocs give it a page."""
        return True


def on_config(config: MkDocsConfig) -> None:
    """Name the shipped scenarios in the navigation, below the gallery that shows them."""
    section = next(part["Scenarios"] for part in config.nav or () if "Scenarios" in part)
    section[1:1] = scenarios_nav()


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take the files of the whole repository, not those of docs/ alone, and the gallery."""
    gallery = Path(config.extra.get("gallery", GALLERY))
    texts = (
        (path.relative_to(ROOT).as_posix(), text_page(path, gallery))
        for path in _found(ROOT, *TEXTS)
    )
    return Files(
        [
            *(file for file in files if file.src_dir != config.docs_dir),  # the theme's
            *_as_they_lie(_found(ROOT, *PAGES, *AS_THEY_ARE), ROOT, config),
            *_as_they_lie(_found(gallery, *SHOWN), gallery, config),
            *(Text.generated(config, name, content=page) for name, page in texts),
            File.generated(config, "gallery.md", content=gallery_page(gallery)),
            File.generated(config, "forecasts/index.md", content=records_page(ROOT / "forecasts")),
        ]
    )


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Give what the navigation does not name the navigation of the section it belongs to."""
    del config  # MkDocs hands it in
    sections = {item.title: item for item in nav.items if isinstance(item, Section)}
    for file in files.documentation_pages():
        folder, _, _ = file.src_uri.partition("/")
        if file.page is not None and file.page.parent is None and folder in _SECTIONS:
            file.page.parent = sections[_SECTIONS[folder]]


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Write lists so that Python-Markdown finds those that GitHub finds, and no others."""
    lines = markdown.split("\n")
    deeper = [0] * len(lines)
    for token in MarkdownIt().parse(markdown):
        first, end = token.map or (0, 0)
        if token.type == "list_item_open" and (marker := _MARKER.match(lines[first])):
            for line in range(first + 1, end):
                deeper[line] += _INDENT - len(marker[1])
        if token.type == "paragraph_open":  # within one, a number and a dot begin no list
            for line in range(first + 1, end):
                lines[line] = _NUMBER.sub(r"\1\.", lines[line])
    return "\n".join(" " * more + line for line, more in zip(lines, deeper, strict=True))


def on_page_content(html: str, **_: Any) -> str:
    """Put each table into a box in which it scrolls where it is wide, by the keyboard too."""
    return _TABLE.sub(_boxed, html)


def _boxed(found: re.Match[str]) -> str:
    table = _NO_HEAD.sub("<td></td>", found[0])
    columns = (_TAG.sub("", cell).strip() for cell in _HEAD.findall(table))
    label = escape(unescape(f"Table: {', '.join(filter(None, columns))}"))
    return f'<div class="scrolls" role="group" tabindex="0" aria-label="{label}">{table}</div>'


def on_post_page(output: str, **_: Any) -> str:
    """Name the dialogue of the search, which the theme leaves without a name for screen readers."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')


def _as_they_lie(paths: Iterable[Path], top: Path, config: MkDocsConfig) -> Iterator[File]:
    for path in paths:
        name = path.relative_to(top).as_posix()
        yield File(name, str(top), config.site_dir, config.use_directory_urls)


def _found(top: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in top.glob(pattern) if path.is_file())
