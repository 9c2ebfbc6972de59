"""Numbers of a workload's rows: medians and spreads by contender, and ratios taken round by round."""

from statistics import median


class Figures:
    def __init__(self, rows):
        self.rows = rows
        self.failed = [row for row in rows if "error" in row]

    def values(self, contender, key):
        """By round."""
        return {
            row["round"]: row["values"][key]
            for row in self.rows
            if row["contender"] == contender and "error" not in row and key in row["values"]
        }

    def spread(self, contender, key):
        """Median, smallest, largest; none without a single value."""
        values = self.values(contender, key).values()
        return (median(values), min(values), max(values)) if values else None

    def series(self, contender):
        """The course of the last round that has one."""
        found = [row["series"] for row in self.rows if row["contender"] == contender and row.get("series")]
        return found[-1] if found else None

    def best(self, contenders, key):
        """Of those that were measured, the one with the largest median."""
        measured = [name for name in contenders if self.values(name, key)]
        return max(measured, key=lambda name: median(self.values(name, key).values()), default=None)

    def ratio(self, ours, theirs, key):
        """Median, smallest and largest of the ratios in the rounds that both have."""
        a, b = self.values(ours, key), self.values(theirs, key)
        ratios = [a[number] / b[number] for number in sorted(a.keys() & b.keys()) if b[number]]
        return (median(ratios), min(ratios), max(ratios)) if ratios else None

    def noisy(self):
        """Runs beside which something else took more than a quarter of a processor; and of how many that is known."""
        known = [row["values"]["other_cores"] for row in self.rows if "other_cores" in row.get("values", {})]
        return sum(cores > 0.25 for cores in known), len(known)


def number(value, digits=0):
    return f"{value:,.{digits}f}"


def span(spread, digits=0):
    """`median (smallest–largest)`."""
    middle, smallest, largest = (number(value, digits) for value in spread)
    return middle if smallest == largest else f"{middle} ({smallest}–{largest})"
