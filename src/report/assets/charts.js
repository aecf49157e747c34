"use strict";
// Draws one panel of a figure with Chart.js: fans of quantiles, single lines, or stacks. Nothing here knows the page.
const charts = (() => {
  const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 3]];
  const marks = ["circle", "triangle", "rect", "rectRot", "crossRot", "star"];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const curveColour = (k) => colour(`--c${k % 6 + 1}`);
  const partColour = (k) => colour(`--s${k % 8 + 1}`);

  function withAlpha(hex, alpha) { return hex + Math.round(alpha * 255).toString(16).padStart(2, "0"); }

  function luminance(hex) {
    const part = (at) => parseInt(hex.slice(at, at + 2), 16) / 255;
    return 0.3 * part(1) + 0.59 * part(3) + 0.11 * part(5);
  }

  // A single month is drawn with a width, or nothing would be seen of it.
  function points(months, values) {
    const y = (i) => (values[i] === null ? NaN : values[i]);
    if (months.length > 1) return months.map((x, i) => ({x, y: y(i)}));
    return [-0.3, 0.3].map((shift) => ({x: months[0] + shift, y: y(0)}));
  }

  const bare = {borderWidth: 0, pointRadius: 0, pointHitRadius: 0, fill: false};

  // A band is two datasets: its lower edge, and its upper edge filled down to it.
  function band(months, curve, low, high, extra, fill) {
    return [
      {...bare, ...extra, data: points(months, curve[low]), isEdge: true},
      {...bare, ...extra, data: points(months, curve[high]), fill: "-1", backgroundColor: fill},
    ];
  }

  function line(months, values, k, many, extra) {
    const isYear = (context) => many && context.dataIndex % 12 === (3 * k) % 12;
    return {
      ...bare,
      ...extra,
      data: points(months, values),
      borderColor: curveColour(k),
      backgroundColor: curveColour(k),
      borderWidth: 1.8,
      borderDash: dashes[k % dashes.length],
      pointStyle: marks[k % marks.length],
      pointRadius: (context) => (isYear(context) ? 3 : 0),
      isLine: true,
    };
  }

  function fanDatasets(months, curve, k, many) {
    const shade = curveColour(k);
    const sets = [
      ...band(months, curve, "q05", "q95", {layer: "wide", curve: k}, withAlpha(shade, many ? 0.12 : 0.15)),
      ...band(months, curve, "q25", "q75", {layer: "narrow", curve: k}, withAlpha(shade, many ? 0.16 : 0.28)),
      line(months, curve.median, k, many, {layer: "median", curve: k}),
    ];
    if (curve.no_shock)
      sets.push({
        ...line(months, curve.no_shock, k, false, {layer: "no_shock", curve: k}),
        borderColor: colour("--ink"),
        borderWidth: 1.2,
        borderDash: [3, 3]
      });
    return sets;
  }

  function stackDatasets(months, curve, k) {
    return [{
      ...bare,
      data: points(months, curve.value.map((value) => value ?? 0)),
      fill: "stack",
      borderColor: colour("--paper"),
      borderWidth: 1,
      backgroundColor: partColour(k),
      layer: "part",
      curve: k,
      isLine: true
    }];
  }

  function datasets(figure, panel, months, labels) {
    return panel.curves.flatMap((curve) => {
      const k = labels.indexOf(curve.label);
      if (figure.kind === "stack") return stackDatasets(months, curve, k);
      const many = labels.length > 1;
      if (figure.kind === "line") return [line(months, curve.value, k, many, {layer: "median", curve: k})];
      return fanDatasets(months, curve, k, many);
    });
  }

  // Labelled lines of reference, the month under the cursor, and names inside the parts of a stack.
  const decorations = {
    id: "decorations",
    beforeDatasetsDraw(chart) {
      const {ctx, chartArea: area, scales, config} = chart;
      ctx.save();
      for (const shock of config.options.chokepoint.shocks) drawShock(ctx, area, scales.x, shock);
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const {ctx, chartArea: area, scales, config} = chart;
      const {figure, cursor} = config.options.chokepoint;
      ctx.save();
      ctx.font = `11px ${Chart.defaults.font.family}`;
      for (const reference of figure.lines)
        drawReference(ctx, area, scales.y.getPixelForValue(reference.value), reference.label);
      if (figure.kind === "stack") drawPartNames(ctx, chart, area);
      if (cursor.month !== null) drawCursor(ctx, area, scales.x.getPixelForValue(cursor.month));
      ctx.restore();
    },
  };

  function stroke(ctx, style, dash, from, to) {
    ctx.strokeStyle = style;
    ctx.lineWidth = 1;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
  }

  function drawReference(ctx, area, y, label) {
    if (y < area.top || y > area.bottom) return;
    stroke(ctx, colour("--ink"), [2, 3], [area.left, y], [area.right, y]);
    ctx.fillStyle = colour("--ink");
    ctx.textAlign = "right";
    ctx.fillText(label, area.right - 2, y - 3);
  }

  // The months of a dated shock as a shade; the beginning of one that lasts as a line.
  function drawShock(ctx, area, scale, shock) {
    const inside = (month) => Math.min(Math.max(scale.getPixelForValue(month), area.left), area.right);
    const from = inside(shock.first - 0.5), to = inside(shock.end - 0.5);
    if (shock.open) return stroke(ctx, colour("--shock-line"), [5, 3], [from, area.top], [from, area.bottom]);
    ctx.fillStyle = colour("--shock");
    ctx.fillRect(from, area.top, Math.max(to - from, 2), area.bottom - area.top);
  }

  function drawCursor(ctx, area, x) { stroke(ctx, colour("--soft"), [], [x, area.top], [x, area.bottom]); }

  function drawPartNames(ctx, chart, area) {
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    let below = area.bottom;
    chart.data.datasets.forEach((set, k) => {
      if (!chart.isDatasetVisible(k)) return;
      const top = chart.getDatasetMeta(k).data.at(-1).y;
      if (below - top > 12) {
        ctx.fillStyle = luminance(set.backgroundColor) > 0.5 ? "#14181c" : "#ffffff";
        ctx.fillText(chart.config.options.chokepoint.panel.curves[k].label, area.right - 6, (top + below) / 2);
      }
      below = top;
    });
  }

  // Years, as many as there is room for; months where no year begins.
  function timeTicks(time) {
    const first = (13 - Number(time.dates[0].slice(5, 7))) % 12;
    const years = [];
    for (let month = first; month <= time.months.at(-1); month += 12) years.push(month);
    return (scale) => {
      if (years.length === 0) {
        scale.ticks = [...new Set([time.months[0], time.months.at(-1)])].map((value) => ({value}));
        return;
      }
      const every = Math.ceil(years.length / Math.max(2, Math.floor(scale.width / 40)));
      scale.ticks = years.filter((_, k) => k % every === 0).map((value) => ({value}));
    };
  }

  function tickText(figure, value) {
    if (!figure.percent) return value.toLocaleString("en");
    return `${Number((100 * value).toPrecision(3))}${figure.percent === "points" ? "" : " %"}`;
  }

  // Shares that come near the whole end there: no axis to 150 %.
  function isWhole(figure, limits) {
    return figure.kind === "stack" || (figure.percent && limits.low === 0 && limits.high > 0.6 && limits.high < 1.02);
  }

  function axes(figure, panel, time, limits) {
    const text = {color: colour("--soft"), font: {size: 11}};
    const year = Number(time.dates[0].slice(0, 4)), month = Number(time.dates[0].slice(5, 7)) - 1;
    const isJanuary = (value) => (month + value) % 12 === 0;
    const dateText = (value) => {
      const ofYear = year + Math.floor((month + value) / 12);
      return isJanuary(value) ? ofYear : `${ofYear}-${String((month + value) % 12 + 1).padStart(2, "0")}`;
    };
    const margin = time.months.length > 1 ? 0 : 0.5;
    const isSigned = limits.low < 0;
    return {
      x: {
        type: "linear",
        min: time.months[0] - margin,
        max: time.months.at(-1) + margin,
        afterBuildTicks: timeTicks(time),
        grid: {
          display: false,
          borderColor: colour("--mark"),
          drawTicks: true,
          tickLength: 4,
          tickColor: colour("--mark"),
          drawOnChartArea: false
        },
        ticks: {...text, maxRotation: 0, autoSkip: false, callback: dateText},
      },
      y: {
        stacked: figure.kind === "stack",
        suggestedMin: isSigned ? limits.low : 0,
        beginAtZero: true,
        suggestedMax: limits.high,
        max: isWhole(figure, limits) ? 1 : undefined,
        grid: {color: colour("--grid"), borderColor: "transparent", drawTicks: false},
        ticks: {...text, maxTicksLimit: 6, padding: 6, callback: (value) => tickText(figure, value)},
      },
    };
  }

  function draw(canvas, {figure, panel, time, labels, limits, shocks, cursor, isHidden}) {
    Chart.defaults.font.family = colour("--label");
    const data = {datasets: datasets(figure, panel, time.months, labels)};
    const chart = new Chart(canvas, {
      type: "line",
      data,
      plugins: [decorations],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        spanGaps: false,
        devicePixelRatio: Math.max(2, window.devicePixelRatio),
        events: [],
        scales: axes(figure, panel, time, limits),
        plugins: {legend: {display: false}, tooltip: {enabled: false}},
        chokepoint: {figure, panel, shocks, cursor},
      },
    });
    show(chart, isHidden);
    canvas.dataset.points =
        data.datasets.reduce((sum, set) => sum + set.data.filter((point) => !Number.isNaN(point.y)).length, 0);
    return chart;
  }

  function show(chart, isHidden) {
    chart.data.datasets.forEach((set, k) => chart.setDatasetVisibility(k, !isHidden(set.curve, set.layer)));
    chart.update("none");
  }

  return {draw, show, curveColour, partColour, dashes, marks};
})();
