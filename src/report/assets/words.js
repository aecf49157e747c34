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

  const scaled = (value, inPercent) => (inPercent ? 100 * value : value);

  // Digits after the point that a number of this size is shown with.
  function places(shown) {
    const size = Math.abs(shown);
    if (size >= 100 || size === 0) return 0;
    if (size >= 0.1) return size >= 10 ? 1 : 2;
    return Math.min(1 - Math.floor(Math.log10(size)), 20);
  }

  function fixed(value, digits, inPercent) {
    const text = scaled(value, inPercent)
                     .toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits});
    return inPercent && inPercent !== points ? `${text}\u00a0%` : text;
  }

  const isMissing = (value) => value === null || value === undefined;

  function number(value, inPercent) {
    return isMissing(value) ? "–" : fixed(value, places(scaled(value, inPercent)), inPercent);
  }

  const chance = (value) => number(value, true);

  // Each end as it stands elsewhere on the page.
  const range = (low, high, inPercent) => `${number(low, inPercent)} to ${number(high, inPercent)}`;

  const sign = (value) => (value > 0 ? "+" : "");

  // Both ends of a confidence interval with as many digits after the point: what the finer end needs, at most two more than
  // the larger end.
  function interval([low, high], inPercent, isSigned) {
    if (isMissing(low) || isMissing(high)) return "";
    const shown = [low, high].map((value) => scaled(value, inPercent));
    const larger = shown.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
    const digits = Math.min(Math.max(...shown.map(places)), places(larger) + 2);
    return [low, high].map((value) => (isSigned ? sign(value) : "") + fixed(value, digits, inPercent)).join(" to ");
  }

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

  return {el, tied, count, number, chance, range, interval, sign, points, measureName, isShare, swatch};
})();
