"""The report, by example."""

import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import results  # noqa: E402
from harness.workload import Bars, Column, Contender, Goal, Lines, Stack, Workload  # noqa: E402
from report import svg  # noqa: E402
from report.document import write_report  # noqa: E402
from report.figures import Figures, span  # noqa: E402

WORKLOAD = Workload(
    name="walk", title="A walk", what="On foot.", limits="Legs.",
    contenders=(Contender("Reelmill", None), Contender("<slow>", None, "a snail"), Contender("absent", None)),
    columns=(Column("rate", "steps/s", spread=True),),
    goals=(Goal("the best", "rate", "Reelmill", ("<slow>", "absent"), at_least=2),),
    plots=(Bars("rate", "Steps", "steps/s"), Stack((("rate", "steps"),), "Parts", "µs"), Lines("Course", "x", "y")),
)  # fmt: skip


def row(contender, number, rate, **more):
    return {"contender": contender, "round": number, "values": {"rate": rate}, **more}


def result(*rows):
    about = {"processor": "p", "cores": 2, "memory": "1 GB", "system": "s"}
    return {
        "command": "scripts/bench walk", "rounds": 3, "date": "2026-01-01", "commit": "abc", "machine": about,
        "versions": {"Swift": "6"}, "rows": list(rows),
    }  # fmt: skip


ROWS = (
    row("Reelmill", 1, 40.0, series=[[0, 1], [2.5, 3]]), row("<slow>", 1, 10.0),
    row("Reelmill", 2, 60.0), row("<slow>", 2, 30.0),
    row("Reelmill", 3, 50.0), {"contender": "<slow>", "round": 3, "error": "it fell asleep"},
)  # fmt: skip


class FiguresTest(unittest.TestCase):
    def test_a_ratio_is_taken_in_each_round_that_both_have(self):
        self.assertEqual(Figures(ROWS).ratio("Reelmill", "<slow>", "rate"), (3.0, 2.0, 4.0))

    def test_a_run_that_failed_has_no_figures(self):
        self.assertEqual(Figures(ROWS).spread("<slow>", "rate"), (20.0, 10.0, 30.0))

    def test_the_best_is_the_one_with_the_largest_median_of_those_measured(self):
        self.assertEqual(Figures(ROWS).best(("absent", "<slow>", "Reelmill"), "rate"), "Reelmill")
        self.assertIsNone(Figures(ROWS).best(("absent",), "rate"))

    def test_a_spread_of_one_value_is_that_value(self):
        self.assertEqual(span((1234.5, 1234.5, 1234.5)), "1,234")
        self.assertEqual(span((2.0, 1.0, 3.0), 1), "2.0 (1.0–3.0)")


class ReportTest(unittest.TestCase):
    def written(self, rows=ROWS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            results.write(folder / "benchmarks", {"walk": result(*rows)})
            write_report(folder, results.read(folder / "benchmarks"), [WORKLOAD])
            return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}

    def test_the_same_results_give_the_same_files(self):
        self.assertEqual(self.written(), self.written())

    def test_a_row_a_contender_that_was_measured(self):
        text = self.written()["benchmarks.md"]
        self.assertIn("| **Reelmill** | 50 (40–60) |  |", text)
        self.assertIn("| <slow> | 20 (10–30) | a snail |", text)
        self.assertNotIn("| absent |", text)

    def test_a_goal_says_what_was_reached(self):
        self.assertIn("| the best (<slow>) | ≥ 2 × | 3.00 (2.00–4.00) × | yes |", self.written()["benchmarks.md"])

    def test_a_failure_is_told(self):
        self.assertIn("Failed: <slow>, round 3: it fell asleep", self.written()["benchmarks.md"])

    def test_plots_are_well_formed(self):
        plots = {name: text for name, text in self.written().items() if name.endswith(".svg")}
        self.assertEqual(len(plots), 3)
        for text in plots.values():
            ElementTree.fromstring(text)


class TicksTest(unittest.TestCase):
    def test_they_reach_the_largest_value_in_few_round_steps(self):
        for most in (0.003, 0.7, 1, 1.01, 9.99, 45, 100, 131.4, 987_654):
            ticks = svg.ticks(most)
            self.assertGreaterEqual(ticks[-1], most)
            self.assertLess(ticks[-2], most)
            self.assertTrue(4 <= len(ticks) <= 9, (most, ticks))


if __name__ == "__main__":
    unittest.main()
