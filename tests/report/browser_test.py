"""Pages in a headless Chromium. Usage: browser_test.py SOURCE_DIR BUILD_DIR; 77 without a browser"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "commands"))
import cli  # noqa: E402
from cli import SMOKE  # noqa: E402

from browser import Browser, find_browser  # noqa: E402

ATTACK = "</script><script>document.title='taken'</script><img src=x onerror=document.title='taken'>"


class Pages(cli.CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(find_browser())
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        self.run_smoke("a")

    def open(self, *results, **how):
        self.succeed("report", *results, "--out", "page.html", "--force", "--quiet")
        self.browser.open(self.folder / "page.html", **how)
        return self.browser.evaluate

    def check_sound(self):
        evaluate = self.browser.evaluate
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [])
        self.assertGreater(int(evaluate("document.body.dataset.ready")), 10)
        counts = evaluate("[...document.querySelectorAll('canvas')].map((canvas) => Number(canvas.dataset.points))")
        self.assertEqual(len(counts), int(evaluate("document.body.dataset.ready")))
        self.assertGreater(min(counts), 0)
        self.assertEqual(evaluate("document.documentElement.scrollWidth"), evaluate("document.documentElement.clientWidth"))
        self.assertTrue(evaluate("[...document.querySelectorAll('canvas')].every((canvas) => canvas.clientWidth <= canvas.closest('.panel').clientWidth)"))

    def test_both_widths_and_both_themes(self):
        for width, theme in [(1280, "light"), (400, "light"), (1280, "dark")]:
            evaluate = self.open("a", width=width, theme=theme)
            self.check_sound()
            self.assertEqual(evaluate("document.documentElement.dataset.theme"), theme)
        evaluate("document.querySelector('button.theme').click()")
        self.assertEqual(evaluate("document.documentElement.dataset.theme"), "light")
        self.check_sound()

    def test_charts_draw_something(self):
        evaluate = self.open("a")
        colours = evaluate("""[...document.querySelectorAll('canvas')].map((canvas) => new Set(new Uint32Array(
            canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)""")
        self.assertGreater(min(colours), 8)

    def test_legend_keys_and_table(self):
        evaluate = self.open("a")
        hidden = "Chart.getChart(document.querySelector('canvas')).getVisibleDatasetCount()"
        before = evaluate(hidden)
        evaluate("document.querySelector('.legend button').click()")
        self.assertEqual(evaluate("document.querySelector('.legend button').getAttribute('aria-pressed')"), "false")
        self.assertEqual(evaluate(hidden), before - 1)
        evaluate("document.querySelector('canvas').focus()")
        first, last = evaluate("JSON.parse(document.getElementById('data').textContent).dates.filter((d, i, all) => i === 0 || i === all.length - 1)")
        readout = "document.querySelector('.readout').textContent"
        self.assertIn(last, evaluate(readout))
        self.browser.key("Home", 36)
        self.assertIn(first, evaluate(readout))
        self.browser.key("Escape", 27)
        self.assertIn(last, evaluate(readout))
        evaluate("document.querySelector('figure details').open = true")
        evaluate("new Promise((done) => setTimeout(done, 100))")
        self.assertGreater(evaluate("document.querySelectorAll('figure details td').length"), 50)
        self.assertEqual(self.browser.complaints(), [])

    def test_text_of_a_scenario_is_text(self):
        self.succeed("run", SMOKE, "--paths", 16, "--quiet", "--out", "x", "--set", f"scenario.title=\"\"\"{ATTACK}\"\"\"")
        evaluate = self.open("x")
        self.check_sound()
        self.assertEqual(evaluate("document.title"), ATTACK)
        self.assertEqual(evaluate("document.querySelector('h1').textContent"), ATTACK)
        self.assertEqual(evaluate("document.querySelectorAll('img').length"), 0)

    def test_the_policy_holds(self):
        """A script that got in all the same would not run, and nothing can be fetched."""
        self.succeed("report", "a", "--out", "page.html", "--quiet")
        page = self.folder / "page.html"
        page.write_text(page.read_text().replace("<body>", "<body><script>document.title='taken'</script><img src='https://example.org/x.png'>"))
        self.browser.open(page)
        self.assertNotEqual(self.browser.evaluate("document.title"), "taken")
        self.assertGreaterEqual(len([line for line in self.browser.complaints() if "Content Security Policy" in line]), 2)

    def test_several_results(self):
        self.succeed("run", SMOKE, "--paths", 64, "--quiet", "--out", "b", "--set", "market.sigma=4")
        evaluate = self.open("a", "b")
        self.check_sound()
        self.assertEqual(evaluate("document.querySelectorAll('#differences tbody tr').length > 5"), True)
        self.assertTrue(evaluate("document.querySelector('#figure-difference-price canvas').dataset.points > 0"))

    def test_one_month(self):
        self.succeed("run", SMOKE, "--paths", 16, "--quiet", "--out", "one", "--set", "scenario.months=1")
        evaluate = self.open("one")
        self.check_sound()
        self.assertEqual(evaluate("document.querySelectorAll('#summary thead th').length"), 2)
        self.assertEqual(evaluate("Chart.getChart(document.querySelector('canvas')).scales.x.ticks.length"), 1)

    def test_large_seed(self):
        self.run_smoke("large", "--seed", 2**64 - 1)
        self.assertIn(f"seed {2**64 - 1} ", self.open("large")("document.querySelector('.facts').textContent"))

    def test_a_sweep_says_its_description_once_and_its_key(self):
        names = [f"sigma{sigma}" for sigma in (3, 4, 5, 6, 7, 8)]
        for name in names:
            self.run_smoke(name, "--set", f"market.sigma={name[-1]}")
        for width, theme in [(1280, "light"), (400, "dark")]:
            evaluate = self.open(*names, width=width, theme=theme)
            self.check_sound()
        description = evaluate("JSON.parse(document.getElementById('data').textContent).scenarios[0].description")
        self.assertEqual(evaluate("document.querySelector('header').textContent").count(description), 1)
        self.assertIn("market.sigma = 7", evaluate("document.querySelector('.legend').textContent"))
        self.assertEqual(evaluate("document.querySelectorAll('#configs tbody tr').length"), 1)
        hidden = evaluate("getComputedStyle(document.querySelector('.legend [aria-pressed=false]')).textDecorationLine")
        self.assertEqual(hidden, "none")

    def test_dated_shocks_are_shaded(self):
        text = SMOKE.read_text() + '\n[[shock]]\nname = "dip"\nkind = "demand_factor"\nfrom = "2026-06"\nuntil = "2026-12"\nvalue = 0.5\n'
        (self.folder / "dip.toml").write_text(text)
        self.succeed("run", "dip.toml", "--paths", 16, "--quiet", "--out", "dip")
        evaluate = self.open("dip")
        self.assertIn("dip: 2026-06 to 2026-11", evaluate("document.querySelector('.shocks').textContent"))
        pixel = """(() => { const canvas = document.querySelector('canvas'), chart = Chart.getChart(canvas);
            const ratio = canvas.width / canvas.clientWidth, y = (chart.chartArea.bottom - 3) * ratio;
            const at = (month) => canvas.getContext('2d').getImageData(chart.scales.x.getPixelForValue(month) * ratio, y, 1, 1).data.join();
            return [at(3.5), at(7.5), at(15.5)]; })()"""
        before, within, after = evaluate(pixel)
        self.assertEqual(before, after)
        self.assertNotEqual(before, within)

    def test_a_part_has_one_colour_in_all_panels(self):
        self.run_smoke("b", "--set", "region.us.power_mw=100", "--set", "region.us.power_growth_per_year=0")
        evaluate = self.open("a", "b")
        seen = evaluate("""[...document.querySelectorAll('#figure-fleet-share canvas, #figure-owner-share canvas')].map((canvas) => {
            const {data, config} = Chart.getChart(canvas), {figure, panel} = config.options.chokepoint;
            return panel.curves.map((curve, k) => [figure.id, curve.label, data.datasets[k].backgroundColor]); }).flat()""")
        colours = {}
        for figure, label, colour in seen:
            colours.setdefault((figure, label), set()).add(colour)
        self.assertTrue(all(len(of) == 1 for of in colours.values()), colours)
        for figure in ("fleet-share", "owner-share"):
            names = evaluate(f"[...document.querySelectorAll('#figure-{figure} .legend button')].map((one) => one.textContent)")
            self.assertEqual(sorted(names), sorted(label for of, label in colours if of == figure))

    def test_tables_fit_page_and_paper(self):
        names = [f"sigma{sigma}" for sigma in range(3, 10)]
        for name in names:
            self.run_smoke(name, "--set", f"market.sigma={name[-1]}")
        evaluate = self.open(*names)
        cut = "[...document.querySelectorAll('.plain-scroll')].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.closest('section').id)"
        self.assertEqual(evaluate(cut), [])
        heads = evaluate("[...document.querySelectorAll('#summary thead')].map((head) => head.rows[0].cells.length)")
        self.assertEqual(heads, [7, 2])
        self.browser.call("Emulation.setDeviceMetricsOverride", width=688, height=900, deviceScaleFactor=1, mobile=False)
        self.browser.call("Emulation.setEmulatedMedia", media="print")
        wide = "[...document.querySelectorAll('table')].filter((table) => table.getBoundingClientRect().right > 688.5).map((table) => table.closest('section').id)"
        self.assertEqual(evaluate(wide), [])
        self.browser.call("Emulation.setEmulatedMedia", media="")

    def test_ends_of_intervals_have_as_many_digits(self):
        evaluate = self.open("a")
        for ends, text in [([0.02, 0.0243], "+0.020 to +0.024"), ([-0.5, 12.34], "-0.50 to +12.34"), ([0, 0.024], "0.000 to +0.024"),
                           ([1e-9, 5.25], "+0.0000 to +5.2500"), ([None, 1], "")]:
            self.assertEqual(evaluate(f"words.interval({str(ends).replace('None', 'null')}, false, true)"), text)
        self.assertEqual(evaluate("words.interval([0.9, 0.9131], true)"), "90.0\u00a0% to 91.3\u00a0%")

    def test_print(self):
        self.open("a", theme="dark")
        self.browser.print(self.folder / "page.pdf")
        self.assertGreater((self.folder / "page.pdf").stat().st_size, 50_000)
        self.assertEqual(self.browser.evaluate("document.documentElement.dataset.theme"), "dark")


if __name__ == "__main__":
    if find_browser() is None or "makes no reports" in cli.chokepoint("report", "nowhere").stderr:
        sys.exit(77)
    cli.main()
