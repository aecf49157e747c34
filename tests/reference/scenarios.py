"""Scenarios for the comparison: the small market of configs/smoke.toml, with one mechanism after the other at work."""

import copy
import json
import tomllib
from dataclasses import dataclass, field
from typing import Callable

SOURCES = ("demand", "efficiency", "sentiment", "fab", "outage", "export_regime", "power", "grid_shock", "component",
           "conduct")
SURE = 50.0  # arrivals a year: 98 % a month
STAY = {"open": [1, 0, 0, 0], "window": [0, 1, 0, 0], "quota": [0, 0, 1, 0], "ban": [0, 0, 0, 1]}


@dataclass
class Case:
    name: str
    edits: dict  # key path as in the program's --set -> value
    seen: Callable  # rows -> whether the mechanism was at work, so that the comparison is not empty
    noise_only: bool = False  # the mechanism needs draws
    single: bool = True  # whether single precision is compared too
    extra: dict = field(default_factory=dict)  # tables to append


def only(*sources):
    """Freezes all sources but these."""
    return {"freeze.sources": [s for s in SOURCES if s not in sources]}


def some(measure, condition):
    return lambda rows: any(row[measure] is not None and condition(row[measure]) for row in rows)


def every(*conditions):
    return lambda rows: all(condition(rows) for condition in conditions)


def schedule(*entries):
    return [{"date": date, "regime": regime} for date, regime in entries]


def policy(name, key, value, region="cn", start="2026-04", **more):
    return {"name": name, "from": start, "region": region, "key": key, "value": value, **more}


RULE = "export.frontier.cn."
CASES = [
    Case("smoke as it is", {}, some("regime[frontier,cn]", lambda x: x == 2)),
    Case("ban with leaks, then open again",
         {RULE + "start": "open", RULE + "transition": STAY, "scenario.months": 18,
          RULE + "schedule": schedule(("2026-06", "ban"), ("2027-02", "open"))},
         every(some("regime[frontier,cn]", lambda x: x == 3), some("leaked_chips[cn]", lambda x: x > 0.1))),
    Case("quota with leaks", {RULE + "start": "quota", RULE + "transition": STAY, RULE + "schedule": [],
                              RULE + "quota_thousand_per_month": 1.0},
         some("leaked_chips[cn]", lambda x: x > 0.05)),
    Case("window, stockpile, surcharge", {RULE + "transition": STAY, RULE + "schedule": [], RULE + "stockpile": 3.0,
                                          RULE + "surcharge": {"window": 0.6}},
         some("regime[frontier,cn]", lambda x: x == 1)),
    Case("regimes drawn",
         {RULE + "transition": {row: [0.25] * 4 for row in STAY}, RULE + "schedule": [], **only("export_regime")},
         every(*(some("regime[frontier,cn]", lambda x, k=k: x == k) for k in range(4))), noise_only=True),
    Case("fab outage", {"outage.earthquake.per_year": SURE, "outage.earthquake.severity": [0.5, 0.9], **only("outage")},
         some("chip_price[h200]", lambda x: x > 35), noise_only=True),
    Case("grid shock with moratorium",
         {"region.us.grid_shock": {"per_year": SURE, "severity": [0.7, 1.0], "recovery_months": 3, "cut": 0.5,
                                   "moratorium": 0.9, "price_spike": 2.0}, **only("grid_shock")},
         every(some("power_share[us]", lambda x: x > 1.2), some("power_bound[us]", lambda x: x == 1)), noise_only=True),
    Case("short of parts", {"component_pool.cooling.mw_per_month": 6.0},
         every(some("power_bound[us]", lambda x: x == 1), some("idle_for_power[us]", lambda x: x > 1))),
    Case("parts outage", {"component_pool.cooling.outages_per_year": SURE, "component_pool.cooling.mw_per_month": 40.0,
                          "component_pool.cooling.severity": [0.5, 0.9], **only("component")},
         some("power_bound[us]", lambda x: x == 1), noise_only=True),
    Case("domestic floor", {"region.cn.domestic_floor": 0.6}, some("domestic_install_share[cn]", lambda x: x > 0.3)),
    Case("cap on the share of the world", {"region.cn.share_cap": 0.2, RULE + "leak_share": 0.4},
         some("leaked_chips[cn]", lambda x: x > 0.1)),
    Case("price ceiling", {}, some("unserved_share[us]", lambda x: x > 0.02),
         extra={"policy": [policy("cap", "price_ceiling_usd", 1.9, region="us", until="2027-03")]}),
    Case("subsidy", {}, lambda rows: True, extra={"policy": [policy("aid", "subsidy", 0.5, start="2026-03")]}),
    Case("power-bound region", {"region.us.power_mw": 1180, "region.us.power_growth_per_year": 0.05,
                                "region.us.power_in_build_mw": 400, "region.cn.power_in_build_mw": 0},
         every(some("power_bound[us]", lambda x: x == 1), some("power_share[us]", lambda x: x > 0.999))),
    Case("price war", {"region.us.war": {"trigger": 0.99, "start_probability": 0.6, "end_probability": 0.3,
                                         "conduct": 0.01, "capital_share": 0.1}, **only("conduct")},
         every(some("price_war[us]", lambda x: x == 1), lambda rows: rows[-1]["world_price"] is not None),
         noise_only=True),
    Case("exit, chips go to the survivors", {"provider.small-us.runway_months": 1, "provider.small-us.cost_multiple": 2.5,
                                             "segment.firms-us.demand_kh100e": 150, "finance.fixed_capital_share": 0.9},
         some("exits", lambda x: x == 20)),
    Case("a region that nobody survives in",
         {"provider.alpha-cn.deep_pockets": False, "provider.alpha-cn.runway_months": 2, "provider.civic.deep_pockets": False,
          "provider.civic.runway_months": 4, "segment.users-cn.demand_kh100e": 20, "segment.users-cn.trade_cost": {"us": 1.2},
          "segment.lab-us.trade_cost": {}, "finance.fixed_capital_share": 1.0},
         every(some("exits", lambda x: x >= 2), some("regional_cr1_fleet[cn]", lambda x: x == 0))),
    Case("users left without a market",
         {"provider.alpha-cn.deep_pockets": False, "provider.alpha-cn.runway_months": 1, "provider.civic.deep_pockets": False,
          "provider.civic.runway_months": 3, "segment.users-cn.demand_kh100e": 20, "segment.lab-us.trade_cost": {}},
         some("compute_price[users-cn]", lambda x: x > 1e5), single=False),  # demand at such a price overflows a float
    Case("reversal from the start", {"sentiment.start": "reversal"}, some("sentiment_reversal", lambda x: x == 1)),
    Case("mood swings", {"sentiment.to_reversal_per_year": 6, "sentiment.to_boom_per_year": 6, **only("sentiment")},
         every(some("sentiment_reversal", lambda x: x == 1), some("sentiment_reversal", lambda x: x == 0)), noise_only=True),
    Case("efficiency jumps", {"efficiency.jumps_per_year": 6, "efficiency.jump_factor": [1.2, 1.6], **only("efficiency")},
         some("efficiency", lambda x: x > 5), noise_only=True),
    Case("allowances shrink", {"segment.users-cn.growth_per_year": 4.0, "segment.users-cn.allowance_million": 0.9,
                               "segment.users-cn.allowance_response": 3.0, "segment.users-cn.base_fee_usd": 1.0},
         lambda rows: rows[-1]["user_bill[users-cn]"] > 1.5 * rows[0]["user_bill[users-cn]"]),
    Case("community machines", {}, lambda rows: rows[0]["owner_share[homes]"] > 0.05,
         extra={"provider": [{"name": "homes", "region": "us", "kind": "community", "count": 500, "deep_pockets": True,
                              "fleet_thousand": {"h200": 120}, "capex_usd_per_year": 1e8, "cost_dispersion": 0.5,
                              "operations_usd_per_h100e_hour": 1.5}]}),
    Case("own service, nearly all of it", {"provider.beta.reserved_share": 0.95, "provider.beta.serves": ["lab-us", "firms-us"],
                                           "provider.civic.reserved_share": 0.95, "provider.civic.fleet_thousand": {"n910": 600},
                                           "segment.users-cn.demand_kh100e": 120},
         some("utilisation[cn]", lambda x: x < 0.5)),
    Case("chips at the price cap, one pool", {"chip.n910.fab_pool": "leading", "region.cn.domestic_floor": 0.0, "fab_pool.leading.capacity_thousand_per_month": 25,
                                              "market.pool_steer": 2.5, "chip.n910.home_region": "us"},
         some("chip_price[h200]", lambda x: x > 40)),
    Case("chips at the price floor, stock limit", {"fab_pool.leading.capacity_thousand_per_month": 200,
                                                   "chip.h200.stock_limit_months": 0.5},
         some("chip_price[h200]", lambda x: x < 23)),
    Case("nobody orders", {f"provider.{name}.capex_usd_per_year": 0.0
                           for name in ("alpha-us", "alpha-cn", "beta", "civic", "small-us")},
         some("chip_price[h200]", lambda x: x < 23)),
    Case("arms race", {"finance.arms_race": 3.0, "finance.arms_race_max": 3.0, "provider.beta.capex_usd_per_year": 3e9},
         lambda rows: True),
    Case("price takers and strong players", {"region.us.conduct": 0.0, "region.cn.conduct": 0.9,
                                             "provider.alpha-cn.conduct_weight": 1.15, "provider.civic.conduct_weight": 0.0},
         lambda rows: True),
    Case("all classes banned", {RULE + "start": "ban", RULE + "transition": STAY, RULE + "schedule": []},
         some("leaked_chips[cn]", lambda x: x > 0.1),
         extra={"export": [{"class": "legacy", "region": "cn", "start": "ban", "leak_share": 0.3}]}),
    Case("short lives, long leads", {"chip.h200.life_months": 12, "chip.h200.failure_per_year": 0.5,
                                     "chip.h200.lead_time_months": 14, "chip.n910.lead_time_months": 3},
         some("fleet[us]", lambda x: x < 1000)),
    Case("power added by policy", {}, lambda rows: True,
         extra={"policy": [policy("grid", "power_mw_added", 900, region="us", start="2026-01")]}),
]


def find(node, steps):
    """The table that a key path leads to, and the key left over."""
    while len(steps) > 1:
        if isinstance(node, list):
            if "class" in node[0]:
                node = next(t for t in node if [t["class"], t["region"]] == steps[:2])
                steps = steps[2:]
                continue
            node = next(t for t in node if t["name"] == steps[0])
        else:
            node = node.setdefault(steps[0], {})
        steps = steps[1:]
    return node, steps[0]


def edited(table, case):
    table = copy.deepcopy(table)
    for path, value in case.edits.items():
        node, key = find(table, path.split("."))
        node[key] = value
    for name, items in case.extra.items():
        table.setdefault(name, []).extend(items)
    return table


def toml_value(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value)


def toml_text(table):
    lines = []
    for name, value in table.items():
        several = isinstance(value, list)
        for item in value if several else [value]:
            lines.append(f"[[{name}]]" if several else f"[{name}]")
            lines += [f"{key} = {toml_value(inner)}" for key, inner in item.items()]
    return "\n".join(lines) + "\n"


def write_case(case, base, folder):
    """@returns the path of the scenario's file"""
    with open(base, "rb") as file:
        table = edited(tomllib.load(file), case)
    path = folder / (case.name.replace(" ", "-").replace(",", "") + ".toml")
    path.write_text(toml_text(table))
    return path
