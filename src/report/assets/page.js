"use strict";
// Builds the page from its data. Every text enters as a text node, never as HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const scenarios = data.scenarios;
  const time = { months: data.months, dates: data.dates };
  const labels = scenarios.map((scenario) => scenario.label);
  const isSingle = scenarios.length === 1;

  // ------------------------------------------------------------------------------------------------ elements, words

  function el(tag, attributes, ...children) {
    const node = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {}))
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  const count = (value) => Math.round(value).toLocaleString("en");

  function number(value, inPercent) {
    if (value === null || value === undefined) return "–";
    const shown = inPercent ? 100 * value : value;
    const size = Math.abs(shown);
    const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 0.01 ? 2 : 4;
    const text = shown.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return inPercent ? `${text}\u00a0%` : text;
  }

  function chance(value) {
    if (value === null) return "–";
    return `${Number((100 * value).toPrecision(value > 0 && value < 0.01 ? 2 : 3)).toLocaleString("en", { maximumFractionDigits: 4 })}\u00a0%`;
  }

  const range = (low, high, inPercent) => `${number(low, inPercent)} to ${number(high, inPercent)}`;

  const names = {
    world_price: "Rental price, world", regional_price: "Rental price", hhi_fleet: "HHI of owners by fleet",
    cr4_fleet: "Share of the four largest owners", world_utilisation: "Utilisation, world", utilisation: "Utilisation",
    exits: "Firms that have left",
  };
  const measureName = (row) => (names[row.measure] ?? row.measure) + (row.element ? `, ${row.element}` : "");
  const isShare = (row) => row.unit === "1";

  // A short piece of a curve as the charts draw it: colour, dash and mark.
  function swatch(k, kind) {
    const shade = charts.curveColour(k);
    const svg = (...shapes) => el("svg:svg", { width: 26, height: 12, "aria-hidden": "true" }, shapes);
    const box = (opacity) => el("svg:rect", { x: 0, y: 1, width: 26, height: 10, fill: shade, "fill-opacity": opacity });
    const stroke = (colour, dash, width) =>
      el("svg:line", { x1: 0, y1: 6, x2: 26, y2: 6, stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" ") || undefined });
    if (kind === "part") return svg(el("svg:rect", { x: 6, y: 0, width: 14, height: 12, fill: charts.partColour(k) }));
    if (kind === "wide") return svg(box(0.16));
    if (kind === "narrow") return svg(box(0.45));
    if (kind === "no_shock") return svg(stroke("currentColor", [3, 3], 1.2));
    return svg(stroke(shade, charts.dashes[k % charts.dashes.length], 2), kind === "scenario" ? mark(k, shade) : null);
  }

  function mark(k, shade) {
    const shapes = ["M10 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0", "M13 2l4 7h-8z", "M10 3h6v6h-6z", "M13 2l4 4l-4 4l-4-4z", "M10 3l6 6m0-6l-6 6", "M13 2v8m-4-4h8"];
    return el("svg:path", { d: shapes[k % shapes.length], fill: k % 6 < 4 ? shade : "none", stroke: shade });
  }

  // ------------------------------------------------------------------------------------------------------- figures

  const drawn = [];  // { figure, panel, canvas, chart, readout, state }

  const layerNames = { median: "median", narrow: "25 to 75 %", wide: "5 to 95 % of the paths", no_shock: "no shocks" };

  function layersOf(figure) {
    if (figure.kind !== "fan") return [];
    return ["median", "narrow", "wide", ...(figure.panels[0].curves[0].no_shock ? ["no_shock"] : [])];
  }

  function limitsOf(panels, lines) {
    const values = panels.flatMap((panel) => panel.curves.flatMap((curve) => Object.values(curve).filter(Array.isArray).flat()));
    const known = values.filter((value) => value !== null);
    return { low: Math.min(0, ...known), high: Math.max(0, ...known, ...lines.map((line) => line.value)) };
  }

  // What the legend has hidden and where the cursor stands; one for all panels of a figure.
  function makeState(figure) {
    const hidden = new Set();
    if (figure.kind === "fan" && !isSingle) hidden.add("narrow");
    const isHidden = (curve, layer) => hidden.has(layer) || hidden.has(curve);
    return { hidden, isHidden, cursor: { month: null } };
  }

  function legend(figure, state) {
    const list = el("ul", { class: "legend", "aria-label": "Legend: press to hide or show" });
    const add = (key, name, picture) => {
      const button = el("button", { type: "button", "aria-pressed": String(!state.hidden.has(key)) }, picture(), name);
      button.addEventListener("click", () => {
        if (!state.hidden.delete(key)) state.hidden.add(key);
        button.setAttribute("aria-pressed", String(!state.hidden.has(key)));
        for (const item of drawn) if (item.state === state) refresh(item);
      });
      repaints.push(() => button.firstChild.replaceWith(picture()));
      list.append(el("li", {}, button));
    };
    if (figure.kind === "stack") figure.panels[0].curves.forEach((part, k) => add(k, part.label, () => swatch(k, "part")));
    else if (!isSingle) labels.forEach((label, k) => add(k, label, () => swatch(k, "scenario")));
    for (const layer of layersOf(figure)) add(layer, layerNames[layer], () => swatch(0, layer));
    return list.childElementCount > 0 ? list : null;
  }

  const repaints = [];

  function refresh(item) {
    charts.show(item.chart, item.state.isHidden);
    tell(item);
  }

  function entry(item, curve, k, at) {
    const inPercent = item.figure.percent;
    if (item.figure.kind !== "fan") return [el("b", {}, number(curve.value[at], inPercent))];
    const spread = ` (${range(curve.q05[at], curve.q95[at], inPercent)})`;
    return [el("b", {}, number(curve.median[at], inPercent)), curve.median[at] === null ? "" : spread];
  }

  // The numbers under the cursor; without one, those of the last month.
  function tell(item) {
    const { month } = item.state.cursor;
    const at = month === null ? time.months.length - 1 : time.months.indexOf(month);
    const isStack = item.figure.kind === "stack";
    const entries = item.panel.curves.map((curve, order) => {
      const k = isStack ? order : labels.indexOf(curve.label);
      if (item.state.hidden.has(k)) return null;
      const name = isStack ? `${curve.label} ` : "";
      return el("span", { class: "entry" }, isSingle && !isStack ? null : swatch(k, isStack ? "part" : "scenario"), " ", name, entry(item, curve, k, at));
    });
    item.readout.replaceChildren(`${time.dates[at]}  `, ...entries.filter(Boolean));
  }

  function setCursor(state, month) {
    state.cursor.month = month;
    for (const item of drawn)
      if (item.state === state) {
        item.chart.draw();
        tell(item);
      }
  }

  function nearest(item, event) {
    const wanted = item.chart.scales.x.getValueForPixel(event.clientX - item.canvas.getBoundingClientRect().left);
    return time.months.reduce((best, month) => (Math.abs(month - wanted) < Math.abs(best - wanted) ? month : best));
  }

  function step(item, event) {
    const last = time.months.length - 1;
    const now = item.state.cursor.month === null ? last : time.months.indexOf(item.state.cursor.month);
    const wanted = { ArrowLeft: now - 1, ArrowRight: now + 1, PageUp: now - 12, PageDown: now + 12, Home: 0, End: last }[event.key];
    if (event.key === "Escape") return setCursor(item.state, null);
    if (wanted === undefined) return;
    event.preventDefault();
    setCursor(item.state, time.months[Math.min(Math.max(wanted, 0), last)]);
  }

  function describe(figure, panel) {
    const told = panel.curves.map((curve) => {
      const values = (curve.median ?? curve.value).filter((value) => value !== null);
      return `${curve.label}: from ${number(values[0], figure.percent)} to ${number(values.at(-1), figure.percent)}`;
    });
    return `Chart. ${figure.title}, ${panel.title}, ${figure.unit}. ${told.join("; ")}. Arrow keys read single months; the numbers are in the table below.`;
  }

  function panelNode(figure, panel, state) {
    const canvas = el("canvas", { role: "img", tabindex: 0, "aria-label": describe(figure, panel) });
    const readout = el("p", { class: "readout" });
    const item = { figure, panel, canvas, readout, state };
    canvas.addEventListener("pointermove", (event) => setCursor(state, nearest(item, event)));
    canvas.addEventListener("pointerleave", () => setCursor(state, null));
    canvas.addEventListener("keydown", (event) => step(item, event));
    canvas.addEventListener("focus", () => readout.setAttribute("aria-live", "polite"));
    canvas.addEventListener("blur", () => { readout.removeAttribute("aria-live"); setCursor(state, null); });
    drawn.push(item);
    return el("div", { class: "panel" }, el("h4", {}, panel.title, panel.detail ? el("span", {}, ` ${panel.detail}`) : null),
      readout, el("div", { class: "plot" }, canvas));
  }

  function dataTable(figure, panel) {
    const columns = panel.curves.flatMap((curve) => Object.keys(curve).filter((key) => Array.isArray(curve[key])).map((key) => ({ curve, key })));
    const titles = { q05: "5 %", q25: "25 %", median: "median", q75: "75 %", q95: "95 %", no_shock: "no shocks", value: "" };
    const several = panel.curves.length > 1 || figure.kind === "stack";
    const head = columns.map(({ curve, key }) => el("th", { scope: "col" }, [several ? curve.label : "", titles[key] || (several ? "" : "value")].filter(Boolean).join(" ")));
    const rows = time.dates.map((date, at) => el("tr", {}, el("th", { scope: "row" }, date), columns.map(({ curve, key }) => el("td", {}, number(curve[key][at], figure.percent)))));
    return el("table", {}, el("caption", {}, `${panel.title}, ${figure.unit}`), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "month"), head)), el("tbody", {}, rows));
  }

  // Built when it is opened: a page of tables nobody asked for would be slow.
  function tables(figure) {
    const details = el("details", {}, el("summary", {}, "Data table"));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1)
        details.append(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Data of ${figure.title}` }, figure.panels.map((panel) => dataTable(figure, panel))));
    });
    return details;
  }

  function figureNode(figure, at) {
    const state = makeState(figure);
    const isWide = figure.panels.length <= 2;
    return el("figure", { id: `figure-${figure.id}` },
      el("div", { class: "figure-head" }, el("h3", {}, el("span", { class: "number" }, `Figure ${at + 1}`), figure.title), el("p", { class: "unit-line" }, figure.unit)),
      legend(figure, state) ?? el("div", { class: "legend" }),
      el("div", { class: isWide ? "panels wide" : "panels" }, figure.panels.map((panel) => panelNode(figure, panel, state))),
      figure.caption ? el("figcaption", {}, figure.caption) : null, tables(figure));
  }

  function drawAll() {
    for (const item of drawn) {
      item.chart?.destroy();
      const limits = limitsOf(item.figure.common_scale ? item.figure.panels : [item.panel], item.figure.lines);
      item.chart = charts.draw(item.canvas, { figure: item.figure, panel: item.panel, time, labels, limits, cursor: item.state.cursor, isHidden: item.state.isHidden });
      tell(item);
    }
    for (const repaint of repaints) repaint();
  }

  // ------------------------------------------------------------------------------------------------------ sections

  function section(id, title, lede, ...children) {
    return el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), lede ? el("p", { class: "lede" }, lede) : null, children);
  }

  function head() {
    const first = scenarios[0];
    const from = first.provenance;
    const facts = isSingle ? `${count(first.paths)} paths of ${first.months} months from ${first.dates.start} to ${first.dates.end} · seed ${from.seed} · digest ${first.digest}`
      : `${scenarios.map((scenario) => `${scenario.label}: ${count(scenario.paths)} paths`).join(" · ")} · ${first.months} months from ${first.dates.start}`;
    return el("header", { class: "top" },
      el("div", { class: "kicker" }, el("span", {}, "Chokepoint · scenario report"), el("button", { type: "button", class: "theme", onclick: toggleTheme }, "Light or dark")),
      el("h1", {}, first.title || first.label), first.description ? el("p", { class: "question" }, first.description) : null,
      isSingle ? null : versus(), el("p", { class: "facts" }, facts));
  }

  function versus() {
    return el("div", { class: "versus" }, scenarios.map((scenario, k) => {
      const holder = el("span", {}, swatch(k, "scenario"));
      repaints.push(() => holder.replaceChildren(swatch(k, "scenario")));
      return el("div", {}, holder, el("p", {}, el("b", {}, scenario.label), k === 0 ? "" : ` ${[scenario.title, scenario.description].filter(Boolean).join(". ")}`));
    }));
  }

  function find(scenario, measure) {
    return scenario.headline.find((row) => row.measure === measure && !row.element);
  }

  function tile(measure) {
    const rows = scenarios.map((scenario) => [scenario, find(scenario, measure)]);
    const unit = isShare(rows[0][1]) ? "" : ` ${rows[0][1].unit}`;
    return el("div", { class: "tile" }, el("dt", {}, measureName(rows[0][1]), el("span", { class: "unit" }, `${unit}`)), rows.map(([scenario, row]) =>
      el("dd", {}, isSingle ? null : el("span", { class: "which" }, `${scenario.label} `), el("span", { class: "value" }, number(row.end.median, isShare(row))),
        el("span", { class: "spread" }, `${range(row.end.q05, row.end.q95, isShare(row))} · ${scenario.dates.start}: ${number(row.start.median, isShare(row))}`))));
  }

  function spreadCell(spread, row) {
    return el("td", {}, number(spread.median, isShare(row)), " ", el("small", {}, spread.median === null ? "" : `(${range(spread.q05, spread.q95, isShare(row))})`));
  }

  function headlineTable() {
    const dates = scenarios[0].dates;
    const head = isSingle ? [dates.start, dates.mid, dates.end] : labels.map((label) => `${label}, ${dates.end}`);
    const same = (a, b) => a.measure === b.measure && a.element === b.element;
    const rows = scenarios[0].headline.map((row) => el("tr", {}, el("th", { scope: "row" }, measureName(row), " ", el("small", {}, isShare(row) ? "" : row.unit)),
      isSingle ? ["start", "mid", "end"].map((at) => spreadCell(row[at], row))
        : scenarios.map((scenario) => { const own = scenario.headline.find((other) => same(other, row)); return own ? spreadCell(own.end, own) : el("td", {}, "–"); })));
    return scrollTable(["", ...head], rows);
  }

  function scrollTable(head, rows) {
    return el("div", { class: "plain-scroll" }, el("table", {}, el("thead", {}, el("tr", {}, head.map((title) => el("th", { scope: "col" }, title)))), el("tbody", {}, rows)));
  }

  function summary() {
    return section("summary", "In short", `Median over the paths at the end of the horizon, ${scenarios[0].dates.end}, and the range of 5 to 95 % of them.`,
      el("dl", { class: "tiles" }, ["world_price", "hhi_fleet", "cr4_fleet", "world_utilisation"].map(tile)), headlineTable());
  }

  function verdicts() {
    if (data.claims.length === 0) return null;
    return section("claims", "Claim and verdict", null, el("div", { class: "verdicts" }, data.claims.map(verdictNode)));
  }

  function verdictNode(claim) {
    const verdict = claim.verdict;
    const answer = verdict?.answer;
    const told = answer === undefined ? el("p", {}, el("small", {}, "no verdict here"))
      : el("p", { class: "chance" }, chance(answer.probability), el("small", {}, `${answer.interval_95.map(chance).join(" to ")}, ${count(verdict.paths)} paths`));
    const part = (one) => el("p", { class: "note" }, `${one.name}: ${chance(one.probability)} (${one.interval_95.map(chance).join(" to ")})`);
    return el("div", { class: "verdict" }, el("p", { class: "claim" }, claim.sentence), told, (verdict?.parts ?? []).map(part),
      claim.missing ? el("p", { class: "note" }, `Not evaluated: ${claim.missing}. --twins names the folder of its scenario.`) : null,
      claim.source ? el("p", { class: "note" }, `Source: ${claim.source}`) : null, claim.limits ? el("p", { class: "note" }, `What the model cannot say: ${claim.limits}`) : null);
  }

  const isDifference = (figure) => figure.id.startsWith("difference-");

  function differences() {
    if (data.differences.length === 0) return null;
    const signed = (value, row) => (value > 0 ? "+" : "") + number(value, isShare(row));
    const rows = data.differences.map((row) => el("tr", {}, el("th", { scope: "row" }, measureName(row), " ", el("small", {}, isShare(row) ? "percentage points" : row.unit)), el("td", { class: "words" }, row.label),
      el("td", {}, signed(row.mean, row)), el("td", {}, row.interval_95.map((value) => signed(value, row)).join(" to ")), el("td", {}, chance(row.higher)), el("td", {}, chance(row.lower))));
    return section("differences", `Differences from ${labels[0]}`, `${count(data.paired_paths)} paths of each scenario walked again in pairs: path k of all makes the same draws, so what is left is what the scenarios do. The table is for ${scenarios[0].dates.end}: mean difference with its 95 % interval, and the share of the paths on which the measure is higher or lower.`,
      scrollTable(["measure", "scenario", "mean difference", "95 % interval", "higher", "lower"], rows), data.figures.map((figure, at) => (isDifference(figure) ? figureNode(figure, at) : null)));
  }

  function figures() {
    const thinned = data.step > 1 ? ` Every ${data.step}th month is drawn; the CSV files hold all.` : "";
    return section("figures", "Figures", `Lines are medians over the paths, bands the ranges of 25 to 75 % and of 5 to 95 % of the paths${isSingle ? "; the thin dashed line is the path without shocks" : ""}. Numbers above a chart are those of the last month, or of the month under the pointer.${thinned}`,
      data.figures.map((figure, at) => (isDifference(figure) ? null : figureNode(figure, at))));
  }

  function bar(event) {
    const [low, high] = event.interval_95;
    const interval = el("i"), point = el("b");
    interval.style.left = `${100 * low}%`;
    interval.style.width = `${100 * (high - low)}%`;
    point.style.left = `calc(${100 * event.probability}% - 1px)`;
    return el("span", { class: "bar", role: "img", "aria-label": chance(event.probability) }, interval, point);
  }

  function eventRow(event, scenario) {
    const again = event.recovered_share === null ? "–" : chance(event.recovered_share) + (event.mean_months_to_recover === null ? "" : `, after ${number(event.mean_months_to_recover)} months`);
    return el("tr", {}, el("th", { scope: "row" }, event.title || event.name, el("small", {}, event.condition)), isSingle ? null : el("td", { class: "words" }, scenario.label),
      el("td", { class: "words" }, event.probability === null ? "" : bar(event)), el("td", {}, chance(event.probability)), el("td", {}, event.interval_95.map(chance).join(" to ")), el("td", {}, event.median_first_month ?? "–"), el("td", {}, again));
  }

  function events() {
    const all = [...new Set(scenarios.flatMap((scenario) => scenario.events.map((event) => event.name)))];
    if (all.length === 0) return null;
    const rows = all.flatMap((name) => scenarios.flatMap((scenario) => scenario.events.filter((event) => event.name === name).map((event) => eventRow(event, scenario))));
    return section("events", "Events", "Share of the paths on which a condition holds in some month of the horizon, with the 95 % interval by Wilson's score; the month by which half of the paths have seen it; and the share of these on which it ends again.",
      scrollTable(["event", ...(isSingle ? [] : ["scenario"]), "", "probability", "95 % interval", "half of the paths by", "ends again"], rows));
  }

  function tails() {
    const rows = scenarios.flatMap((scenario) => scenario.tails.map((row) => el("tr", {}, el("th", { scope: "row" }, measureName(row), " ", el("small", {}, isShare(row) ? "" : row.unit)),
      isSingle ? null : el("td", { class: "words" }, scenario.label), el("td", {}, row.date), ["low5", "q01", "q05", "median", "q95", "q99", "high5"].map((key) => el("td", {}, number(row[key], isShare(row)))))));
    return section("tails", "Tails", "Quantiles over the paths, and the expected shortfall on either side: the mean of the lowest and of the highest 5 % of the paths.",
      scrollTable(["measure", ...(isSingle ? [] : ["scenario"]), "month", "mean of lowest 5 %", "1 %", "5 %", "median", "95 %", "99 %", "mean of highest 5 %"], rows));
  }

  function solverText(scenario) {
    const months = count(scenario.paths * scenario.months);
    const label = isSingle ? "" : `${scenario.label}: `;
    if (scenario.unsolved === 0)
      return el("p", {}, `${label}All ${months} path-months met the solver's tolerance; the largest residual is ${scenario.max_residual.toPrecision(2)}.`);
    const pairs = scenario.without_unsolved.headline.map((row, k) => el("tr", {}, el("th", { scope: "row" }, measureName(row)), spreadCell(scenario.headline[k].end, row), spreadCell(row.end, row)));
    return el("div", {}, el("p", { class: "alarm" }, el("strong", {}, `${label}${count(scenario.unsolved)} of ${months} path-months are unsolved, on ${count(scenario.unsolved_paths)} of ${count(scenario.paths)} paths.`),
      ` They count in every figure; the table shows ${scenario.dates.end} with and without those paths.`), scrollTable(["", "all paths", "without them"], pairs));
  }

  function quality() {
    return section("quality", "How sound the numbers are", null, scenarios.map(solverText),
      el("p", { class: "lede" }, "Quantiles come from histograms and are off by at most 0.39 % of their value. Probabilities and means carry the error of a finite number of paths: a probability of one half on 10,000 paths is known to within 1 percentage point."));
  }

  // Comments of a config carry the sources; a # inside quotes is no comment.
  function configLines(text) {
    return text.split("\n").flatMap((line) => {
      const at = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => "_".repeat(quoted.length)).indexOf("#");
      return at < 0 ? [`${line}\n`] : [line.slice(0, at), el("span", {}, line.slice(at)), "\n"];
    });
  }

  function configNode(scenario) {
    const text = scenario.provenance.config_text;
    const isCut = text.length < scenario.config_bytes && new TextEncoder().encode(text).length < scenario.config_bytes;
    const details = el("details", {}, el("summary", {}, `Parameters and their sources: the config of ${scenario.label}${isCut ? " (its beginning; the whole is in result.nc)" : ""}`));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(el("pre", { tabindex: 0 }, configLines(text)));
    });
    return details;
  }

  function provenance() {
    const keys = ["scenario", "version", "commit", "config_hash", "seed", "first_path", "paths", "precision", "engine", "instruction_set", "compiler", "flags", "processor", "created"];
    const rows = [["digest", scenarios.map((scenario) => scenario.digest)], ...keys.map((key) => [key.replace("_", " "), scenarios.map((scenario) => String(scenario.provenance[key]))])];
    const cells = rows.map(([name, values]) => el("tr", {}, el("th", { scope: "row" }, name), values.map((value) => el("td", { class: "words" }, value))));
    return section("provenance", "Where the numbers come from", "Version, config and seed give the same digest on any machine.",
      scrollTable(["", ...labels], cells), scenarios.map(configNode));
  }

  // --------------------------------------------------------------------------------------------------------- themes

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const setTheme = (theme) => { document.documentElement.dataset.theme = theme; };
  const systemTheme = () => (dark.matches ? "dark" : "light");

  function toggleTheme() {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    drawAll();
  }

  function followPrinter() {
    let before = "light";
    window.addEventListener("beforeprint", () => { before = document.documentElement.dataset.theme; setTheme("light"); drawAll(); });
    window.addEventListener("afterprint", () => { setTheme(before); drawAll(); });
  }

  setTheme(systemTheme());
  dark.addEventListener("change", () => { setTheme(systemTheme()); drawAll(); });
  followPrinter();
  const sections = [verdicts(), summary(), figures(), differences(), tails(), events(), quality(), provenance()].filter(Boolean);
  const links = sections.map((node) => el("a", { href: `#${node.id}` }, node.querySelector("h2").textContent));
  document.getElementById("page").append(head(), el("nav", { "aria-label": "Contents" }, links), el("main", {}, sections),
    el("footer", {}, `Made by chokepoint ${scenarios[0].provenance.version}. Distributions under the assumptions stated in the config, not forecasts.`));
  drawAll();
  document.body.dataset.ready = String(drawn.length);
})();
