"""A small scenario for the live page, with titles that would be markup if they were let."""

from __future__ import annotations

SMALL_LIVE = """\
scenario: small
title: A small world <script>alert(1)</script>
start: 2025-08-05
end: 2030-12-31
runs: 300
seed: 7
drivers:
  climate:
    levels: [cold, warm]
    initial: cold
    switches:
      cold -> warm: {rate: 0.5 per year}
    judgement: For a test.
events:
  decree:
    title: A decree is signed
    rate: {by: climate, cold: 0.2 per year, warm: 0.6 per year}
    judgement: For a <b>test</b>.
  flight:
    title: A joint flight
    takes: 1 to 2 years
    after: [decree]
    judgement: For a test.
outcomes:
  flies: {event: flight, title: A joint flight, headline: true}
  climate: {driver: climate}
"""
