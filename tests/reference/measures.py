"""The measures of a month by the names that the program prints (docs/model.md, section 7)."""

from downstream import application_margin, pass_through, price_changes
from shocks import power_in_force
from tables import REGIMES


def ratio(a, b):
    return a / b if b > 1e-9 else None


def hhi(groups):
    """(7.1); groups are (total, equal members)"""
    total = sum(x for x, _ in groups)
    return 1e4 * sum(x * x / n for x, n in groups) / total**2 if total > 0 else 0.0


def share_of_largest(groups, k):
    """CR k, the members of a fringe one by one"""
    total = sum(x for x, _ in groups)
    firms = sorted((x / n for x, n in groups for _ in range(n)), reverse=True)
    return sum(firms[:k]) / total if total > 0 else 0.0


def mean_price(state, month, regions):
    """Weighted by quantity, own service included"""
    paid = quantity = 0.0
    for (r, c), offers in month.offers.items():
        if r in regions:
            used = sum(o.sold + o.own for o in offers)
            paid, quantity = paid + state.prices[r, c] * used, quantity + used
    return ratio(paid, quantity)


def concentration(out, prefix, suffix, what, groups):
    out[f"{prefix}hhi_{what}{suffix}"] = hhi(groups)
    for k in (1, 3, 4, 5):
        out[f"{prefix}cr{k}_{what}{suffix}"] = share_of_largest(groups, k)


def owners(s):
    groups = {}
    for u in s.units:
        groups.setdefault(u.owner, []).append(u)
    return groups


def fleet_of(s, month, units):
    return sum(month.fleet[u.name, c] for u in units for c in s.chips)


def concentrations(s, month, out):
    revenue = lambda units: sum(month.revenue[u.name] for u in units)
    for what, value in (("fleet", lambda units: fleet_of(s, month, units)), ("revenue", revenue)):
        concentration(out, "", "", what, [(value(group), group[0].firms) for group in owners(s).values()])
        for r in s.regions:
            concentration(out, "regional_", f"[{r}]", what, [(value([u]), u.firms) for u in s.units_in(r)])
    out["country_hhi"] = hhi([(fleet_of(s, month, s.units_in(r)), 1) for r in s.regions])
    for owner, group in owners(s).items():
        out[f"owner_share[{owner}]"] = ratio(fleet_of(s, month, group), fleet_of(s, month, s.units))


def rental_measures(s, month, out):
    out["world_price"], out["world_utilisation"] = month.world_price, month.world_utilisation
    out["demand"] = month.world_demand
    for r in s.regions:
        out[f"regional_price[{r}]"] = month.regional_price[r]
        out[f"utilisation[{r}]"] = month.utilisation[r]
        out[f"unserved_share[{r}]"] = unserved(month, r)
        for c in s.chips:
            out[f"rental_price[{r},{c}]"] = month.prices.get((r, c))


def unserved(month, region):
    """Share of demand in a region's markets that ceilings leave without supply"""
    demand = sum(d for (r, _), d in month.market_demand.items() if r == region)
    short = sum(max(month.market_demand[m] - sum(o.sold for o in month.offers[m]), 0.0)
                for m in month.rationed if m[0] == region)
    return short / demand if demand > 0 else 0.0


def full(share):
    """Where there is no power at all, all of it is drawn"""
    return 1.0 if share is None else share


def fleet_measures(s, state, month, out):
    world = fleet_of(s, month, s.units)
    out["world_fleet"] = world
    for r in s.regions:
        units = s.units_in(r)
        out[f"fleet[{r}]"] = fleet_of(s, month, units)
        out[f"fleet_share[{r}]"] = ratio(fleet_of(s, month, units), world)
        out[f"power_share[{r}]"] = full(ratio(month.power_used[r], power_in_force(s, state, r)))
        out[f"idle_for_power[{r}]"] = sum(chip.performance * state.fleets[u.name].waiting[c]
                                          for u in units for c, chip in s.chips.items())
        out[f"power_bound[{r}]"] = month.power_bound[r]
        installs = sum(month.installed[r, c] for c in s.chips)
        out[f"chip_installs[{r}]"] = None if month.spending is None else installs
        own = [c for c, chip in s.chips.items() if chip.home == r]
        own_installs = sum(month.installed[r, c] for c in own)
        out[f"domestic_install_share[{r}]"] = ratio(own_installs, installs) if own else None
        out[f"leaked_chips[{r}]"] = month.leaked[r]


def firm_measures(s, state, out):
    out["firms"] = sum(u.firms for u in s.units if state.fleets[u.name].active)
    out["exits"] = sum(u.firms for u in s.units if not state.fleets[u.name].active)
    for r in s.regions:
        out[f"price_war[{r}]"] = float(state.war[r])
        for x in s.export_classes:
            out[f"regime[{x},{r}]"] = float(REGIMES.index(state.regime[x, r]))
    out["sentiment_reversal"] = float(state.reversal)


def downstream_measures(s, state, month, start, out):
    for c in s.chips:
        out[f"chip_price[{c}]"] = state.chip_prices[c]
    for name, now in month.segments.items():
        out[f"compute_price[{name}]"] = month.compute_price[name]
        out[f"token_price[{name}]"] = now.token
        out[f"user_bill[{name}]"] = now.bill
        out[f"priced_out[{name}]"] = now.priced_out
    changes = price_changes(s, month, start)
    out.update({f"price_change[{layer}]": change for layer, change in changes.items()})
    out.update({f"pass_through[{link}]": value for link, value in pass_through(s, month, start).items()})
    out["application_margin"] = application_margin(s, month.segments, start.segments)
    out["efficiency"] = 2.0 ** state.efficiency_log2
    out["capital_spending"] = month.spending


def measure(s, state, month, start):
    """@returns name -> value, None where it is not defined"""
    out = {}
    rental_measures(s, month, out)
    fleet_measures(s, state, month, out)
    concentrations(s, month, out)
    firm_measures(s, state, out)
    downstream_measures(s, state, month, start, out)
    return out
