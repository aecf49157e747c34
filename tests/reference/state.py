"""What a path remembers from month to month."""

import math
from dataclasses import dataclass, field

from tables import OPEN


@dataclass
class Fleet:
    """The chips of a unit by class, thousand, and its cash."""

    young: dict
    old: dict
    stages: dict  # class -> [A1, A2, A3]
    waiting: dict
    set_aside: dict  # million USD for next month's orders
    cash: float = 0.0
    active: bool = True

    def installed(self, c):
        return self.young[c] + self.old[c]

    def everything(self, c):
        """Installed, waiting and in the pipeline."""
        return self.installed(c) + self.waiting[c] + sum(self.stages[c])


@dataclass
class State:
    fleets: dict  # unit name -> Fleet
    prices: dict  # (region, class) -> USD per H100e-hour, the last that cleared
    segment_prices: dict  # P_s of last month
    chip_prices: dict
    stock: dict
    demand_log2: dict
    pool_log2: dict
    power: dict
    queue: dict
    regime: dict  # (export class, region)
    regime_at_order: dict
    efficiency_log2: float = 0.0
    reversal: bool = False
    outages: list = field(default_factory=list)
    component_outages: list = field(default_factory=list)
    grid: dict = field(default_factory=dict)
    war: dict = field(default_factory=dict)


def start_fleet(s, unit):
    fleet = {c: float(unit.fleet.get(c, 0.0)) for c in s.chips}
    return Fleet(
        young={c: (1.0 - unit.old_share) * n for c, n in fleet.items()},
        old={c: unit.old_share * n for c, n in fleet.items()},
        stages={c: [unit.pipeline.get(c, 0.0) / 3.0] * 3 for c in s.chips},
        waiting={c: 0.0 for c in s.chips}, set_aside={c: 0.0 for c in s.chips})


def start_state(s, power_queue):
    regime = {(x, r): OPEN for x in s.export_classes for r in s.regions}
    for pair, rule in s.rules.items():
        regime[pair] = rule.schedule.get(0, rule.start)
    return State(
        fleets={u.name: start_fleet(s, u) for u in s.units},
        prices={(r, c): s.start_price for r in s.regions for c in s.chips},
        segment_prices={name: s.start_price for name in s.segments},
        chip_prices={c: chip.list_price for c, chip in s.chips.items()},
        stock={c: chip.stock for c, chip in s.chips.items()},
        demand_log2={name: segment.demand_log2 for name, segment in s.segments.items()},
        pool_log2={name: math.log2(pool.capacity) for name, pool in s.pools.items()},
        power={name: region.power for name, region in s.regions.items()}, queue=dict(power_queue),
        regime=regime, regime_at_order=dict(regime), reversal=s.starts_in_reversal,
        outages=[0.0 for _ in s.outages], component_outages=[0.0 for _ in s.components],
        grid={r: 0.0 for r in s.regions}, war={r: False for r in s.regions})
