"""The shipped baseline's world as somebody might write it with SimPy by hand.

One generator process for each of about 120 events, which draws from `random`, waits for timeouts
and for signals that a level has changed, and writes its firings to a list: no scenario files, no
streams, no ties to settle, no sameness of a timeline elsewhere. It has the baseline's drivers,
hazards, plans, calendars, triggers and windows, with its numbers rounded, so that the statistics
of the two are of the same size (events, firings a timeline) and no more: only the time is compared.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import simpy
from plain_processes import START, Arrival, Calendar, Follow, Hazard, Plan, Table, World

YEARS = 15.4


# --- the world ------------------------------------------------------------------------------------


def between(low: float, high: float) -> Callable[[], float]:
    """Draw from a uniform distribution."""
    return lambda: random.uniform(low, high)


def likely(low: float, high: float, mode: float) -> Callable[[], float]:
    """Draw from a triangular distribution."""
    return lambda: random.triangular(low, high, mode)


def grown(
    planned: float, median: float, sigma: float, earliest: float = START
) -> Callable[[], float]:
    """Draw a planned date whose lead time grows."""

    def draw() -> float:
        growth = median * random.lognormvariate(0.0, sigma)
        return max(earliest, START + (planned - START) * growth)

    return draw


FIRST_LEVELS = {
    "climate": "drift",
    "us_administration": "conciliatory",
    "war": "fighting",
    "leadership": "settled",
    "contact": "open",
    "sanctions": "present",
    "law": "executive",
    "licence": "none",
    "seat_swap": "in_force",
    "europe": "blocking",
    "industry": "strained",
    "china": "leaning",
    "us_commitment": "2030",
    "ru_commitment": "2028",
    "station": "joint",
    "leak": "stable",
    "soyuz": "flying",
    "pad": "usable",
    "us_access": "flying",
    "joint_work": "talking",
    "governance": "dormant",
}
CREWED = {"station": {"joint", "us_alone"}}
JOINT = {"station": {"joint"}}
FALLS: dict[str, Table] = {"us_administration": {"cool": 1.3}, "contact": {"open": 0.9}}
RISES: dict[str, Table] = {"us_administration": {"cool": 0.8}}
WORK: dict[str, Table] = {"industry": {"weak": 0.8, "sound": 1.07, "strong": 1.15}}
DIPLOMACY: dict[str, Table] = {
    "leadership": {"changing": 0.4},
    "us_administration": {"cool": 0.85},
    "europe": {"neutral": 1.1, "supportive": 1.25},
    "china": {"hedged": 1.1, "locked_in": 0.9},
}
VENUS = [(2026.4, 2026.8), (2028.1, 2028.3), (2029.7, 2029.9), (2031.2, 2031.5), (2032.8, 2033.1)]
VENUS += [(2034.4, 2034.8), (2036.1, 2036.3), (2037.7, 2037.9), (2039.2, 2039.5)]


def switch(driver: str, low: str, high: str, rate: float | Table, **more: Table) -> Hazard:
    """Make a hazard that moves a driver from one level to another."""
    return Hazard(f"{driver}: {low} -> {high}", rate, {driver: {low}}, more, {driver: high})


def leak(low: str, high: str, rate: float) -> Hazard:
    """Make a hazard that moves the leak while there is a crew."""
    return Hazard(f"leak: {low} -> {high}", rate, {"leak": {low}, **CREWED}, {}, {"leak": high})


def rung(name: str, low: str, high: str, rate: Table) -> Hazard:
    """Make a hazard that climbs the ladder of joint work."""
    return Hazard(name, rate, {"joint_work": {low}}, DIPLOMACY, {"joint_work": high})


def by(rupture: float, freeze: float, drift: float, thaw: float, bargain: float) -> Table:
    """Get a number for each level of the climate."""
    levels = ("rupture", "freeze", "drift", "thaw", "bargain")
    return dict(zip(levels, (rupture, freeze, drift, thaw, bargain), strict=True))


WEARS: Table = {"relief": 0, "eased": 0.2, "tightened": 1.5}
MENDS: Table = {"relief": 1.5, "present": 0.2, "tightened": 0.1}
EVENTS: list[Hazard | Plan | Calendar | Follow | Arrival] = [
    switch("climate", "rupture", "freeze", 0.25, **RISES),
    switch("climate", "freeze", "rupture", 0.02, **FALLS),
    switch("climate", "freeze", "drift", 0.20, **RISES),
    switch("climate", "drift", "rupture", 0.005, **FALLS),
    switch("climate", "drift", "freeze", 0.07, **FALLS, war={"settled": 0.5}),
    switch("climate", "drift", "thaw", 0.04, **RISES, war={"settled": 3}),
    switch("climate", "thaw", "freeze", 0.02, **FALLS),
    switch("climate", "thaw", "drift", 0.12, **FALLS),
    switch("climate", "thaw", "bargain", 0.05, **RISES, war={"fighting": 0.1}),
    switch("climate", "bargain", "thaw", 0.12, **FALLS),
    switch("war", "fighting", "settled", 0.2),
    switch("war", "settled", "fighting", 0.1),
    switch("contact", "open", "silent", 0.5, climate=by(4, 1.5, 1, 0.5, 0.25)),
    switch("sanctions", "present", "tightened", by(0.5, 0.35, 0.2, 0.05, 0)),
    switch("sanctions", "tightened", "present", 0.15, war={"settled": 3}, law={"statute": 0.5}),
    switch("sanctions", "present", "eased", by(0, 0, 0.03, 0.2, 0.5), law={"statute": 0.5}),
    switch("sanctions", "eased", "present", by(1, 0.5, 0.15, 0, 0)),
    switch("sanctions", "eased", "relief", by(0, 0, 0, 0, 0.1), law={"statute": 0.5}),
    switch("sanctions", "relief", "eased", by(0.2, 0.2, 0.2, 0, 0)),
    switch("law", "statute", "executive", by(0, 0, 0.03, 0.08, 0.15)),
    switch("licence", "granted", "none", by(1, 0.2, 0.03, 0, 0)),
    switch("europe", "blocking", "neutral", 0.05, war={"settled": 3}),
    switch("europe", "neutral", "blocking", by(0.5, 0.2, 0.05, 0, 0)),
    switch("europe", "neutral", "supportive", by(0, 0, 0, 0.05, 0.15)),
    switch("europe", "supportive", "neutral", 0.1, climate={"rupture": 5, "freeze": 2}),
    switch("industry", "strained", "weak", 0.06, sanctions=WEARS),
    switch("industry", "sound", "strained", 0.09, sanctions=WEARS),
    switch("industry", "strong", "sound", 0.09, sanctions=WEARS),
    switch("industry", "weak", "strained", 0.09, sanctions=MENDS),
    switch("industry", "strained", "sound", 0.09, sanctions=MENDS),
    switch("industry", "sound", "strong", 0.06, sanctions=MENDS),
    switch("china", "leaning", "locked_in", by(0.2, 0.12, 0.05, 0.01, 0)),
    switch("china", "locked_in", "leaning", by(0, 0, 0.02, 0.05, 0.1)),
    switch("china", "leaning", "hedged", by(0, 0, 0, 0.05, 0.15)),
    switch("china", "hedged", "leaning", by(0.4, 0.2, 0.1, 0, 0)),
    leak("stable", "elevated", 0.4),
    leak("elevated", "stable", 0.6),
    leak("elevated", "isolated", 0.12),
    leak("isolated", "lost", 0.03),
    switch("governance", "dormant", "talking", by(0, 0.02, 0.05, 0.15, 0.3)),
    switch("governance", "talking", "dormant", by(2, 0.4, 0.15, 0.1, 0)),
    Plan("ultimatum", lambda: 2025.61, outcomes={"deal": 0.03, "full": 0.1, "postponed": 0.87}),
    Calendar("us_inauguration", 2029.05, lambda: 4.0, outcomes={"conciliatory": 0.4, "cool": 0.6}),
    Hazard("nasa_head_changes", 0.75, sets={"leadership": "changing"}),
    Hazard(
        "ru_head_changes", 0.25, sets={"leadership": "changing"}, outcomes={"ok": 3, "listed": 1}
    ),
    Follow(
        "new_head_settles",
        ["nasa_head_changes", "ru_head_changes"],
        between(0.17, 0.5),
        {},
        {"leadership": "settled"},
    ),
    Hazard(
        "heads_meet", by(0, 0.1, 0.5, 1.2, 2), {"leadership": {"settled"}}, {}, {"contact": "open"}
    ),
    Hazard("exit_threat", by(0.5, 0.35, 0.1, 0, 0), JOINT, outcomes={"bluff": 0.97, "real": 0.03}),
    Hazard(
        "codified",
        0.18,
        {"climate": {"rupture", "freeze", "drift"}},
        {},
        {"law": "statute"},
        repeat=False,
    ),
    Arrival(
        "licence_decided",
        {"joint_work": {"agreement"}, "licence": {"none"}},
        between(0.4, 1.2),
        {"licence": "granted"},
        repeat=True,
    ),
    Calendar("swap_renewal", 2027.25, lambda: 2.0, JOINT, {"seat_swap": "in_force"}),
    Calendar("swap_term_ends", 2028.0, lambda: 2.0, JOINT, outcomes={"runs_on": 9, "lapses": 1}),
    Plan("starliner_decided", likely(2026.4, 2029.5, 2027.2), outcomes={"returns": 0.6, "no": 0.4}),
    Plan("deorbit_vehicle", grown(2029.5, 1.25, 0.2)),
    Plan("commercial_station", grown(2030.5, 1.6, 0.3, 2028.4)),
    Plan("ros_review", between(2026, 2027), outcomes={"planned": 15, "smaller": 3, "deferred": 2}),
    Plan("ros_first_module", grown(2028.5, 1.7, 0.4, 2028), pace=WORK),
    Follow("ros_crewed", ["ros_first_module"], between(1, 3), repeat=False),
    Plan("angara_ready", grown(2028, 2.0, 0.6, 2027), pace=WORK),
    Plan("orel_flies", grown(2029, 2.2, 0.68, 2028), pace=WORK, after="angara_ready"),
    Follow("orel_crewed", ["orel_flies"], between(1, 3), repeat=False),
    Plan("luna_26", grown(2027.5, 1.9, 0.5, 2027), pace=WORK, outcomes={"works": 3, "fails": 7}),
    Plan(
        "luna_27",
        grown(2029, 1.9, 0.5, 2028),
        {},
        WORK,
        outcomes={"lands": 3, "fails": 7},
        after="luna_26",
    ),
    Plan(
        "luna_28",
        grown(2031, 1.9, 0.5, 2030),
        {},
        WORK,
        outcomes={"works": 3, "fails": 7},
        after="luna_27",
    ),
    Hazard("venera_d_cancelled", 0.03, repeat=False),
    Hazard("veritas_cancelled", 0.06, repeat=False),
    Hazard("davinci_cancelled", 0.06, repeat=False),
    Plan("us_reactor", grown(2031, 2.2, 0.3, 2030)),
    Plan("ilrs_reactor", grown(2036, 1.5, 0.3, 2033), pace={**WORK, "china": {"hedged": 0.8}}),
    Plan("zeus_flies", grown(2031, 2.2, 0.68, 2031), pace=WORK),
    Plan(
        "us_end_decided", likely(2027, 2029, 2028.2), outcomes={"2030": 65, "2032": 30, "2035": 5}
    ),
    Hazard(
        "decree",
        by(0, 0.2, 0.55, 0.9, 1.2),
        {"ru_commitment": {"2028"}, **JOINT},
        {},
        {"ru_commitment": "2030"},
        repeat=False,
    ),
    Plan(
        "commitment_expires",
        lambda: 2029.0,
        {"ru_commitment": {"2028"}},
        {},
        {"ru_commitment": "informal"},
    ),
    Hazard(
        "informal_stay_ends",
        0.15,
        {"ru_commitment": {"informal"}, **JOINT},
        {"leak": {"isolated": 2}},
        {"ru_commitment": "ending"},
        repeat=False,
    ),
    Arrival(
        "answer",
        {"us_commitment": {"2032", "2035"}, **JOINT},
        between(0.5, 1.5),
        {"ru_commitment": "with_us"},
    ),
    Plan(
        "stay_past_2030_ends",
        likely(2031, 2033, 2031.8),
        {"ru_commitment": {"2030"}, "us_commitment": {"2032", "2035"}},
        {},
        {"ru_commitment": "withdrawn"},
    ),
    Arrival(
        "notice_runs_out",
        {"ru_commitment": {"ending"}},
        between(0.83, 1.17),
        {"ru_commitment": "withdrawn"},
    ),
    Arrival(
        "russia_leaves",
        {"ru_commitment": {"withdrawn"}, **JOINT},
        None,
        {"station": "us_alone", "seat_swap": "lapsed"},
    ),
    Plan("rotation_ends", likely(2030, 2030.8, 2030.4), CREWED),
    Plan(
        "us_leaves",
        likely(2030.5, 2031.7, 2031),
        CREWED,
        {},
        {"station": "empty", "seat_swap": "lapsed"},
    ),
    Plan("zarya_is_thirty", lambda: 2028.9),
    Hazard(
        "failure", 0.008, CREWED, {"station": {"us_alone": 2}}, {"station": "empty"}, repeat=False
    ),
    Arrival("leak_ends_it", {"leak": {"lost"}, **CREWED}, between(0.5, 1), {"station": "empty"}),
    Hazard("soyuz_trouble", 0.46, {"soyuz": {"flying"}, **JOINT}, {}, {"soyuz": "grounded"}),
    Follow("soyuz_cleared", ["soyuz_trouble"], between(0.1, 0.5), {}, {"soyuz": "flying"}),
    Hazard("pad_lost", 0.08, {"pad": {"usable"}, **JOINT}, {}, {"pad": "lost"}),
    Follow("pad_repaired", ["pad_lost"], likely(0.17, 2, 0.33), {}, {"pad": "usable"}),
    Hazard("us_trouble", 0.25, {"us_access": {"flying"}, **CREWED}, {}, {"us_access": "grounded"}),
    Follow("us_restored", ["us_trouble"], between(0.1, 0.4), {}, {"us_access": "flying"}),
    Hazard("debris_shock", 0.02, outcomes={"strains": 0.4, "passes": 0.6}),
    Arrival("joint_operations_end", {"station": {"us_alone", "empty"}}),
    Arrival("last_crew_leaves", {"station": {"empty"}}),
    Plan("descent_begins", likely(2028.2, 2029, 2028.5), CREWED),
    Follow("early_descent", ["last_crew_leaves"], None, {}, repeat=False),
    Follow("orbit_lowered", ["descent_begins"], likely(2, 2.8, 2.5), repeat=False),
    Follow("reentry", ["last_crew_leaves"], likely(0.1, 0.7, 0.25), repeat=False),
    Plan("veritas", grown(2031, 1.05, 0.12, 2031), windows=VENUS),
    Plan("davinci", grown(2032.5, 1.05, 0.12, 2031.5), windows=VENUS),
    Plan("venera_d", grown(2034.5, 1.3, 0.3, 2031), pace=WORK, windows=VENUS),
    Calendar(
        "soyuz_flight",
        2025.9,
        between(0.62, 0.72),
        {**JOINT, "soyuz": {"flying"}, "pad": {"usable"}},
    ),
    Calendar("dragon_flight", 2026.1, between(0.42, 0.66), {**CREWED, "us_access": {"flying"}}),
    Follow(
        "cross_flight",
        ["soyuz_flight", "dragon_flight"],
        None,
        {"seat_swap": {"in_force"}, **JOINT},
    ),
    Follow(
        "talks_resume", ["heads_meet"], None, {"joint_work": {"idle"}}, {"joint_work": "talking"}
    ),
    rung("working_group", "talking", "group", by(0, 0.01, 0.1, 0.5, 0.9)),
    rung("agreement", "group", "agreement", by(0, 0.01, 0.05, 0.35, 0.7)),
    Hazard(
        "contribution",
        by(0, 0.01, 0.3, 0.5, 0.7),
        {"joint_work": {"agreement"}, "licence": {"granted"}},
        {},
        {"joint_work": "contribution"},
    ),
    Follow(
        "hardware_ready",
        ["contribution"],
        between(4, 8),
        {"joint_work": {"contribution"}},
        {"joint_work": "ready"},
    ),
    Arrival(
        "joint_mission", {"joint_work": {"ready"}}, None, {"joint_work": "talking"}, repeat=True
    ),
    Follow("joint_venus", ["venera_d"], None, {"joint_work": {"ready"}}, repeat=False),
    Follow(
        "venus_ends",
        ["venera_d", "venera_d_cancelled"],
        None,
        {"joint_work": {"agreement"}},
        repeat=False,
    ),
    Hazard(
        "ladder_slips",
        by(1, 0.25, 0, 0, 0),
        {"joint_work": {"talking", "group"}},
        {},
        {"joint_work": "idle"},
    ),
    Hazard(
        "withdrawn",
        by(0.5, 0.05, 0, 0, 0),
        {"joint_work": {"contribution"}},
        {},
        {"joint_work": "agreement"},
    ),
    Hazard(
        "iss2_agreed",
        by(0, 0, 0, 0, 0.25),
        {},
        DIPLOMACY,
        {},
        {"brics": 4, "others": 6},
        repeat=False,
    ),
    Follow("iss2_element", ["iss2_agreed"], between(6, 10), repeat=False),
    Follow(
        "keep_out_dispute",
        ["us_reactor", "ilrs_reactor"],
        None,
        {},
        {},
        {"strains": 1, "no": 4},
        repeat=False,
    ),
]


def play(timelines: int) -> list[tuple[int, str, str, float]]:
    """Play some timelines; gives their firings: run, event, outcome, years since the start."""
    log = []
    for run in range(timelines):
        env = simpy.Environment()
        world = World(env, FIRST_LEVELS)
        for event in EVENTS:
            env.process(event.play(world))
        env.run(until=YEARS)
        log += [(run, *firing) for firing in world.log]
    return log
