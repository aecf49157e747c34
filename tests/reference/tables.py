"""The tables of a scenario file in the units of the model (docs/model.md, section 2)."""

import math
from dataclasses import dataclass

HOURS = 730.0
OPEN, WINDOW, QUOTA, BAN = "open", "window", "quota", "ban"
REGIMES = (OPEN, WINDOW, QUOTA, BAN)


@dataclass
class Growth:
    """(2.1): the growth of a level, in log2, in the month after month t."""

    start: float
    long_run: float
    half_life: float

    def __call__(self, t):
        fading = 2.0 ** (-t / self.half_life) if self.half_life > 0 else 1.0
        return math.log2(1.0 + self.long_run + (self.start - self.long_run) * fading) / 12.0


def growth(table, prefix="growth"):
    return Growth(table.get(f"{prefix}_per_year", 0.0), table.get(f"{prefix}_long_run_per_year", 0.0),
                  table.get(f"{prefix}_half_life_months", 0.0))


def monthly_chance(per_year):
    """(2.2)"""
    return 1.0 - math.exp(-per_year / 12.0)


@dataclass
class Hazard:
    """Arrivals and decay of a shock level (3.6)."""

    chance: float
    least: float
    largest: float
    persistence: float


def hazard(table, rate="per_year"):
    least, largest = table.get("severity", [0.1, 0.3])
    persistence = math.exp(-1.0 / table.get("recovery_months", 6.0))
    return Hazard(monthly_chance(table.get(rate, 0.0)), least, largest, persistence)


@dataclass
class Region:
    name: str
    electricity: float
    power: float
    power_in_build: float | None
    power_growth: Growth
    build_delay: float
    power_volatility: float
    grid: Hazard
    cut: float
    moratorium: float
    price_spike: float
    conduct: tuple  # in peace, in a price war
    capital_share: tuple
    war_trigger: float
    war_start: float
    war_end: float
    levels: dict  # what policies may change: key -> value without a policy


def region(table):
    shock, war = table.get("grid_shock", {}), table.get("war", {})
    return Region(
        name=table["name"], electricity=table["electricity_usd_per_kwh"], power=table["power_mw"],
        power_in_build=table.get("power_in_build_mw"), power_growth=growth(table, "power_growth"),
        build_delay=table.get("build_delay_months", 18.0), power_volatility=table.get("power_volatility", 0.0),
        grid=hazard(shock), cut=shock.get("cut", 1.0), moratorium=shock.get("moratorium", 0.0),
        price_spike=shock.get("price_spike", 0.0),
        conduct=(table.get("conduct", 0.3), war.get("conduct", 0.02)),
        capital_share=(table.get("capital_share", 1.0), war.get("capital_share", 0.1)),
        war_trigger=war.get("trigger", 0.0), war_start=war.get("start_probability", 0.0),
        war_end=war.get("end_probability", 0.25),
        levels={"price_ceiling_usd": table.get("price_ceiling_usd", math.inf), "subsidy": table.get("subsidy", 0.0),
                "domestic_floor": table.get("domestic_floor", 0.0), "share_cap": table.get("share_cap", 1.0)})


@dataclass
class Chip:
    name: str
    performance: float  # H100e
    power: float  # kW
    list_price: float  # thousand USD, month 0
    decline: float
    system_multiple: float
    life: float
    failure: float  # a month
    lead_time: float
    pool: str
    export_class: str | None
    home: str | None
    floor: float
    cap: float
    order_elasticity: float
    wafers: float
    stock_limit: float
    stock: float
    index_weight: float

    def list_price_at(self, t):
        return self.list_price * (1.0 - self.decline) ** (t / 12.0)

    @property
    def capital_per_hour(self):
        """(4.15), for a delivered cost of one thousand USD a chip."""
        return 1000.0 / (self.life * HOURS * self.performance)


def chip(table):
    return Chip(
        name=table["name"], performance=table["perf_h100e"], power=table["power_kw"],
        list_price=table["list_price_usd"] / 1000.0, decline=table.get("list_price_decline_per_year", 0.0),
        system_multiple=table.get("system_multiple", 1.6), life=table.get("life_months", 60.0),
        failure=1.0 - (1.0 - table.get("failure_per_year", 0.03)) ** (1.0 / 12.0),
        lead_time=table.get("lead_time_months", 6.0), pool=table["fab_pool"],
        export_class=table.get("export_class"), home=table.get("home_region"), floor=table.get("price_floor", 0.7),
        cap=table.get("price_cap", 1.5), order_elasticity=table.get("order_elasticity", 1.0),
        wafers=table.get("wafers_per_chip", 1.0), stock_limit=table.get("stock_limit_months", 6.0),
        stock=table.get("stock_thousand", 0.0), index_weight=table.get("index_weight", 1.0))


@dataclass
class Pool:
    name: str
    capacity: float
    growth: Growth
    volatility: float


def pool(table):
    return Pool(table["name"], table["capacity_thousand_per_month"], growth(table), table.get("yield_volatility", 0.0))


@dataclass
class ComponentPool:
    capacity: list  # MW by month, without shocks
    hazard: Hazard


@dataclass
class Outage:
    hazard: Hazard
    exposure: dict


@dataclass
class ExportRule:
    start: str
    transition: dict
    surcharge: dict  # by regime, the grey premium under a ban
    quota: float
    leak_share: float
    stockpile: float
    schedule: dict  # month -> regime


@dataclass
class Unit:
    name: str
    owner: str
    region: str
    kind: str
    firms: int
    fleet: dict
    old_share: float
    pipeline: dict
    budget: float  # million USD a month
    cost_multiple: float
    leverage: float
    deep_pockets: bool
    priority: float
    conduct_weight: float
    runway: float
    vacancy: float
    dispersion: float
    operations: float
    serves: list
    reserved: float


def unit(table):
    return Unit(
        name=table["name"], owner=table.get("owner", table["name"]), region=table["region"],
        kind=table.get("kind", "commercial"), firms=table.get("count", 1), fleet=table.get("fleet_thousand", {}),
        old_share=table.get("old_share", 0.3), pipeline=table.get("pipeline_thousand", {}),
        budget=table.get("capex_usd_per_year", 0.0) / 12e6, cost_multiple=table.get("cost_multiple", 1.0),
        leverage=table.get("leverage", 0.0), deep_pockets=table.get("deep_pockets", False),
        priority=table.get("priority", 1.0), conduct_weight=table.get("conduct_weight", 1.0),
        runway=table.get("runway_months", 12.0), vacancy=table.get("frictional_vacancy", 0.1),
        dispersion=table.get("cost_dispersion", 0.05), operations=table.get("operations_usd_per_h100e_hour", 0.3),
        serves=table.get("serves", []), reserved=table.get("reserved_share", 0.0))


@dataclass
class Segment:
    name: str
    home: str
    demand_log2: float  # at 1 USD, month 0
    elasticity: float
    growth: Growth
    volatility: float
    common_share: float
    taste: dict
    trade_cost: dict
    tokens_per_hour: float
    discount: float
    cloud_conduct: float
    application_conduct: float
    tightness: float
    fixed_cost_share: float
    tokens: float  # million a user and month
    allowance: float
    allowance_response: float
    base_fee: float
    willingness: float
    willingness_slope: float


def segment(table):
    elasticity = table.get("elasticity", 1.2)
    at_one_dollar = table["demand_kh100e"] * table.get("reference_price_usd", 2.5) ** elasticity
    return Segment(
        name=table["name"], home=table["home"], demand_log2=math.log2(at_one_dollar), elasticity=elasticity,
        growth=growth(table), volatility=table.get("volatility", 0.0), common_share=table.get("common_share", 0.5),
        taste=table.get("taste", {}), trade_cost=table.get("trade_cost", {}),
        tokens_per_hour=table.get("tokens_per_h100e_hour", 1e6), discount=table.get("discount", 0.0),
        cloud_conduct=table.get("cloud_conduct", 0.0), application_conduct=table.get("application_conduct", 0.0),
        tightness=table.get("tightness", 0.0), fixed_cost_share=table.get("fixed_cost_share", 0.0),
        tokens=table.get("tokens_per_user_million", 1.0), allowance=table.get("allowance_million", 0.0),
        allowance_response=table.get("allowance_response", 0.0), base_fee=table.get("base_fee_usd", 0.0),
        willingness=table.get("willingness_multiple", 5.0), willingness_slope=table.get("willingness_slope", 2.0))
