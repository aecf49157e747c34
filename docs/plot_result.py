#!/usr/bin/env python3
"""Draws the picture of the README from a result: fans of price, concentration, utilisation and power.

    python3 docs/plot_result.py results/baseline/result.nc docs/images/baseline.png

Needs xarray, netcdf4 and matplotlib from PyPI.
"""
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import xarray


def fan(axis, data, measure, label, colour, **at):
    """Median, and bands from 25 to 75 % and 5 to 95 % of the paths, of one measure by month."""
    quantiles = data[f"{measure}_quantile"].sel(**at) if at else data[f"{measure}_quantile"]
    month = quantiles.time.values

    def level(q):
        return quantiles.sel(quantile=q, method="nearest").values

    axis.fill_between(month, level(0.05), level(0.95), color=colour, alpha=0.15, linewidth=0)
    axis.fill_between(month, level(0.25), level(0.75), color=colour, alpha=0.25, linewidth=0)
    axis.plot(month, level(0.5), color=colour, linewidth=1.8, label=label)


def titled(axis, title, unit):
    axis.set_title(title, loc="left", fontsize=10)
    axis.set_ylabel(unit, fontsize=8)
    axis.tick_params(labelsize=8)
    axis.grid(alpha=0.25)
    axis.set_ylim(bottom=0)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=8, frameon=False, loc="best")


def main(source, target):
    data = xarray.open_dataset(source)
    figure, axes = plt.subplots(2, 3, figsize=(13, 6.6), constrained_layout=True)
    fan(axes[0, 0], data, "regional_price", "United States", "tab:blue", region="us")
    fan(axes[0, 0], data, "regional_price", "China", "tab:red", region="cn")
    titled(axes[0, 0], "Rental price", "USD per H100e-hour")
    fan(axes[0, 1], data, "hhi_fleet", "HHI of owners by fleet", "tab:purple")
    axes[0, 1].axhline(1800, color="grey", linestyle=":", linewidth=1, label="1,800: concentrated")
    titled(axes[0, 1], "Concentration", "points")
    fan(axes[0, 2], data, "utilisation", "United States", "tab:blue", region="us")
    fan(axes[0, 2], data, "utilisation", "China", "tab:red", region="cn")
    titled(axes[0, 2], "Utilisation", "share of the fleet")
    fan(axes[1, 0], data, "world_fleet", "world", "tab:green")
    titled(axes[1, 0], "Installed capacity", "thousand H100e")
    fan(axes[1, 1], data, "power_share", "United States", "tab:blue", region="us")
    titled(axes[1, 1], "Power drawn by the fleet", "share of what is available")
    fan(axes[1, 2], data, "firms", "firms in the market", "tab:brown")
    titled(axes[1, 2], "Firms", "count")
    figure.suptitle("Lines: median. Bands: 25-75 % and 5-95 % of the paths.", fontsize=9, color="dimgrey")
    figure.savefig(target, dpi=80)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
