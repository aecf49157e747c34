"use strict";
// Words, numbers and small pictures. Every text enters the page as a text node, never as HTML.
const words = (() => {
  function el(tag, attributes, ...children) {
    const node = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) :
                                          document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {}))
      if (name.startsWith("on"))
        node.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false)
        node.setAttribute(name, value === true ? "" : value);
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  // A number and its percent sign stay on one line.
  const tied = (text) => text.replace(/(\d) %/g, "$1\u00a0%");

  const count = (value) => Math.round(value).toLocaleString("en");

  // Shares are shown in percent, differences of shares in percentage points: the unit beside them says so.
  const points = "points";

  function number(value, inPercent) {
    if (value === null || value === undefined) return "–";
    const shown = inPercent ? 100 * value : value;
    const size = Math.abs(shown);
    const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
    const places = size > 0 && size < 0.1 ? {maximumSignificantDigits: 2} :
                                             {minimumFractionDigits: digits, maximumFractionDigits: digits};
    const text = shown.toLocaleString("en", places);
    return inPercent && inPercent !== points ? `${text}\u00a0%` : text;
  }

  function chance(value) {
    if (value === null) return "–";
    return `${Number((100 * value).toPrecision(value > 0 && value < 0.01 ? 2 : 3)).toLocaleString("en", {
      maximumFractionDigits: 4
    })}\u00a0%`;
  }

  const range = (low, high, inPercent) => `${number(low, inPercent)} to ${number(high, inPercent)}`;

  const names = {
    world_price: "Rental price, world",
    regional_price: "Rental price",
    hhi_fleet: "HHI of owners by fleet",
    cr4_fleet: "Share of the four largest owners",
    world_utilisation: "Utilisation, world",
    utilisation: "Utilisation",
    exits: "Firms that have left",
  };
  const measureName = (row) => (names[row.measure] ?? row.measure) + (row.element ? `, ${row.element}` : "");
  const isShare = (row) => row.unit === "1";

  // A short piece of a curve as the charts draw it: colour, dash and mark.
  function swatch(k, kind) {
    const shade = charts.curveColour(k);
    const svg = (...shapes) => el("svg:svg", {width: 26, height: 12, "aria-hidden": "true"}, shapes);
    const box = (opacity) => el("svg:rect", {x: 0, y: 1, width: 26, height: 10, fill: shade, "fill-opacity": opacity});
    const stroke = (colour, dash, width) => el("svg:line", {
      x1: 0,
      y1: 6,
      x2: 26,
      y2: 6,
      stroke: colour,
      "stroke-width": width,
      "stroke-dasharray": dash.join(" ") || undefined
    });
    if (kind === "part") return svg(el("svg:rect", {x: 6, y: 0, width: 14, height: 12, fill: charts.partColour(k)}));
    if (kind === "wide") return svg(box(0.16));
    if (kind === "narrow") return svg(box(0.45));
    if (kind === "no_shock") return svg(stroke("currentColor", [3, 3], 1.2));
    return svg(stroke(shade, charts.dashes[k % charts.dashes.length], 2), kind === "scenario" ? mark(k, shade) : null);
  }

  function mark(k, shade) {
    const shapes = [
      "M10 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0", "M13 2l4 7h-8z", "M10 3h6v6h-6z", "M13 2l4 4l-4 4l-4-4z",
      "M10 3l6 6m0-6l-6 6", "M13 2v8m-4-4h8"
    ];
    return el("svg:path", {d: shapes[k % shapes.length], fill: k % 6 < 4 ? shade : "none", stroke: shade});
  }

  return {el, tied, count, number, chance, range, points, measureName, isShare, swatch};
})();
