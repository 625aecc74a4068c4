#!/usr/bin/env python3
"""One network in PyTorch or ONNX Runtime: times it and prints one line of JSON, as `pulmo measure` does."""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

SEED = 1
CLASSES = 2
LEARNING_RATE = 1e-4
ENGINES = ["eager", "channels-last", "onnxruntime"]
KIB_PER_MIB = 1024


def build(network: str):
    import segmentation_models_pytorch as smp
    import torch

    architectures = {"unet": smp.Unet, "unetplusplus": smp.UnetPlusPlus, "fpn": smp.FPN}
    architecture, encoder = network.split("-")
    torch.manual_seed(SEED)
    return architectures[architecture](encoder, encoder_weights=None, classes=CLASSES)


def export(network: str, batch: int, size: int, file: Path) -> None:
    """The network as ONNX with a fixed input shape."""
    import torch

    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    images = torch.zeros(batch, 3, size, size)
    torch.onnx.export(build(network).eval(), (images,), partial, input_names=["input"], output_names=["logits"],
                      dynamo=True, external_data=False, verbose=False)
    partial.rename(file)


def onnxruntime_forward(options):
    import numpy
    import onnxruntime

    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = options.threads
    session_options.inter_op_num_threads = 1
    session_options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(options.onnx, session_options, providers=["CPUExecutionProvider"])
    shape = (options.batch, 3, options.size, options.size)
    images = numpy.random.default_rng(SEED).standard_normal(shape, dtype=numpy.float32)
    return lambda: session.run(["logits"], {"input": images})


def torch_run(options):
    import torch

    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    layout = torch.channels_last if options.engine == "channels-last" else torch.contiguous_format
    model = build(options.network).to(memory_format=layout)
    shape = (options.batch, 3, options.size, options.size)
    images = torch.randn(shape).to(memory_format=layout)
    if options.mode == "forward":
        model.eval()

        def forward():
            with torch.inference_mode():
                model(images)

        return forward

    targets = torch.randint(0, CLASSES, (options.batch, options.size, options.size))
    optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    model.train()

    def train():
        optimiser.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(images), targets)
        loss.backward()
        optimiser.step()
        loss.item()

    return train


def peak_rss_mb() -> float | None:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / KIB_PER_MIB for line in lines if line.startswith("VmHWM:")), None)


def timed(run, warm_up: int, runs: int) -> list[float]:
    times = []
    for index in range(warm_up + runs):
        started = time.perf_counter()
        run()
        if index >= warm_up:
            times.append((time.perf_counter() - started) * 1e3)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="eager")
    parser.add_argument("--network", required=True)
    parser.add_argument("--mode", choices=["forward", "train"], default="forward")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--onnx", type=Path, help="ONNX file of the network, for onnxruntime")
    parser.add_argument("--export", action="store_true", help="write the file of --onnx and measure nothing")
    options = parser.parse_args()
    if options.export:
        export(options.network, options.batch, options.size, options.onnx)
        return 0
    if options.engine == "onnxruntime" and (options.onnx is None or options.mode != "forward"):
        parser.error("onnxruntime runs forward passes, of the file of --onnx")
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    run = onnxruntime_forward(options) if options.engine == "onnxruntime" else torch_run(options)
    times = timed(run, options.warm_up, options.runs)
    print(json.dumps({
        "network": options.network,
        "mode": options.mode,
        "batch": options.batch,
        "threads": options.threads,
        "median_ms": statistics.median(times),
        "min_ms": min(times),
        "max_ms": max(times),
        "runs_ms": times,
        "peak_rss_mb": peak_rss_mb(),
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main())
