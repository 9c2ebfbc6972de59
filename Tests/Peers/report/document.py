"""The report: Markdown and plots, of nothing but the results and what the workloads say of themselves."""

from harness.workload import Bars, Lines, Stack

from . import svg
from .figures import Figures, number, span
from .introduction import INTRODUCTION


def write_report(folder, results, workloads):
    """Writes `benchmarks.md` and, beside it in `benchmarks/`, the plots. The same results give the same files."""
    plots = folder / "benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    shown = [workload for workload in workloads if workload.name in results]
    sections = [INTRODUCTION.strip(), goals(shown, results), machine(shown, results)]
    for workload in shown:
        figures = Figures(results[workload.name]["rows"])
        sections.append(section(workload, results[workload.name], figures, draw(workload, figures, plots)))
    (folder / "benchmarks.md").write_text("\n\n".join(filter(None, sections)) + "\n")


def goals(workloads, results):
    lines = []
    for workload in workloads:
        figures = Figures(results[workload.name]["rows"])
        for goal in workload.goals:
            theirs = figures.best(goal.theirs, goal.key)
            found = figures.ratio(goal.ours, theirs, goal.key) if goal.theirs else figures.spread(goal.ours, goal.key)
            if not found:
                continue
            reached = found[0] >= goal.at_least if goal.at_least is not None else found[0] <= goal.at_most
            wanted = f"≥ {goal.at_least:g}" if goal.at_least is not None else f"≤ {goal.at_most:g}"
            times = " ×" if goal.theirs else ""
            against = goal.what + (f" ({theirs})" if len(goal.theirs) > 1 else "")
            link = f"[{workload.title}](#{anchor(workload.title)})"
            digits = 2 if found[0] < 20 else 0
            lines.append(f"| {link} | {against} | {wanted}{times} | {span(found, digits)}{times} | {'yes' if reached else 'no'} |")
    if not lines:
        return ""
    return "\n".join(["## In short", "", "| workload | Reelmill beside | wanted | measured | reached |", "|---|---|---|---|---|", *lines])


def anchor(title):
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c == "-")


def machine(workloads, results):
    """One table for each machine and set of versions; usually there is one."""
    groups = {}
    for workload in workloads:
        result = results[workload.name]
        key = (tuple(result["machine"].items()), tuple(result["versions"].items()))
        groups.setdefault(key, []).append(workload)
    tables = ["## Machine and versions"]
    for (about, versions), members in groups.items():
        of = "" if len(groups) == 1 else f"Of {', '.join(member.title for member in members)}:\n\n"
        described = {name: str(value) for name, value in about}
        # Sorted by the writer of results; the eye wants another order.
        rows = [f"| {name} | {described[name]} |" for name in ("processor", "cores", "memory", "system")]
        rows += [f"| {name} | {version} |" for name, version in sorted(versions, key=lambda item: item[0].lower())]
        tables.append(of + "\n".join(["| | |", "|---|---|", *rows]))
    return "\n\n".join(tables)


def section(workload, result, figures, plots):
    parts = [f"## {workload.title}", workload.what.strip(), table(workload, figures)]
    parts += [f"![{title}](benchmarks/{name})" for name, title in plots]
    parts.append(f"**What limits it.** {workload.limits.strip()}")
    parts.append(provenance(result, figures))
    return "\n\n".join(parts)


def table(workload, figures):
    measured = [contender for contender in workload.contenders if any(figures.values(contender.name, column.key) for column in workload.columns)]
    columns = [column for column in workload.columns if any(figures.values(each.name, column.key) for each in measured)]
    lines = [
        "| | " + " | ".join(column.title for column in columns) + " | |",
        "|---|" + "---:|" * len(columns) + "---|",
    ]
    for contender in measured:
        cells = []
        for column in columns:
            spread = figures.spread(contender.name, column.key)
            if spread is None:
                cells.append("–")
            else:
                cells.append(span(spread, column.digits) if column.spread else number(spread[0], column.digits))
        name = f"**{contender.name}**" if is_ours(contender.name) else contender.name
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {contender.what} |")
    return "\n".join(lines)


def provenance(result, figures):
    text = f"`{result['command']}`, {result['rounds']} rounds, {result['date']}, commit `{result['commit']}`."
    noisy, known = figures.noisy()
    if noisy:
        text += f" In {noisy} of {known} runs something else used more than a quarter of a processor."
    for row in figures.failed:
        text += f"\n\nFailed: {row['contender']}, round {row['round']}: {row['error']}"
    return text


def is_ours(name):
    return name.startswith("Reelmill")


def draw(workload, figures, folder):
    """Writes the plots of a workload. Returns their names and titles."""
    drawn = []
    for index, plot in enumerate(workload.plots, 1):
        if picture := picture_of(plot, workload, figures):
            name = f"{workload.name}-{index}.svg"
            (folder / name).write_text(picture)
            drawn.append((name, plot.title))
    return drawn


def picture_of(plot, workload, figures):
    names = [contender.name for contender in workload.contenders]
    match plot:
        case Bars():
            rows = [
                (name, "ours" if is_ours(name) else "theirs", *spread, number(spread[0], plot.digits))
                for name in names
                if (spread := figures.spread(name, plot.key))
            ]
            return svg.bars(plot.title, plot.unit, rows) if rows else None
        case Stack():
            keys = [key for key, _ in plot.parts]
            rows = []
            for name in plot.contenders or names:
                values = [spread[0] if (spread := figures.spread(name, key)) else 0 for key in keys]
                if any(values):
                    rows.append((name, values, number(sum(values), plot.digits)))
            return svg.stacked(plot.title, plot.unit, [title for _, title in plot.parts], rows) if rows else None
        case Lines():
            courses = [(name, course) for name in names if (course := figures.series(name))]
            return svg.lines(plot.title, plot.x, plot.y, courses) if courses else None
