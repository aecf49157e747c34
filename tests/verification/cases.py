"""The markets of configs/markets and what they must give. Each quantity is named as cases_table.py reads it from
`chokepoint clear --json`: price, quantity, demand, shortage, hhi, lerner, cr4 of a market (the first, or [name]), q
(outputs of all firms in their order), q[name] and profit[name] of a firm of constant cost (for a fringe: of one of its
firms).

Values given as text are digits as published: right to half a unit of the last one. Numbers are closed forms, right to
one part in 1e8. A pair (value, tolerance) says otherwise, and `note` says why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    file: str  # configs/markets/<file>.toml
    source: str
    expected: dict
    overrides: tuple = ()
    note: str = ""


def coupled_prices():
    """coupled_oligopolies.toml by fixed point: p = cost / (1 - 1 / (n e)), e = sigma - (sigma - elasticity) share."""
    elasticity, sigma = 1.1, 4
    cost, count, price = (1.2, 1.5), (3, 2), [1.2, 1.5]
    for _ in range(500):
        pull = [p**-sigma for p in price]
        own = [sigma - (sigma - elasticity) * x / sum(pull) for x in pull]
        price = [c / (1 - 1 / (n * e)) for c, n, e in zip(cost, count, own)]
    return {"price[west]": price[0], "price[east]": price[1]}


def class_prices(sigma):
    """class_arbitrage.toml, all full: p_m = (A / K)^(1 / elasticity) (K / (3 K_m))^(1 / sigma)."""
    capacity = {"h100": 320, "h200": 220, "b200": 100}
    return {f"price[{name}]": (1000 / 640) ** (1 / 1.1) * (640 / (3 * k)) ** (1 / sigma) for name, k in capacity.items()}


def barred(west, east):
    return {"price[west]": west, "price[east]": east}


MURPHY = "Murphy, Sherali and Soyster (1982)"
KIRSCHEN = "Kirschen and Strbac (2004), chapter 6"
SALANT = "Salant, Switzer and Reynolds (1983)"

PUBLISHED = [
    Case("murphy_cournot", MURPHY + ", Cournot",
         {"q": "36.9325 41.8181 43.7066 42.6592 39.1790", "price": "18.3006", "hhi": "2007.31"}),
    Case("murphy_price_taking", MURPHY + ", price-taking",
         {"q": "44.2628 50.2959 50.7747 47.3421 41.6578", "price": ("16.1550", 1e-4)},
         note="the outputs printed beside it give 16.1549"),
    Case("harker_ten_firms", "Harker (1988), ten firms; MCPLIB", {"q": "7 4 3 1 18 4 1 6 3 2"}),
    Case("miranda_fackler_duopoly", "Miranda and Fackler (2002), chapter 3", {"q": "0.8396 0.6888"}),
    Case("henderson_quandt_duopoly", "Henderson and Quandt (1980), chapter 8",
         {"q": [80, 30], "price": 45, "profit[one]": 3200}),
    Case("kirschen_strbac_duopoly", "Kirschen and Strbac (2004), chapter 4",
         {"q": [25, 15], "price": 60, "profit[A]": 625, "profit[B]": 225}),
    Case("puu_duopoly", "Puu (1991)", {"q": [2 / 9, 1 / 9], "price": 3, "profit[x]": 4 / 9, "profit[y]": 1 / 9}),
    Case("salant_switzer_reynolds", SALANT + ", five firms", {"price": 1 / 6, "profit[firms]": 1 / 36}),
    Case("salant_switzer_reynolds", SALANT + ", four of the five merged", {"price": 1 / 3, "profit[firms]": 1 / 9},
         ("firm.firms.count=2",)),
    Case("salant_switzer_reynolds", SALANT + ", three firms", {"price": 1 / 4, "profit[firms]": 1 / 16},
         ("firm.firms.count=3",), "a merger of two of them earns 1/9, less than 2/16"),
    Case("kreps_scheinkman", "Kreps and Scheinkman (1983)", {"q": [1 / 3, 1 / 3], "price": 1 / 3}),
    Case("kirschen_strbac_apart", KIRSCHEN + ", no line", {"price[borduria]": "15.00", "price[syldavia]": "43.00"}),
    Case("kirschen_strbac_joined", KIRSCHEN + ", ample line",
         {"q": "1433 567", "price": ("24.30", 0.05)}, note="the outputs printed beside it give 24.33"),
    Case("kirschen_strbac_congested", KIRSCHEN + ", line of 400 MW",
         {"price[borduria]": "19.00", "price[syldavia]": "35.00", "q": "900 1100 400"}),
    Case("hhi_four_firms", "US merger guidelines (2010), section 5.3", {"hhi": 2600, "cr4": 1}),
    Case("hhi_five_firms_ec", "EC merger guidelines (2004), point 16", {"hhi": 2550, "cr4": 0.9}),
    Case("hhi_nine_banks", "Federal Reserve, example of nine banks", {"hhi": 2000}),
    Case("hhi_nine_firms", "textbook, nine firms", {"hhi": 1540, "cr4": 0.7}),
    Case("hhi_nine_firms_merger", "textbook, nine firms, the largest two merged", {"hhi": 2540}),
    Case("hhi_nine_firms_merger", "textbook, nine firms, the smallest two merged", {"hhi": 1580},
         ("shares=[25, 20, 15, 10, 9, 8, 7, 6]",)),
    Case("foundry_2025q2", "TrendForce (2025), foundry revenue", {"hhi": "5386.06", "cr4": "0.8991"},
         note="within the ten largest; 5051 with the published shares of the whole market"),
    Case("gpu_owners_2026q1", "S0 (2026), GPU owners, Chinese clouds as one", {"hhi": 1218 + 24**2 / 1000, "cr4": "0.66"},
         note="1218 without the many others"),
    Case("gpu_owners_2026q1_by_firm", "S0 (2026), GPU owners, firm by firm", {"hhi": 887.2 + 29.2**2 / 1000, "cr4": "0.56"}),
    Case("cloud_revenue_2025", "S0 (2026), cloud revenue", {"hhi": 1743 + 27**2 / 1000, "cr4": "0.73"},
         note="1743 without the many others"),
    Case("china_centre_2024", "S1 (2025), a centre of 1,000 cards at 20 % occupancy", {"price": "75.0", "q": "25.6"}),
]

CLOSED_FORMS = [
    Case("linear_idle_firm", "linear Cournot with an idle firm",
         {"q": [30, 20, 10, 0], "price": 40, "lerner": "0.583333"}),
    Case("symmetric_oligopoly", "mark-up of n equal firms",
         {"price": 1.5 / (1 - 0.35 / 6), "hhi": 2000, "lerner": 0.35 / 6, "quantity": "514.766"}),
    Case("coupled_oligopolies", "two oligopolies of substitutes", coupled_prices()),
    Case("merit_order", "merit order of price-takers", {"price": 4, "q": [70, 30, 20, 0]}),
    Case("scarcity", "scarcity price", {"price": 2.5**0.8}),
    Case("price_ceiling", "ceiling with rationing",
         {"price": 1.5, "demand": 1000 * 1.5**-1.25, "shortage": 1000 * 1.5**-1.25 - 400}),
    Case("regulated_monopoly", "a monopolist that may set its price", {"price": 3, "quantity": 100 * 3**-1.5},
         ("market.rental.price_ceiling=50",)),
    Case("regulated_monopoly", "the same under a ceiling: it sells all that is wanted",
         {"price": 1.1, "quantity": 100 * 1.1**-1.5, "shortage": 0}),
    Case("regulated_monopoly", "three of them with less conduct", {"quantity": "88.6"},
         ("market.rental.price_ceiling=50", "firm.firms.count=3", "firm.firms.conduct=0.35")),
    Case("regulated_monopoly", "three of them under a ceiling of 1.05", {"quantity": "92.9", "shortage": 0},
         ("market.rental.price_ceiling=1.05", "firm.firms.count=3", "firm.firms.conduct=0.35")),
    Case("two_regions_barred", "two regions without trade", barred(1.2 / (1 - 0.5 / 4.4), 2 / (1 - 0.5 / 1.8))),
    Case("two_regions_trade", "two regions with trade at a cost of 1.25",
         {"price[west]": 1, "price[east]": "1.2516"}),
    Case("class_arbitrage", "classes as near-perfect substitutes, sigma 1000", class_prices(1000)),
    Case("class_arbitrage", "the same classes, sigma 4", class_prices(4), ("segment.buyers.sigma=4",)),
]

CASES = PUBLISHED + CLOSED_FORMS
