"use strict";
// Figures: charts with their legend, the numbers under the cursor, and a table.
const figures = (() => {
  const {el, tied, number, range, points, swatch} = words;
  const data = JSON.parse(document.getElementById("data").textContent);
  const time = {months: data.months, dates: data.dates};
  const labels = data.scenarios.map((scenario) => scenario.label);
  // A scenario with what tells its config from the others', where that is short.
  const fullNames = data.scenarios.map(({label, variant}) => (variant ? `${label} (${variant})` : label));
  const isSingle = labels.length === 1;
  // What has a colour in a figure: the results, or the parts of its stacks, whatever panels they are in.
  const seriesOf = (figure) => figure.kind !== "stack" ?
      labels :
      [...new Set(figure.panels.flatMap((panel) => panel.curves.map((curve) => curve.label)))];

  const isDifference = (figure) => figure.id.startsWith("difference-");
  for (const figure of data.figures)
    if (figure.percent && isDifference(figure)) figure.percent = points;

  const drawn = [];  // { figure, panel, canvas, chart, readout, state }

  const layerNames =
      {median: "median", narrow: "25 to 75\u00a0%", wide: "5 to 95\u00a0% of the paths", no_shock: "no shocks"};

  function layersOf(figure) {
    if (figure.kind !== "fan") return [];
    return ["median", "narrow", "wide", ...(figure.panels[0].curves[0].no_shock ? ["no_shock"] : [])];
  }

  function limitsOf(panels, lines) {
    const values =
        panels.flatMap((panel) => panel.curves.flatMap((curve) => Object.values(curve).filter(Array.isArray).flat()));
    const known = values.filter((value) => value !== null);
    return {low: Math.min(0, ...known), high: Math.max(0, ...known, ...lines.map((line) => line.value))};
  }

  // What the legend has hidden and where the cursor stands; one for all panels of a figure.
  function makeState(figure) {
    const hidden = new Set();
    if (figure.kind === "fan" && !isSingle) hidden.add("narrow");
    const isHidden = (curve, layer) => hidden.has(layer) || hidden.has(curve);
    return {hidden, isHidden, cursor: {month: null}};
  }

  function legend(figure, state) {
    const list = el("ul", {class: "legend", "aria-label": "Legend: press to hide or show"});
    const add = (key, name, picture) => {
      const button = el("button", {type: "button", "aria-pressed": String(!state.hidden.has(key))}, picture(), name);
      button.addEventListener("click", () => {
        if (!state.hidden.delete(key)) state.hidden.add(key);
        button.setAttribute("aria-pressed", String(!state.hidden.has(key)));
        for (const item of drawn)
          if (item.state === state) refresh(item);
      });
      repaints.push(() => button.firstChild.replaceWith(picture()));
      list.append(el("li", {}, button));
    };
    if (figure.kind === "stack")
      seriesOf(figure).forEach((part, k) => add(k, part, () => swatch(k, "part")));
    else if (!isSingle)
      labels.forEach((label, k) => {
        if (isShown(figure, label)) add(k, fullNames[k], () => swatch(k, "scenario"));
      });
    for (const layer of layersOf(figure)) add(layer, layerNames[layer], () => swatch(0, layer));
    return list.childElementCount > 0 ? list : null;
  }

  const isShown = (figure, label) => figure.panels.some((panel) => panel.curves.some((curve) => curve.label === label));

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
    const {month} = item.state.cursor;
    const at = month === null ? time.months.length - 1 : time.months.indexOf(month);
    const isStack = item.figure.kind === "stack";
    const series = seriesOf(item.figure);
    const entries = item.panel.curves.map((curve) => {
      const k = series.indexOf(curve.label);
      if (item.state.hidden.has(k)) return null;
      const name = isStack ? `${curve.label} ` : "";
      return el(
          "span", {class: "entry"}, isSingle && !isStack ? null : swatch(k, isStack ? "part" : "scenario"), " ", name,
          entry(item, curve, k, at));
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
    const wanted =
        {ArrowLeft: now - 1, ArrowRight: now + 1, PageUp: now - 12, PageDown: now + 12, Home: 0, End: last}[event.key];
    if (event.key === "Escape") return setCursor(item.state, null);
    if (wanted === undefined) return;
    event.preventDefault();
    setCursor(item.state, time.months[Math.min(Math.max(wanted, 0), last)]);
  }

  function describe(figure, panel) {
    const reported = panel.curves.map((curve) => {
      const values = (curve.median ?? curve.value).filter((value) => value !== null);
      return `${curve.label}: from ${number(values[0], figure.percent)} to ${number(values.at(-1), figure.percent)}`;
    });
    return `Chart. ${figure.title}, ${panel.title}, ${figure.unit}. ${
        reported.join("; ")}. Arrow keys read single months; the numbers are in the table below.`;
  }

  function panelNode(figure, panel, state) {
    const canvas = el("canvas", {role: "img", tabindex: 0, "aria-label": describe(figure, panel)});
    const readout = el("p", {class: "readout"});
    const item = {figure, panel, canvas, readout, state};
    canvas.addEventListener("pointermove", (event) => setCursor(state, nearest(item, event)));
    canvas.addEventListener("pointerleave", () => setCursor(state, null));
    canvas.addEventListener("keydown", (event) => step(item, event));
    canvas.addEventListener("focus", () => readout.setAttribute("aria-live", "polite"));
    canvas.addEventListener("blur", () => {
      readout.removeAttribute("aria-live");
      setCursor(state, null);
    });
    drawn.push(item);
    return el(
        "div", {class: "panel"}, el("h4", {}, panel.title, panel.detail ? el("span", {}, ` ${panel.detail}`) : null),
        readout, el("div", {class: "plot"}, canvas));
  }

  // Tables of a panel that are narrow enough for the page and for paper.
  function dataTables(figure, panel) {
    const most = figure.kind === "fan" ? 1 : 8;
    const tables = [];
    for (let at = 0; at < panel.curves.length; at += most)
      tables.push(dataTable(figure, panel, panel.curves.slice(at, at + most)));
    return tables;
  }

  function dataTable(figure, panel, curves) {
    const columns = curves.flatMap(
        (curve) => Object.keys(curve).filter((key) => Array.isArray(curve[key])).map((key) => ({curve, key})));
    const titles =
        {q05: "5 %", q25: "25 %", median: "median", q75: "75 %", q95: "95 %", no_shock: "no shocks", value: ""};
    const several = panel.curves.length > 1 || figure.kind === "stack";
    const isFan = figure.kind === "fan";
    const head = columns.map(
        ({curve, key}) => el("th", {scope: "col"}, titles[key] || (several ? curve.label : "value")));
    const title = [panel.title, isFan && several ? curves[0].label : "", figure.unit].filter(Boolean).join(", ");
    const rows = time.dates.map(
        (date, at) =>
            el("tr", {}, el("th", {scope: "row"}, date),
               columns.map(({curve, key}) => el("td", {}, number(curve[key][at], figure.percent)))));
    return el(
        "table", {}, el("caption", {}, title),
        el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "month"), head)), el("tbody", {}, rows));
  }

  // Built when it is opened: a page of tables nobody asked for would be slow.
  function tables(figure) {
    const details = el("details", {}, el("summary", {}, "Data table"));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1)
        details.append(
            el("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": `Data of ${figure.title}`},
               figure.panels.map((panel) => dataTables(figure, panel))));
    });
    return details;
  }

  const hasOwnScales = (figure) => figure.panels.length > 1 && !figure.common_scale;

  function figureNode(figure, at) {
    const state = makeState(figure);
    const isWide = figure.panels.length <= 2;
    return el(
        "figure", {id: `figure-${figure.id}`},
        el("div", {class: "figure-head"}, el("h3", {}, el("span", {class: "number"}, `Figure ${at + 1}`), figure.title),
           el("p", {class: "unit-line"}, figure.unit,
              hasOwnScales(figure) ? el("b", {}, " \u00b7 each panel on its own scale") : null)),
        legend(figure, state) ?? el("div", {class: "legend"}),
        el("div", {class: isWide ? "panels wide" : "panels"},
           figure.panels.map((panel) => panelNode(figure, panel, state))),
        figure.caption ? el("figcaption", {}, tied(figure.caption)) : null, tables(figure));
  }

  function drawAll() {
    for (const item of drawn) {
      item.chart?.destroy();
      const limits = limitsOf(item.figure.common_scale ? item.figure.panels : [item.panel], item.figure.lines);
      item.chart = charts.draw(item.canvas, {
        figure: item.figure,
        panel: item.panel,
        time,
        labels: seriesOf(item.figure),
        limits,
        shocks: data.shocks,
        cursor: item.state.cursor,
        isHidden: item.state.isHidden
      });
      tell(item);
    }
    for (const repaint of repaints) repaint();
  }

  return {data, labels, isSingle, isDifference, node: figureNode, drawAll, repaints, count: () => drawn.length};
})();
