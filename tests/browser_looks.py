"""What a page must look like, as far as it can be measured: each finding is a text, none is well.

The checks run in the page, over every text that is shown.
"""

from __future__ import annotations

from playwright.sync_api import Page

SIZES = (0.8, 0.9, 1, 1.2, 1.4, 1.75)  # rem; styles.css names them too

_TEXTS = """
  const style = (one) => getComputedStyle(one);
  const hidden = (one) => {  // from the eye, not from a screen reader
    for (let at = one; at; at = at.parentElement) if (style(at).clipPath !== "none") return true;
    return false;
  };
  const within = (node) => {  // what scrolling and clipping leave of the page to show it in
    const box = {left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity};
    for (let at = node.parentElement; at !== document.body; at = at.parentElement) {
      if (at instanceof SVGElement || style(at).overflowX === "visible") continue;
      const {left, right, top, bottom} = at.getBoundingClientRect();
      box.left = Math.max(box.left, left); box.right = Math.min(box.right, right);
      box.top = Math.max(box.top, top); box.bottom = Math.min(box.bottom, bottom);
    }
    return box;
  };
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !one.closest("datalist, script, style, option, defs, .skip") && !hidden(one);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && shown(node.parentElement)) texts.push(node);
  }
  const rects = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((one) => one.width > 1 && one.height > 1);
  };
  const called = (node) => `${node.parentElement.tagName}: ${node.data.trim().slice(0, 40)}`;
"""

_OUTSIDE = """() => {%s
  const scrolls = (one) => /auto|scroll/.test(style(one).overflowX);
  return texts.filter((node) => {
    let box = node.parentElement;
    while (box !== document.body && !scrolls(box) && style(box).overflowX !== "hidden")
      box = box.parentElement;
    if (scrolls(box)) return false;
    const page = {left: 0, right: innerWidth};
    const {left, right} = box === document.body ? page : box.getBoundingClientRect();
    return rects(node).some((one) => one.left < left - 1 || one.right > right + 1);
  }).map(called);
}"""

_OVER_EACH_OTHER = """() => {%s
  const all = texts.flatMap((node) => rects(node).map((one) => {
    const less = one.height / 4, box = within(node);  // lines may stand close
    return {node, left: Math.max(one.left, box.left), right: Math.min(one.right, box.right),
      top: Math.max(one.top + less, box.top), bottom: Math.min(one.bottom - less, box.bottom)};
  })).filter((one) => one.right > one.left && one.bottom > one.top);
  all.sort((one, other) => one.top - other.top);
  const found = new Set();
  all.forEach((one, at) => {
    for (const other of all.slice(at + 1)) {
      if (other.top >= one.bottom) break;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (one.node !== other.node && wide > 1)
        found.add(`${called(one.node)} | ${called(other.node)}`);
    }
  });
  return [...found];
}"""

_SIZES = """(sizes) => {%s
  const base = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = (node) => parseFloat(style(node.parentElement).fontSize) / base;
  return texts.filter((node) => !sizes.some((one) => Math.abs(one - size(node)) < 0.005))
    .map((node) => `${size(node)} ${called(node)}`);
}"""

_UNALIGNED = r"""() => {
  const number = (one) => /^[<>=+-]?\s?\d[\d.,]*(\s?%|\s?±.*)?$/.test(one.innerText.trim());
  const in_a_row = (one) => getComputedStyle(one).display === "table-cell" && one.colSpan === 1;
  const aligned = (one) => getComputedStyle(one).textAlign === "right"
    && getComputedStyle(one).fontVariantNumeric === "tabular-nums";
  return [...document.querySelectorAll("table")].flatMap((table) => {
    const columns = {};
    for (const one of table.querySelectorAll("tbody td"))
      if (one.checkVisibility() && in_a_row(one) && one.innerText.trim())
        (columns[one.cellIndex] ??= []).push(one);
    return Object.values(columns).filter((cells) => cells.every(number) && !cells.every(aligned))
      .map(([one]) => `${table.className}: ${one.innerText}`);
  });
}"""


def outside(page: Page) -> list[str]:
    """Find texts that are cut off, or stand beyond the edge of the page."""
    found: list[str] = page.evaluate(_OUTSIDE % _TEXTS)
    return found


def over_each_other(page: Page) -> list[str]:
    """Find texts that stand on other texts."""
    found: list[str] = page.evaluate(_OVER_EACH_OTHER % _TEXTS)
    return found


def other_sizes(page: Page) -> list[str]:
    """Find texts that are of none of the six sizes."""
    found: list[str] = page.evaluate(_SIZES % _TEXTS, list(SIZES))
    return found


def unaligned(page: Page) -> list[str]:
    """Find numbers in tables that do not stand below each other."""
    found: list[str] = page.evaluate(_UNALIGNED)
    return found


def wider_than_the_screen(page: Page) -> bool:
    """Check whether the page itself scrolls sideways."""
    found: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found


def found_in(page: Page) -> dict[str, list[str]]:
    """Go through the checklist; what is well is left out."""
    checks = (outside, over_each_other, other_sizes, unaligned)
    found = {check.__name__: check(page) for check in checks}
    return {
        **{name: faults for name, faults in found.items() if faults},
        **({"wide": [page.url]} if wider_than_the_screen(page) else {}),
    }
