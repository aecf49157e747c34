"""Small faults, each planted alone by mutate.py: what a slip of the hand would look like. `search` must be found exactly
once in `file`; `test` is the file under tests/ (without _test.cpp) that has to fail; `library` names sources of src/
that are compiled with it, where the fault acts through them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    name: str
    file: str
    search: str
    replace: str
    test: str
    library: tuple = ()


MARKET = "include/chokepoint/market/"
TALLY = "include/chokepoint/tally/"
ONE_SHOT = ("src/one_shot/clear.cpp", "src/one_shot/polish.cpp", "src/one_shot/existence.cpp",
            "src/one_shot/result.cpp", "src/one_shot/surplus.cpp", "src/one_shot/search.cpp",
            "src/one_shot/roots.cpp", "src/one_shot/deviation.cpp", "src/one_shot/demand.cpp",
            "src/one_shot/lower.cpp")

FAULTS = [
    # Chips, export rules, power
    Fault("subsidy raises the price of a chip", MARKET + "chips.hpp", "N(1) - N(month.subsidy[r])",
          "N(1) + N(month.subsidy[r])", "market/mechanism"),
    Fault("surcharge of a window is left out", MARKET + "chips.hpp", "N(surcharge[regime_window]), markup)",
          "markup, markup)", "market/mechanism"),
    Fault("orders answer the chip price with the price's own exponent", MARKET + "chips.hpp",
          "exp2(-N(p.chips.order_exponent[c]) * log2_multiple)", "exp2(-log2_multiple)", "market/station"),
    Fault("a hazard adds to the output of a fab", MARKET + "chips.hpp", "fma(-N(p.shocks.outage_exposure[k][f]),",
          "fma(N(p.shocks.outage_exposure[k][f]),", "market/station"),
    Fault("a quota lets everything pass", MARKET + "chips.hpp", "minimum(quota_passes, cap_passes), cap_passes)",
          "cap_passes, cap_passes)", "market/accounting"),
    Fault("a ban catches orders a month late", MARKET + "shocks.hpp",
          "      const std::int32_t scheduled = month.scheduled_regime[x][r];\n"
          "      if (scheduled >= 0) state.regime[x][r] = U(static_cast<std::uint32_t>(scheduled));\n",
          "      const std::int32_t scheduled = month.scheduled_regime[x][r];\n"
          "      if (scheduled >= 0) state.regime[x][r] = U(static_cast<std::uint32_t>(scheduled));\n"
          "      state.regime_at_order[x][r] = state.regime[x][r];\n", "market/station"),
    Fault("a stage of the pipeline passes on what has just come in", MARKET + "power.hpp",
          "state.pipeline[2][k] = fma(N(share.stays), third, N(share.moves) * second);",
          "state.pipeline[2][k] = fma(N(share.stays), third, N(share.moves) * (second + N(share.moves) * first));",
          "market/mechanism"),
    Fault("failed chips stay at work", MARKET + "power.hpp", "state.young[k] = N(share.remains) * young;",
          "state.young[k] = young - N(share.matures) * young;", "market/accounting"),
    Fault("chips are installed beyond the power there is", MARKET + "power.hpp",
          "maximum(flows.power_available[r] - chips[r].used, zero)", "flows.power_available[r]",
          "market/accounting"),
    # Shocks
    Fault("the noise of power is not drawn", MARKET + "shocks.hpp", "if (is_random(p, Source::power)) {",
          "if (false) {", "market/station"),
    Fault("a new shock wipes out an older, worse one", MARKET + "shocks.hpp",
          "select(arrival < N(rate), maximum(level, hit), level)", "select(arrival < N(rate), hit, level)",
          "market/station"),
    Fault("segments do not share the common factor of demand", MARKET + "shocks.hpp",
          "change = fma(N(p.shocks.demand_common[s]), common.demand, change);", "", "market/station"),
    Fault("draws of all entities of a source are one", "include/chokepoint/numeric/draws.hpp",
          "Word(number << 16 | block_index)", "Word(number << 16)", "numeric/draws"),
    # Rental markets
    Fault("conduct of a fringe is not divided by its firms", "src/scenario/lower/providers.cpp",
          "provider.conduct_weight / provider.count", "provider.conduct_weight", "scenario/lower",
          ("src/scenario/lower/providers.cpp",)),
    Fault("a price war leaves conduct as it is", MARKET + "settlement.hpp",
          "blend(state.war[r], N(p.regions.conduct[r]), N(p.regions.war_conduct[r]))", "N(p.regions.conduct[r])",
          "market/station"),
    Fault("costs of a fleet spread half as far", MARKET + "fleet_response.hpp",
          "greatest(fma(spread, cost, market_power), N(1e-9))",
          "greatest(fma(spread * N(0.5), cost, market_power), N(1e-9))",
          "market/fleet_response"),
    Fault("the kink at the margin is sharp", MARKET + "fleet_response.hpp",
          "const N margin = fma(curve, rounded, greatest(above - N(kink.two_widths), zero));",
          "const N margin = greatest(above - (N(kink.over) - N(1)), zero);",
          "market/fleet_response"),
    Fault("own elasticity leaves out that buyers switch", MARKET + "rental_demand.hpp",
          "elasticity_[m] = greatest(fma(-(pull_[m] * large) * own, inverse, N(d.sigma)), N(d.least_elasticity));",
          "elasticity_[m] = N(d.sigma);",
          "market/fleet_response"),
    Fault("a price ceiling is ignored", MARKET + "price_ceiling.hpp",
          "return exist_ ? minimum(place, N(log2_ceiling_[region_of(p_, m)])) : place;", "return place;",
          "market/ceiling"),
    Fault("sellers hold back at a ceiling as if they moved the price", MARKET + "price_ceiling.hpp",
          "return maximum(N(1) - maximum(given_up, N(0)), N(0x1p-40));", "return N(1) + N(0) * given_up;",
          "market/ceiling"),
    Fault("buyers who are short at a ceiling stay at home", MARKET + "price_ceiling.hpp",
          "return place - clamp(place - N(ceiling), N(0), N(conduct_width));", "return minimum(place, N(ceiling));",
          "market/ceiling"),
    Fault("what is not to be had at a ceiling is paid at its shadow price", MARKET + "rental_demand.hpp",
          "exp2(ceilings_.log2_paid(m, place[m]) - ceilings_.log2_shadow(m, place[m]))", "N(1)", "market/ceiling"),
    Fault("a full fleet's output is the small difference of large numbers", MARKET + "fleet_response.hpp",
          "const N wish = least(margin * inverse, N(kink.over));", "const N wish = margin * inverse;", "market/last_resort"),
    Fault("a market without buyers stays open", MARKET + "rental.hpp", "mask_t<N>(p.demand.has_buyers[m] != 0)",
          "mask_t<N>(true)", "market/last_resort"),
    Fault("the whole Jacobian leaves out what prices do to the mix of buyers", MARKET + "rental_demand.hpp",
          "own - N(d.sigma) * weight, change[k]", "own, change[k]", "market/last_resort"),
    Fault("a sweep looks on the wrong side", MARKET + "solver/last_resort.hpp",
          "const auto too_dear = response.residual[m] > N(0);", "const auto too_dear = response.residual[m] < N(0);",
          "market/last_resort"),
    Fault("prices out of range count as solved", MARKET + "settlement.hpp",
          "select(system.buyers().in_range(), solution.residual, N(scalar_t<N>(unsolved_residual)))",
          "solution.residual", "market/last_resort"),
    Fault("one-shot: every marginal cost is taken for a straight line", MARKET + "one_shot/firm.hpp",
          "wished_output<N>(market_power * unit, curved, firm.exponent, view.margin);",
          "wished_output<N>(market_power * unit, curved, N(1), view.margin);", "market/one_shot_case", ONE_SHOT),
    Fault("one-shot: conduct of a fringe is not divided by its firms", "src/one_shot/lower.cpp",
          "firm.conduct / firm.count", "firm.conduct", "market/one_shot_case", ONE_SHOT),
    # Cash, exit, investment
    Fault("running costs are booked as income", MARKET + "conduct.hpp",
          "flows.revenue[i] - flows.costs[i]", "flows.revenue[i] + flows.costs[i]", "market/station"),
    Fault("what is left of a leaver is lost, not scrapped", MARKET + "conduct.hpp", "scrapped += freed - moved;",
          "scrapped += zero;", "market/accounting"),
    Fault("stockpiling before a quota rather than in a window", MARKET + "investment.hpp",
          "select(regime == U(regime_window), N(p.trade.stockpile[x][region]), one)",
          "select(regime == U(regime_quota), N(p.trade.stockpile[x][region]), one)",
          "market/mechanism"),
    Fault("the domestic floor is of the plan before stockpiling", MARKET + "investment.hpp",
          "share[c] = share[c] * rules.stockpile[c];\n  }\n  if (has_floor) apply_domestic_floor<N>(p, month, region, share);",
          "share[c] = share[c] * rules.stockpile[c];\n  }", "market/mechanism"),
    Fault("spending rises with one's own lead, not the rivals'", MARKET + "investment.hpp",
          "greatest(N(p.finance.arms_race) * log2(", "greatest(-N(p.finance.arms_race) * log2(", "market/station"),
    # Who pays, what is measured
    Fault("efficiency makes tokens dearer", MARKET + "downstream.hpp", "level_token * exp2(-state.efficiency_log2)",
          "level_token * exp2(state.efficiency_log2)", "market/mechanism"),
    Fault("pass-through leaves out that an application's cost is not all compute", MARKET + "downstream.hpp",
          "(cost - N(d.fixed_cost[s])) * reciprocal(cost)", "one", "market/station"),
    Fault("a bill answers to prices as if no allowance shrank", MARKET + "downstream.hpp",
          "select(paid > zero, fma(N(d.allowance_response[s]), free, paid), zero)", "paid", "market/station"),
    Fault("chips of month 0 are none, not unknown", MARKET + "measures.hpp", "is_start ? missing<N>() : flows.installs[r]",
          "flows.installs[r]", "market/station"),
    Fault("exits are not counted firm by firm", MARKET + "measures.hpp", "all += p.providers.count[i];",
          "all += R(1);", "market/station"),
    Fault("HHI takes a fringe for one firm", MARKET + "concentration.hpp", "squares = fma(value[k], firm, squares);",
          "squares = fma(value[k], value[k], squares);", "market/concentration"),
    # Tallies
    Fault("histograms are shifted by a bin", TALLY + "histogram.hpp", ">> (23 - spec.mantissa_bits)));",
          ">> (23 - spec.mantissa_bits)) + 1);", "tally/histogram"),
    Fault("the checksum skips the first path of a row", TALLY + "accumulate.hpp",
          "  for (int path = 0; path < paths; ++path) {\n    const ChecksumState state",
          "  for (int path = 1; path < paths; ++path) {\n    const ChecksumState state", "tally/accumulate"),
    Fault("events are counted a month late", TALLY + "events.hpp", "state.first_month = month;",
          "state.first_month = month + 1;", "tally/events"),
    Fault("an event that nobody knows of did not happen", TALLY + "events.hpp",
          "if (!passed & is_looked_at & !known) state.first_month = maybe;", "", "tally/events"),
    Fault("an event that cannot be seen is over", TALLY + "events.hpp", "if (open & known & !holds)", "if (open & !holds)",
          "tally/events"),
    Fault("the whole path of a flow begins with month 0", "src/analysis/predicate.cpp",
          "whole_path_begins_ = has_flow_ ? std::min(1, names_.last_month()) : 0;", "whole_path_begins_ = 0;",
          "analysis/predicate", ("src/analysis/predicate.cpp",)),
    Fault("a regime without a way out is not remarked on", "src/scenario/remarks.cpp",
          "if (!row || !((*row)[to] > 0)) continue;", "continue;", "scenario/faults", ("src/scenario/remarks.cpp",)),
]
