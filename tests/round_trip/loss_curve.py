#!/usr/bin/env python3
"""The steps that Pulmo's `loss_curve` example took, taken by PyTorch: same weights, same batches, same learning rates.

Trains the network of segmentation_models.pytorch (SMP) from the weights that the example wrote, with PyTorch's
cross-entropy and Adam, writes both curves as a table, and draws them.
"""

import argparse
import csv
from pathlib import Path

import matplotlib
import segmentation_models_pytorch as smp
import torch
from safetensors.torch import load_file

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

ARCHITECTURES = {"unet": smp.Unet, "unetplusplus": smp.UnetPlusPlus, "fpn": smp.FPN}
# Steps that the drawn curves are averaged over.
WINDOW = 20


def smooth(values: list[float]) -> list[float]:
    return [sum(values[max(0, i + 1 - WINDOW) : i + 1]) / (i + 1 - max(0, i + 1 - WINDOW)) for i in range(len(values))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what the loss_curve example wrote")
    parser.add_argument("--network", default="unet-resnet18")
    parser.add_argument("--svg", type=Path, required=True, help="figure to write")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.backends.mkldnn.deterministic = True

    architecture, encoder = options.network.split("-")
    model = ARCHITECTURES[architecture](encoder, encoder_weights=None, classes=2).train()
    missing, unexpected = model.load_state_dict(load_file(options.folder / "initial.safetensors"), strict=False)
    missing = [key for key in missing if not key.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise SystemExit(f"weights do not fit: missing {missing[:3]}, unexpected {unexpected[:3]}")
    adam = torch.optim.Adam(model.parameters())

    steps = list(csv.DictReader((options.folder / "losses.csv").open()))
    ours = [float(step["loss"]) for step in steps]
    theirs = []
    with (options.folder / "compared.csv").open("w") as file:
        table = csv.writer(file)
        table.writerow(["step", "pulmo", "pytorch"])
        for i, step in enumerate(steps):
            batch = load_file(options.folder / "batches" / f"{i:05}.safetensors")
            adam.param_groups[0]["lr"] = float(step["learning_rate"])
            loss = torch.nn.functional.cross_entropy(model(batch["images"]), batch["targets"].long())
            adam.zero_grad()
            loss.backward()
            adam.step()
            theirs.append(loss.item())
            table.writerow([i, ours[i], theirs[i]])
            if i % 20 == 0:
                print(f"step {i}: Pulmo {ours[i]:.5f}, PyTorch {theirs[i]:.5f}", flush=True)

    for part in range(0, len(ours), max(1, len(ours) // 6)):
        end = min(len(ours), part + max(1, len(ours) // 6))
        a, b = sum(ours[part:end]) / (end - part), sum(theirs[part:end]) / (end - part)
        print(f"| {part} to {end - 1} | {a:.4f} | {b:.4f} | {100 * (a - b) / b:+.2f} % |")
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for name, values, colour in [("PyTorch", theirs, "tab:orange"), ("Pulmo", ours, "tab:blue")]:
        axes.plot(values, color=colour, alpha=0.25, linewidth=0.8)
        axes.plot(smooth(values), color=colour, label=f"{name}, mean of {WINDOW} steps", linewidth=1.6)
    axes.set(xlabel="step", ylabel="cross-entropy", ylim=(0, None), title=f"{options.network}: the same batches")
    axes.legend()
    figure.tight_layout()
    figure.savefig(options.svg)


if __name__ == "__main__":
    main()
