#!/usr/bin/env python3
"""Pulmo beside PyTorch, ONNX Runtime and tract, on the same networks, in turn.

Every measured program is a process of its own, started anew in every round: ours, eager, channels-last, ..., and again
from the next one on, so that drift of the machine hits all alike. Warm-up is not counted. Runs of one (mode, network, batch)
are kept in a results file, to which further calls add; the table is made of all of it.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

NETWORKS = ["unet-resnet18", "fpn-densenet121", "unet-densenet161", "fpn-inceptionv4", "unetplusplus-densenet121"]
OURS = "pulmo"
PYTORCH = ["eager", "channels-last"]
TITLES = {
    OURS: "Pulmo",
    "eager": "PyTorch",
    "channels-last": "PyTorch, channels last",
    "onnxruntime": "ONNX Runtime",
    "tract": "tract",
}
HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "target"


def onnx_file(options, network: str, batch: int) -> Path:
    return options.onnx / f"{network}-{batch}-{options.size}.onnx"


def programs(options, network: str, batch: int) -> dict[str, list[str]]:
    """The command of each program of one cell."""
    common = ["--network", network, "--mode", options.mode, "--batch", batch, "--threads", options.threads,
              "--runs", options.runs, "--warm-up", options.warm_up, "--size", options.size]
    peer = [sys.executable, HERE / "torch_peer.py"]
    onnx = ["--onnx", onnx_file(options, network, batch)]
    commands = {OURS: [options.pulmo, "measure", *common, *shlex.split(options.ours_args)]}
    commands |= {engine: [*peer, *common, "--engine", engine] for engine in PYTORCH}
    if options.mode == "forward":
        commands["onnxruntime"] = [*peer, *common, "--engine", "onnxruntime", *onnx]
        if options.tract:
            commands["tract"] = [options.tract, *common, *onnx]
    chosen = options.only or list(commands)
    return {name: [str(part) for part in command] for name, command in commands.items() if name in chosen}


def export(options, network: str, batch: int) -> None:
    file = onnx_file(options, network, batch)
    if options.mode == "forward" and not file.exists():
        print(f"exporting {file.name}", file=sys.stderr)
        command = [sys.executable, HERE / "torch_peer.py", "--export", "--network", network, "--batch", str(batch),
                   "--size", str(options.size), "--onnx", file]
        subprocess.run(command, check=True, stdout=sys.stderr)


def measure(options, results: dict, network: str, batch: int) -> None:
    cell = results.setdefault(f"{options.mode} {network} {batch}", {})
    commands = list(programs(options, network, batch).items())
    for round_ in range(options.rounds):
        first = round_ % len(commands)
        for name, command in commands[first:] + commands[:first]:
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{name}: {done.stderr.strip()}")
            line = json.loads(done.stdout)
            entry = cell.setdefault(name, {"runs_ms": [], "peak_rss_mb": 0})
            entry["runs_ms"] += line["runs_ms"]
            entry["peak_rss_mb"] = max(entry["peak_rss_mb"], line["peak_rss_mb"] or 0)
            print(f"round {round_ + 1}: {TITLES[name]}, {network}, batch {batch}: {line['median_ms']:.1f} ms",
                  file=sys.stderr, flush=True)
        save(options.results, results)


def save(file: Path, results: dict) -> None:
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(results, indent=1) + "\n")
    partial.rename(file)


def table(results: dict, mode: str) -> str:
    """Medians in ms, with ours / peer in brackets: below 1 Pulmo is faster."""
    cells = {key: cell for key, cell in results.items() if key.startswith(f"{mode} ")}
    names = [name for name in TITLES if any(name in cell for cell in cells.values())]
    with_memory = mode == "train"
    lines = ["| network | batch | " + " | ".join(f"{TITLES[name]}, ms" for name in names) + " | runs each |",
             "|---" * (len(names) + 3) + "|"]
    for key, cell in cells.items():
        _, network, batch = key.split(" ")
        ours = statistics.median(cell[OURS]["runs_ms"]) if OURS in cell else None
        columns = []
        for name in names:
            if name not in cell:
                columns.append("")
                continue
            median = statistics.median(cell[name]["runs_ms"])
            text = f"{median:.1f}" if median < 100 else f"{median:.0f}"
            if name != OURS and ours is not None:
                text += f" ({ours / median:.2f})"
            if with_memory:
                text += f", {cell[name]['peak_rss_mb']:.0f} MiB"
            columns.append(text)
        runs = min(len(entry["runs_ms"]) for entry in cell.values())
        lines.append(f"| {network} | {batch} | " + " | ".join(columns) + f" | {runs} |")
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pulmo", type=Path, default=TARGET / "release/pulmo", help="the built program")
    parser.add_argument("--ours-args", default="", help="further options for `pulmo measure`, as one string")
    parser.add_argument("--tract", type=Path, help="the built program of benches/peers/tract; left out without it")
    parser.add_argument("--mode", choices=["forward", "train"], default="forward")
    parser.add_argument("--network", action="append", help="may be repeated; default: five for forward, one for train")
    parser.add_argument("--batch", type=int, action="append", help="may be repeated; default: 1 and 8, for train 4")
    parser.add_argument("--only", action="append", choices=list(TITLES), help="this program alone; may be repeated")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=4, help="counted runs of a program in each round")
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--results", type=Path, default=TARGET / "peers/results.json", help="file that runs add to")
    parser.add_argument("--onnx", type=Path, default=TARGET / "peers", help="folder for exported networks")
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs of the cells that are measured")
    parser.add_argument("--export-only", action="store_true", help="write the ONNX files and measure nothing")
    parser.add_argument("--table-only", action="store_true", help="print what was measured and measure nothing")
    options = parser.parse_args()
    training = options.mode == "train"
    options.network = options.network or (NETWORKS[:1] if training else NETWORKS)
    options.batch = options.batch or ([4] if training else [1, 8])
    if not (options.pulmo.exists() or options.table_only or options.export_only):
        parser.error(f"{options.pulmo} is not there; build it with `cargo build --release -p pulmo-cli`")
    return options


def main() -> int:
    options = parse()
    options.results.parent.mkdir(parents=True, exist_ok=True)
    results = json.loads(options.results.read_text()) if options.results.exists() else {}
    cells = [(network, batch) for network in options.network for batch in options.batch]
    if not options.table_only:
        for network, batch in cells:
            export(options, network, batch)
    if not (options.table_only or options.export_only):
        for network, batch in cells:
            if options.fresh:
                results.pop(f"{options.mode} {network} {batch}", None)
            measure(options, results, network, batch)
    print(table(results, options.mode))
    return 0


if __name__ == "__main__":
    sys.exit(main())
