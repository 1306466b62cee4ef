"""Once this is imported, a process can draw at once: Matplotlib is there, and knows its fonts."""

from __future__ import annotations

import gc

from coopsim.garbage import uncollected
from coopsim.simulation.workers.spawning import stand_aside

stand_aside()

with uncollected():
    from coopsim.presentation.figures.result.pages import warm_up  # what befalls it is not told

    warm_up()
gc.freeze()  # what is there now is no garbage, for as long as the process lives
