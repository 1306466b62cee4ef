"""A scenario of every kind of question, with titles full of markup, and its reports."""

from __future__ import annotations

from pathlib import Path

from coopsim import api

MARKUP = "<script>alert('x')</script>&amp;<b>bold</b>"
WORLD = f"""\
scenario: marked
title: "A world {MARKUP}"
as_of: 2025-01-01
start: 2025-01-01
end: 2031-12-31
runs: 400
seed: 7
drivers:
  mood:
    title: "Mood {MARKUP}"
    levels: [cold, cool, warm]
    initial: cool
    switches: {{cool -> warm: {{rate: 0.2 to 0.5 per year}}, cool -> cold: {{rate: 0.1 per year}}}}
    why: "Ours {MARKUP} [press.1]."
events:
  decree:
    title: A decree
    rate: {{by: mood, warm: 0.6 per year, cool: 0.2 per year}}
    why: Stated [press.2].
  flight:
    title: The flight
    after: {{decree: 1 to 2 years}}
    why: "Ours [https://example.org/a?b=1&c=2 | A page {MARKUP} | 2024-05-01]."
  loss:
    title: A loss
    rate: 0.1 to 0.3 per year
    repeat: true
    outcomes: {{grave: {{chance: 0.4}}, light: {{chance: rest}}}}
    why: Ours.
outcomes:
  decreed: {{event: decree, title: "Decreed {MARKUP}", headline: true}}
  flies: {{event: flight, title: The flight, headline: true}}
  losses: {{count: loss, title: Losses}}
  gap: {{between: [decree, flight], title: From decree to flight}}
  first: {{first_of: [decree, loss], title: Which comes first}}
  mood: {{driver: mood, title: Mood}}
  index: {{index: [{{when: {{flight: true}}, weight: 1}}], title: Cooperation}}
"""
OTHER = """\
extends: marked.yaml
scenario: other
title: Another world
events: {decree: {rate: {by: mood, warm: 1 per year, cool: 0.6 per year}}}
"""
PRESS = f"""\
source:
  kind: article
  title: "The papers {MARKUP}"
  publisher: A ministry
  publisher_kind: state-funded
  url: https://example.org/papers
  grade: reputable
claims:
  - {{id: 1, date: 2024, statement: "It may thaw {MARKUP}."}}
  - id: 2
    date: 2024
    statement: A decree is near.
    numbers: [{{what: rate, value: 0.6, unit: per year}}]
"""


def simulated(folder: Path) -> tuple[api.Result, api.Result]:
    """Write the two scenarios and their claims into a folder, and simulate them."""
    scenarios, seeds = folder / "scenarios", folder / "seeds"
    scenarios.mkdir()
    seeds.mkdir()
    (scenarios / "marked.yaml").write_text(WORLD, "utf-8")
    (scenarios / "other.yaml").write_text(OTHER, "utf-8")
    (seeds / "press.yaml").write_text(PRESS, "utf-8")
    base, other = (
        api.run(scenarios / f"{name}.yaml", out=folder / "results", workers=1)
        for name in ("marked", "other")
    )
    return base, other
