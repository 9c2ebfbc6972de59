"""Results on disk: one JSON file in a folder, by workload; a line a run, so that changes can be read."""

import json


def read(folder):
    path = folder / "results.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write(folder, results):
    folder.mkdir(parents=True, exist_ok=True)
    workloads = []
    for name, result in sorted(results.items()):
        about = {key: value for key, value in result.items() if key != "rows"}
        rows = ",\n    ".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in result["rows"])
        head = json.dumps(about, ensure_ascii=False, sort_keys=True)[:-1]
        workloads.append(f'  {json.dumps(name)}: {head}, "rows": [\n    {rows}]}}')
    (folder / "results.json").write_text("{\n" + ",\n".join(workloads) + "\n}\n")
