"""A scenario file, read with tomllib, in the units of the model (docs/model.md, section 2)."""

import math
import tomllib
from dataclasses import dataclass

from draws import SOURCES
from tables import (BAN, OPEN, QUOTA, REGIMES, WINDOW, ComponentPool, ExportRule, Outage, chip, growth, hazard,
                    monthly_chance, pool, region, segment, unit)


@dataclass
class Policy:
    start: int
    end: int
    region: str
    export_class: str | None
    key: str
    value: float


class Scenario:
    """Everything the model needs to know, by name: regions, chips, pools, segments are dictionaries in file order."""

    def __init__(self, table):
        head = table["scenario"]
        self.first = month_number(head.get("start", "2026-01"))
        self.months = head.get("months", 72)
        self.seed = head.get("seed", 1)
        self.seeds = table.get("seeds", {})
        self.frozen = table.get("freeze", {}).get("sources", [])
        identity = [[float(i == j) for j in range(4)] for i in range(4)]
        self.correlation = table.get("correlation", {}).get("matrix", identity)
        self.regions = {t["name"]: region(t) for t in table["region"]}
        self.chips = {t["name"]: chip(t) for t in table["chip"]}
        self.pools = {t["name"]: pool(t) for t in table["fab_pool"]}
        self.outages = [Outage(hazard(t), t["exposure"]) for t in table.get("outage", [])]
        self.components = [self.component_pool(t) for t in table.get("component_pool", [])]
        self.export_classes = [t["name"] for t in table.get("export_class", [])]
        self.rules = {(t["class"], t["region"]): self.export_rule(t) for t in table.get("export", [])}
        self.policies = [self.policy(t) for t in table.get("policy", [])]
        order = list(self.regions)
        self.units = sorted((unit(t) for t in table["provider"]), key=lambda u: order.index(u.region))
        self.segments = {t["name"]: segment(t) for t in table["segment"]}
        self.read_single_tables(table)

    def read_single_tables(self, table):
        mood = table.get("sentiment", {})
        self.starts_in_reversal = mood.get("start", "boom") == "reversal"
        self.to_reversal = monthly_chance(mood.get("to_reversal_per_year", 0.0))
        self.to_boom = monthly_chance(mood.get("to_boom_per_year", 0.0))
        self.reversal_drift = mood.get("reversal_demand_drift_per_year", 0.0)
        self.reversal_capex = mood.get("reversal_capex", 1.0)
        efficiency = table.get("efficiency", {})
        self.efficiency_growth = growth(efficiency)
        self.efficiency_volatility = efficiency.get("volatility", 0.0)
        self.jump_chance = monthly_chance(efficiency.get("jumps_per_year", 0.0))
        self.jump_log2 = [math.log2(factor) for factor in efficiency.get("jump_factor", [1.0, 1.0])]
        market = table.get("market", {})
        self.sigma = market.get("sigma", 6.0)
        self.kink = market.get("kink", 0.05)
        self.start_price = market.get("start_price_usd", 2.5)
        self.empty_capacity = market.get("empty_capacity_kh100e", 0.001)
        self.pool_steer = market.get("pool_steer", 1.0)
        finance = table.get("finance", {})
        defaults = {"fixed_capital_share": 0.7, "transfer_share": 0.5, "expected_decline": 0.7, "class_choice": 2.0,
                    "q_exponent": 1.0, "q_min": 0.2, "q_max": 2.0, "demand_exponent": 0.5, "arms_race": 0.0,
                    "arms_race_max": 1.5}
        for key, default in defaults.items():
            setattr(self, key, finance.get(key, default))
        application = table.get("application", {})
        self.application_segment = application.get("segment", next(iter(self.segments)))
        self.paid_share = application.get("paid_share", 0.1)
        self.revenue_per_payer = application.get("arpu_usd", 30.0)
        self.application_tokens = application.get("tokens_per_user_million", 1.0)
        self.application_token_price = application.get("token_price_usd_per_million", 5.0)

    def month(self, text):
        return month_number(text) - self.first

    def component_pool(self, table):
        rate, capacity = growth(table), [float(table["mw_per_month"])]
        for t in range(self.months):
            capacity.append(capacity[-1] * 2.0 ** rate(t))
        return ComponentPool(capacity, hazard(table, "outages_per_year"))

    def export_rule(self, table):
        surcharge = {regime: table.get("surcharge", {}).get(regime, 0.0) for regime in (OPEN, WINDOW, QUOTA)}
        surcharge[BAN] = table.get("grey_premium", 0.0)
        rows = {name: dict(zip(REGIMES, row)) for name, row in table.get("transition", {}).items()}
        return ExportRule(
            start=table.get("start", OPEN), surcharge=surcharge,
            transition={regime: rows.get(regime, {regime: 1.0}) for regime in REGIMES},
            quota=table.get("quota_thousand_per_month", 0.0), leak_share=table.get("leak_share", 0.0),
            stockpile=table.get("stockpile", 1.0),
            schedule={self.month(s["date"]): s["regime"] for s in table.get("schedule", [])})

    def policy(self, table):
        end = self.month(table["until"]) if "until" in table else self.months
        return Policy(self.month(table["from"]), end, table["region"], table.get("class"), table["key"], table["value"])

    def level(self, region_name, key, t):
        """A value of a region in month t, after policies; of two policies the later in the file holds."""
        return self.after_policies(self.regions[region_name].levels[key], region_name, key, None, t)

    def quota(self, export_class, region_name, t):
        rule = self.rules[export_class, region_name]
        return self.after_policies(rule.quota, region_name, "quota_thousand_per_month", export_class, t)

    def after_policies(self, value, region_name, key, export_class, t):
        for policy in self.policies:
            same = (policy.region, policy.key, policy.export_class) == (region_name, key, export_class)
            if same and policy.start <= t < policy.end:
                value = policy.value
        return value

    def surcharge(self, export_class, region_name, regime):
        rule = self.rules.get((export_class, region_name))
        return rule.surcharge[regime] if rule else 0.0

    def units_in(self, region_name):
        return [u for u in self.units if u.region == region_name]

    def source_seeds(self, run_seed, no_shocks):
        """Seed by source; frozen sources are left out."""
        seeds = {name: self.seeds.get(name, self.seed if run_seed is None else run_seed) for name in SOURCES}
        return {} if no_shocks else {name: seed for name, seed in seeds.items() if name not in self.frozen}


def month_number(text):
    year, month = text.split("-")
    return 12 * int(year) + int(month) - 1


def read_scenario(path):
    with open(path, "rb") as file:
        return Scenario(tomllib.load(file))
