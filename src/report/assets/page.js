"use strict";
// Builds the page: its sections, tables, and themes.
(() => {
  const {el, tied, count, number, chance, range, interval, sign, points, measureName, isShare, swatch} = words;
  const {data, labels, isSingle, isDifference, repaints} = figures;
  const scenarios = data.scenarios;

  function section(id, title, lede, ...children) {
    return el(
        "section", {id, "aria-labelledby": `${id}-title`}, el("h2", {id: `${id}-title`}, title),
        lede ? el("p", {class: "lede"}, tied(lede)) : null, children);
  }

  function head() {
    const first = scenarios[0];
    const from = first.provenance;
    const facts = isSingle ?
        `${count(first.paths)} paths of ${first.months} months from ${first.dates.start} to ${first.dates.end} · seed ${
            from.seed} · digest ${first.digest}` :
        `${pathsText()} · ${first.months} months from ${first.dates.start}`;
    return el(
        "header", {class: "top"},
        el("div", {class: "kicker"}, el("span", {}, "Chokepoint · scenario report"),
           el("button", {type: "button", class: "theme", onclick: toggleTheme}, "Light or dark")),
        el("h1", {}, first.title || first.label),
        first.description ? el("p", {class: "question"}, first.description) : null, isSingle ? null : versus(),
        el("p", {class: "facts"}, facts));
  }

  function pathsText() {
    const paths = [...new Set(scenarios.map((scenario) => scenario.paths))];
    if (paths.length === 1) return `${count(paths[0])} paths each`;
    return scenarios.map((scenario) => `${scenario.label}: ${count(scenario.paths)} paths`).join(" · ");
  }

  // What a scenario says of itself, unless the first, whose words head the page, says the same.
  function ownWords(scenario, k) {
    const first = scenarios[0];
    const said = [scenario.title, scenario.description].filter(
        (text, at) => k > 0 && text && text !== [first.title, first.description][at]);
    return [scenario.variant, ...said].filter(Boolean).map((text) => ` ${text.replace(/\.$/, "")}.`).join("");
  }

  // The keys that the configs do not share: what was swept.
  function configDifferences() {
    const {rows, left_out: leftOut} = data.config_differences;
    if (isSingle || rows.length === 0) return null;
    const lines = rows.map(
        (row) =>
            el("tr", {}, el("th", {scope: "row"}, row.key), row.values.map((value) => el("td", {}, value))));
    return section(
        "configs", "How the configs differ",
        leftOut > 0 ? `The first ${rows.length} of ${rows.length + leftOut} keys; the whole configs are at the end.` : null,
        comparisonTables("key", labels, lines));
  }

  function versus() {
    return el("div", {class: "versus"}, scenarios.map((scenario, k) => {
      const holder = el("span", {}, swatch(k, "scenario"));
      repaints.push(() => holder.replaceChildren(swatch(k, "scenario")));
      return el(
          "div", {}, holder,
          el("p", {}, el("b", {}, scenario.label), ownWords(scenario, k)));
    }));
  }

  function find(scenario, measure) { return scenario.headline.find((row) => row.measure === measure && !row.element); }

  const signed = (value, row) => sign(value) + number(value, isShare(row) && points);

  // Rows of differences are by month: the first is that of the month most apart, which may be the last month.
  function apart(row, scenario, k) {
    const most = k === 0 ? undefined : data.differences.find(
        (other) => other.label === scenario.label && other.measure === row.measure && other.element === row.element);
    if (!most || !most.mean) return null;
    const unit = isShare(row) ? " points" : "";
    const when = el("span", {class: "whole"}, `${most.date}: ${signed(most.mean, row)}`);
    return el("span", {class: "apart"}, "largest difference in ", when, unit);
  }

  function tile(measure) {
    const rows = scenarios.map((scenario) => [scenario, find(scenario, measure)]);
    const unit = isShare(rows[0][1]) ? "" : ` ${rows[0][1].unit}`;
    return el(
        "div", {class: "tile"}, el("dt", {}, measureName(rows[0][1]), el("span", {class: "unit"}, `${unit}`)),
        rows.map(
            ([scenario, row], k) =>
                el("dd", {}, isSingle ? null : el("span", {class: "which"}, `${scenario.label} `),
                   el("span", {class: "value"}, number(row.end.median, isShare(row))),
                   el("span", {class: "spread"},
                      `${range(row.end.q05, row.end.q95, isShare(row))} · ${scenario.dates.start}: ${
                          number(row.start.median, isShare(row))}`),
                   apart(row, scenario, k))));
  }

  // The 95 % confidence interval of a quantile in words; empty where the paths are too few to bound it.
  const quantileInterval = (of, name, row) => interval(of[`${name}_interval_95`] ?? [], isShare(row));

  function intervals(of, names, row) {
    return Object.entries(names)
        .map(([name, words]) => [words, quantileInterval(of, name, row)])
        .filter(([, text]) => text)
        .map(([words, text]) => `${words}: ${text}`)
        .join("\n");
  }

  const bracket = (text) => (text ? [" ", el("small", {}, `(${text})`)] : "");

  function spreadCell(spread, row) {
    const known = intervals(spread, {median: "median", q05: "5 %", q95: "95 %"}, row);
    return el(
        "td", known ? {title: `95 % confidence intervals\n${known}`} : {}, number(spread.median, isShare(row)),
        bracket(spread.median === null ? "" : range(spread.q05, spread.q95, isShare(row))));
  }

  function headlineTable() {
    const dates = scenarios[0].dates;
    const moments = ["start", "mid", "end"].filter((at, k, all) => all.findIndex((one) => dates[one] === dates[at]) === k);
    const head = isSingle ? moments.map((at) => dates[at]) : scenarios.map(({label, variant}) => [label, variant ? el("small", {}, ` ${variant}`) : null]);
    const same = (a, b) => a.measure === b.measure && a.element === b.element;
    const rows = scenarios[0].headline.map(
        (row) =>
            el("tr", {}, el("th", {scope: "row"}, measureName(row), " ", el("small", {}, isShare(row) ? "" : row.unit)),
               isSingle ? moments.map((at) => spreadCell(row[at], row)) : scenarios.map((scenario, k) => {
                 const own = scenario.headline.find((other) => same(other, row));
                 if (!own) return el("td", {}, "–");
                 const cell = spreadCell(own.end, own);
                 const most = apart(own, scenario, k);
                 if (most) cell.append(el("small", {class: "below"}, [...most.childNodes]));
                 return cell;
               })));
    return comparisonTables("", head, rows);
  }

  // A table with a column a result; tables below each other where there are more than fit a page or paper.
  function comparisonTables(corner, head, rows) {
    const most = 6;
    const tables = [];
    for (let at = 0; at < head.length; at += most) {
      const part = rows.map((row) => el("tr", {}, row.cells[0].cloneNode(true), [...row.cells].slice(1, 1 + most)));
      tables.push(scrollTable([corner, ...head.slice(at, at + most)], part, "by-result"));
    }
    return tables;
  }

  function scrollTable(head, rows, kind) {
    return el(
        "div", {class: "plain-scroll"},
        el("table", {class: kind}, el("thead", {}, el("tr", {}, head.map((title) => el("th", {scope: "col"}, title)))),
           el("tbody", {}, rows)));
  }

  function summary() {
    return section(
        "summary", "In short",
        `Median over the paths at the end of the horizon, ${
            scenarios[0].dates.end}, and the range of 5 to 95 % of them.${
            isSingle ? "" : ` Most apart: the month in which the mean difference from ${labels[0]} is largest.`}`,
        el("dl", {class: "tiles"}, ["world_price", "hhi_fleet", "cr4_fleet", "world_utilisation"].map(tile)),
        headlineTable());
  }

  function verdicts() {
    if (data.claims.length === 0) return null;
    return section("claims", "Claim and verdict", null, el("div", {class: "verdicts"}, data.claims.map(verdictNode)));
  }

  function verdictNode(claim) {
    const verdict = claim.verdict;
    const answer = verdict?.answer;
    const reported = answer === undefined ?
        el("p", {}, el("small", {}, "no verdict here")) :
        el("p", {class: "chance"}, chance(answer.probability),
           el("small", {}, `${interval(answer.interval_95, true)}, ${count(verdict.paths)} paths`));
    const part = (one) => el(
        "p", {class: "note"}, `${one.name}: ${chance(one.probability)} (${interval(one.interval_95, true)})`);
    return el(
        "div", {class: "verdict"}, el("p", {class: "claim"}, claim.sentence), reported, (verdict?.parts ?? []).map(part),
        claim.missing ?
            el("p", {class: "note"}, `Not evaluated: ${claim.missing}. --twins names the folder of its scenario.`) :
            null,
        claim.source ? el("p", {class: "note"}, `Source: ${claim.source}`) : null,
        claim.limits ? el("p", {class: "note"}, `What the model cannot say: ${claim.limits}`) : null);
  }

  function differences() {
    if (data.differences.length === 0) return null;
    const rows = data.differences.map(
        (row) =>
            el("tr", {},
               el("th", {scope: "row"}, measureName(row), " ",
                  el("small", {}, isShare(row) ? "percentage points" : row.unit)),
               el("td", {class: "words"}, row.label),
               el("td", {}, el("span", {class: "whole"}, row.date), row.last ? null : el("small", {}, " largest difference")), el("td", {}, signed(row.mean, row)),
               el("td", {}, interval(row.interval_95, isShare(row) && points, true)),
               el("td", {}, chance(row.higher)), el("td", {}, chance(row.lower))));
    return section(
        "differences", `Differences from ${labels[0]}`,
        `${
            count(
                data.paired_paths)} paths of each scenario walked again in pairs: path k of all makes the same draws, so what is left is what the scenarios do. The table gives, for the month in which it is largest and for the last, the mean difference with its 95 % interval, and the share of the paths on which the measure is higher or lower.`,
        scrollTable(["measure", "scenario", "month", "mean difference", "95 % interval", "higher", "lower"], rows),
        data.figures.map((figure, at) => (isDifference(figure) ? figures.node(figure, at) : null)));
  }

  function figureSection() {
    const thinned = data.step > 1 ? ` Every ${data.step}th month is drawn; the CSV files hold all.` : "";
    return section(
        "figures", "Figures",
        `Lines are medians over the paths, bands the ranges of 25 to 75 % and of 5 to 95 % of the paths${
            isSingle ?
                "; the thin dashed line is the path without shocks" :
                ""}. Numbers above a chart are those of the last month, or of the month under the pointer.${thinned}`,
        shocks(), data.figures.map((figure, at) => (isDifference(figure) ? null : figures.node(figure, at))));
  }

  function shocks() {
    if (data.shocks.length === 0) return null;
    return el("ul", {class: "shocks", "aria-label": "Dated shocks"}, data.shocks.map((shock) => {
      const months = shock.open ? `from ${shock.from}` : shock.from === shock.to ? shock.from : `${shock.from} to ${shock.to}`;
      const whose = shock.labels.length === scenarios.length ? "" : `, in ${shock.labels.join(", ")}`;
      return el(
          "li", {}, el("span", {class: shock.open ? "shade open" : "shade"}), `${shock.name}: ${months}${whose}`);
    }));
  }

  function bar(event, k) {
    const [low, high] = event.interval_95;
    const interval = el("i"), point = el("b");
    for (const piece of [interval, point]) piece.style.background = `var(--c${k % 6 + 1})`;
    interval.style.left = `${100 * low}%`;
    interval.style.width = `${100 * (high - low)}%`;
    point.style.left = `calc(${100 * event.probability}% - 1px)`;
    return el("span", {class: "bar", role: "img", "aria-label": chance(event.probability)}, interval, point);
  }

  function eventRow(event, scenario, rows) {
    const again = event.recovered_share === null ? "–" :
                                                   chance(event.recovered_share) +
            (event.mean_months_to_recover === null ? "" : `, after ${number(event.mean_months_to_recover)} months`);
    return el(
        "tr", {},
        rows === 0 ?
            null :
            el("th", {scope: "row", rowspan: rows}, event.title || event.name, el("small", {}, event.condition)),
        isSingle ? null : el("td", {class: "words"}, scenario.label),
        el("td", {class: "words"}, event.probability === null ? "" : bar(event, scenarios.indexOf(scenario))),
        el("td", {}, event.probability === null ? "undefined" : chance(event.probability)),
        el("td", {}, event.probability === null ? "–" : interval(event.interval_95, true),
           event.undefined_paths > 0 ? el("small", {}, ` undefined on ${chance(event.undefined_share)} of the paths`) : null),
        el("td", {class: "whole"}, event.median_first_month ?? "–"), el("td", {}, again));
  }

  function events() {
    const all = [...new Set(scenarios.flatMap((scenario) => scenario.events.map((event) => event.name)))];
    if (all.length === 0) return null;
    const rows = all.flatMap((name) => {
      const own = scenarios.flatMap(
          (scenario) => scenario.events.filter((event) => event.name === name).map((event) => [event, scenario]));
      return own.map(([event, scenario], at) => eventRow(event, scenario, at === 0 ? own.length : 0));
    });
    return section(
        "events", "Events",
        "Share of the paths on which a condition holds in some month of the horizon, with the 95 % interval by Wilson's score; the month by which half of the paths have seen it; and the share of these on which it ends again. Paths on which the measure has no value where it would decide are counted apart.",
        scrollTable(
            [
              "event", ...(isSingle ? [] : ["scenario"]), "", "probability", "95 % interval", "half of the paths by",
              "ends again"
            ],
            rows));
  }

  const tailKey = (row) => [row.measure, row.element, row.date].join();

  function tails() {
    const all = scenarios.flatMap((scenario) => scenario.tails.map((row) => ({row, scenario})));
    const keys = [...new Set(all.map(({row}) => tailKey(row)))];
    const rows =
        keys.flatMap((key) => all.filter(({row}) => tailKey(row) === key))
            .map(
                ({row, scenario}) =>
                    el("tr", {},
                       el("th", {scope: "row"}, measureName(row), " ", el("small", {}, isShare(row) ? "" : row.unit)),
                       isSingle ? null : el("td", {class: "words"}, scenario.label), el("td", {class: "whole"}, row.date),
                       ["low5", "q01", "q05", "median", "q95", "q99", "high5"].map(
                           (key) => el("td", {}, number(row[key], isShare(row)), bracket(quantileInterval(row, key, row))))));
    return section(
        "tails", "Tails",
        "Quantiles over the paths, and the expected shortfall on either side: the mean of the lowest and of the highest 5 % of the paths. In brackets the 95 % confidence interval of a quantile, where there are paths enough to bound it.",
        scrollTable(
            [
              "measure", ...(isSingle ? [] : ["scenario"]), "month", "mean of lowest 5 %", "1 %", "5 %", "median",
              "95 %", "99 %", "mean of highest 5 %"
            ],
            rows));
  }

  function solverText(scenario) {
    const months = count(scenario.paths * scenario.months);
    const label = isSingle ? "" : `${scenario.label}: `;
    if (scenario.unsolved === 0)
      return el(
          "p", {},
          `${label}All ${months} path-months met the solver's tolerance; the largest residual is ${
              scenario.max_residual.toPrecision(2)}.`);
    const pairs = scenario.without_unsolved.headline.map(
        (row, k) =>
            el("tr", {}, el("th", {scope: "row"}, measureName(row)), spreadCell(scenario.headline[k].end, row),
               spreadCell(row.end, row)));
    return el(
        "div", {},
        el("p", {class: "alarm"},
           el("strong", {},
              `${label}${count(scenario.unsolved)} of ${months} path-months are unsolved, on ${
                  count(scenario.unsolved_paths)} of ${count(scenario.paths)} paths.`),
           ` They count in every figure; the table shows ${scenario.dates.end} with and without those paths.`),
        scrollTable(["", "all paths", "without them"], pairs));
  }

  function quality() {
    return section(
        "quality", "How sound the numbers are", null, scenarios.map(solverText),
        el("p", {class: "lede"},
           "Quantiles come from histograms and are off by at most 0.39 % of their value. Probabilities and means carry the error of a finite number of paths: a probability of one half on 10,000 paths is known to within 1 percentage point."));
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
    const details =
        el("details", {},
           el("summary", {},
              `Parameters and their sources: the config of ${scenario.label}${
                  isCut ? " (its beginning; the whole is in result.nc)" : ""}`));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(el("pre", {tabindex: 0}, configLines(text)));
    });
    return details;
  }

  function provenance() {
    const keys = [
      "scenario", "version", "commit", "config_hash", "seed", "first_path", "paths", "precision", "engine",
      "instruction_set", "compiler", "flags", "processor", "created"
    ];
    const rows = [
      ["digest", scenarios.map((scenario) => scenario.digest)],
      ...keys.map((key) => [key.replace("_", " "), scenarios.map((scenario) => String(scenario.provenance[key]))])
    ];
    const cells = rows.map(
        ([name, values]) =>
            el("tr", {}, el("th", {scope: "row"}, name), values.map((value) => el("td", {class: "words"}, value))));
    return section(
        "provenance", "Where the numbers come from", "Version, config and seed give the same digest on any machine.",
        comparisonTables("", labels, cells), scenarios.map(configNode));
  }

  // --------------------------------------------------------------------------------------------------------- themes

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const setTheme = (theme) => {
    document.documentElement.dataset.theme = theme;
  };
  const systemTheme = () => (dark.matches ? "dark" : "light");

  function toggleTheme() {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    figures.drawAll();
  }

  function followPrinter() {
    let before = "light";
    window.addEventListener("beforeprint", () => {
      before = document.documentElement.dataset.theme;
      setTheme("light");
      figures.drawAll();
    });
    window.addEventListener("afterprint", () => {
      setTheme(before);
      figures.drawAll();
    });
  }

  setTheme(systemTheme());
  dark.addEventListener("change", () => {
    setTheme(systemTheme());
    figures.drawAll();
  });
  followPrinter();
  const sections = [
    verdicts(), summary(), configDifferences(), figureSection(), differences(), tails(), events(), quality(), provenance()
  ].filter(Boolean);
  const links = sections.map((node) => el("a", {href: `#${node.id}`}, node.querySelector("h2").textContent));
  document.getElementById("page").append(
      head(), el("nav", {"aria-label": "Contents"}, links), el("main", {}, sections),
      el("footer", {},
         `Made by chokepoint ${
             scenarios[0]
                 .provenance.version}. Distributions under the assumptions stated in the config, not forecasts.`));
  figures.drawAll();
  document.body.dataset.ready = String(figures.count());
})();