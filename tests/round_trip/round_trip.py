#!/usr/bin/env python3
"""Weights from PyTorch through Pulmo and back, with nothing changed on the way.

For every network: segmentation_models.pytorch (SMP) builds it with random weights and random batch statistics and saves
its state dict with `torch.save`; Pulmo's `convert` loads that strictly and writes safetensors; PyTorch loads that
strictly, and has to find the same values and give the same logits; Pulmo's own logits come from `verify`. Then the same
for ImageNet classifiers into encoders, for model folders, and for tensors that lie in memory in another order.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import segmentation_models_pytorch as smp
import timm
import torch
import torchvision
from safetensors.torch import load_file, save_file

ARCHITECTURES = {"unet": smp.Unet, "unetplusplus": smp.UnetPlusPlus, "fpn": smp.FPN}
ENCODERS = ["resnet18", "resnet50", "densenet121", "densenet161", "inceptionv4"]
CLASSIFIERS = {
    "torchvision resnet18": ("resnet18", lambda: torchvision.models.resnet18(weights=None)),
    "torchvision resnet50": ("resnet50", lambda: torchvision.models.resnet50(weights=None)),
    "torchvision densenet121": ("densenet121", lambda: torchvision.models.densenet121(weights=None)),
    "torchvision densenet161": ("densenet161", lambda: torchvision.models.densenet161(weights=None)),
    "timm resnet18": ("resnet18", lambda: timm.create_model("resnet18")),
    "timm resnet50": ("resnet50", lambda: timm.create_model("resnet50")),
    "timm densenet121": ("densenet121", lambda: timm.create_model("densenet121")),
    "timm densenet161": ("densenet161", lambda: timm.create_model("densenet161")),
    "timm inception_v4": ("inceptionv4", lambda: timm.create_model("inception_v4")),
}
CLASSES = 2
BUNDLED = {
    "lung": "densenet121",
    "lung-resnet18": "resnet18",
    "infection": "densenet121",
    "infection-160": "densenet121",
}
BUNDLED_DEPTH = 4
BUNDLED_DECODER = (128, 64, 32, 16)
# What SMP's encoders keep beyond that depth, and do not run.
UNUSED = {
    "resnet18": ("encoder.layer4.",),
    "densenet121": ("encoder.features.transition3.conv.", "encoder.features.denseblock4.", "encoder.features.norm5."),
}
INPUT_SHAPE = (2, 3, 96, 64)
# Of Pulmo's logits against PyTorch's, relative to the largest logit where that is above 1.
TOLERANCE = 1e-4
# PyTorch's counters beside batch statistics; they take no part in evaluation, and start from 0 in what Pulmo writes.
COUNTER = "num_batches_tracked"
# What the scales of a tensor of 8 bits are called, behind its own key.
SCALE = ".scale"
# Characters of an error that a table has room for.
REASON_LENGTH = 200
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Programs:
    """The program `pulmo` and a folder for what it writes."""

    pulmo: Path
    work: Path

    def run(self, name: str, *arguments: object) -> str:
        command = [str(self.pulmo), name, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr.strip()}")
        return done.stdout

    def convert(self, *arguments: object, out: str = "out.safetensors") -> str:
        return self.run("convert", *arguments, "--out", self.work / out)


def randomise(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Random batch normalisation, statistics and counters included; the other weights are random as they are built."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5, generator=generator)
                module.bias.normal_(0.0, 0.1, generator=generator)
                module.running_mean.normal_(0.0, 0.1, generator=generator)
                module.running_var.uniform_(0.5, 1.5, generator=generator)
                module.num_batches_tracked.random_(1, 1000, generator=generator)
    return model.eval()


def build(network: str, seed: int) -> torch.nn.Module:
    architecture, encoder = network.split("-")
    torch.manual_seed(seed)
    return randomise(ARCHITECTURES[architecture](encoder, encoder_weights=None, classes=CLASSES), seed)


def check_equal(found: dict, expected: dict) -> int:
    """The number of tensors that are there with the same bits, which has to be all of them."""
    keys = [key for key in expected if not key.endswith(COUNTER)]
    for key in keys:
        if not torch.equal(found[key].view(torch.int32), expected[key].contiguous().view(torch.int32)):
            raise RuntimeError(f"'{key}' came back with other values")
    return len(keys)


def pulmo_deviation(programs: Programs, network: str, weights: Path, model: torch.nn.Module, *options: object) -> tuple:
    """Largest logit of PyTorch, and the largest deviation of Pulmo's logits relative to it where it is above 1."""
    images = torch.randn(INPUT_SHAPE, generator=torch.Generator().manual_seed(0))
    save_file({"input": images}, programs.work / "input.safetensors")
    logits = programs.work / "logits.safetensors"
    programs.run("verify", "--network", network, "--weights", weights, *options,
                 "--input", programs.work / "input.safetensors", "--out", logits)
    with torch.inference_mode():
        expected = model.eval()(images)
    largest = expected.abs().max().item()
    deviation = (load_file(logits)["logits"] - expected).abs().max().item() / max(1.0, largest)
    if not deviation <= TOLERANCE:
        raise RuntimeError(f"Pulmo's logits deviate by {deviation:.1e}, more than {TOLERANCE:.0e}")
    return f"{largest:.2g}", f"{deviation:.1e}"


def network_row(programs: Programs, network: str, seed: int) -> list[str]:
    model = build(network, seed)
    weights, out = programs.work / "in.pth", programs.work / "out.safetensors"
    torch.save(model.state_dict(), weights)
    applied = programs.convert("--network", network, "--weights", weights).split(" applied")[0]

    again = build(network, seed + 1)
    again.load_state_dict(load_file(out), strict=True)
    equal = check_equal(again.state_dict(), model.state_dict())

    images = torch.randn(INPUT_SHAPE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        if not torch.equal(again.eval()(images), model(images)):
            raise RuntimeError("PyTorch's logits of the reloaded network differ")
    largest, deviation = pulmo_deviation(programs, network, weights, model)
    return [applied, "yes", f"{equal} of {equal}", "equal", largest, deviation]


def dotted(state: dict) -> dict:
    """The key names in the DenseNet files that torchvision publishes."""
    return {key.replace(".norm1.", ".norm.1.").replace(".norm2.", ".norm.2.")
            .replace(".conv1.", ".conv.1.").replace(".conv2.", ".conv.2."): value for key, value in state.items()}


def classifier_row(programs: Programs, encoder: str, classifier: torch.nn.Module, rename, seed: int) -> list[str]:
    state = randomise(classifier, seed).state_dict()
    torch.save(rename(state), programs.work / "in.pth")
    network = f"unet-{encoder}"
    applied = programs.convert("--network", network, "--classifier", "--weights", programs.work / "in.pth")
    model = build(network, seed + 1)
    model.load_state_dict(load_file(programs.work / "out.safetensors"), strict=True)
    found = model.encoder.state_dict()
    equal = check_equal(found, {key: state[key] for key in found})
    return [applied.split(" applied")[0], "yes", f"{equal} of {equal}"]


def folder_row(programs: Programs, seed: int) -> list[str]:
    """Into a model folder and out of it."""
    model = build("unet-resnet18", seed)
    torch.save(model.state_dict(), programs.work / "in.pth")
    applied = programs.convert("--network", "unet-resnet18", "--weights", programs.work / "in.pth",
                               "--task", "lung", out="folder")
    programs.convert("--weights", programs.work / "folder")
    return reloaded(programs, build("unet-resnet18", seed + 1), model.state_dict(), applied)


def strided_row(programs: Programs, seed: int) -> list[str]:
    """A state dict whose convolutions lie in memory with channels last."""
    model = build("unet-resnet18", seed).to(memory_format=torch.channels_last)
    torch.save(model.state_dict(), programs.work / "in.pth")
    applied = programs.convert("--network", "unet-resnet18", "--weights", programs.work / "in.pth")
    return reloaded(programs, build("unet-resnet18", seed + 1), model.state_dict(), applied)


def safetensors_row(programs: Programs, seed: int) -> list[str]:
    """A safetensors file that PyTorch wrote."""
    model = build("unet-resnet18", seed)
    save_file(model.state_dict(), programs.work / "in.safetensors")
    applied = programs.convert("--network", "unet-resnet18", "--weights", programs.work / "in.safetensors")
    return reloaded(programs, build("unet-resnet18", seed + 1), model.state_dict(), applied)


def bundled_row(programs: Programs, name: str, encoder: str) -> list[str]:
    """A bundled network into PyTorch; its convolutions are stored in 8 bits, each channel with a scale."""
    model = smp.Unet(encoder, encoder_weights=None, encoder_depth=BUNDLED_DEPTH,
                     decoder_channels=BUNDLED_DECODER, classes=2)
    folder = ROOT / f"crates/weights-{name}"
    programs.convert("--weights", folder)
    weights = programs.work / "out.safetensors"
    left = model.load_state_dict(load_file(weights), strict=False)
    beyond = [key for key in left.missing_keys if not key.startswith(UNUSED[encoder])]
    if left.unexpected_keys or beyond:
        raise RuntimeError(f"unexpected {left.unexpected_keys}, missing {beyond}")
    equal = check_equal(model.state_dict(), unscaled(load_file(folder / "model.safetensors")))
    largest, deviation = pulmo_deviation(programs, f"unet-{encoder}", weights, model, "--depth", BUNDLED_DEPTH)
    strict = f"all but {len(left.missing_keys)} of the encoder's unused tensors"
    return [strict, f"{equal} of {equal}", largest, deviation]


def unscaled(stored: dict) -> dict:
    """Tensors of 8 bits times their channels' scales, and all others as they are, in 32 bits."""
    scales = {key[: -len(SCALE)]: value for key, value in stored.items() if key.endswith(SCALE)}
    weights = {key: value.float() for key, value in stored.items() if not key.endswith(SCALE)}
    return {key: value * scales[key].reshape(-1, *[1] * (value.dim() - 1)) if key in scales else value
            for key, value in weights.items()}


def reloaded(programs: Programs, model: torch.nn.Module, expected: dict, applied: str) -> list[str]:
    model.load_state_dict(load_file(programs.work / "out.safetensors"), strict=True)
    equal = check_equal(model.state_dict(), expected)
    return [applied.split(" applied")[0], "yes", f"{equal} of {equal}"]


class Table:
    """Rows that are printed as they come; a failure is a row too."""

    def __init__(self, head: list[str]):
        self.head, self.lines, self.failed = head, [], 0
        self.lines += ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]

    def add(self, name: str, row) -> None:
        try:
            cells = row()
        except Exception as error:  # whatever a network fails with is its result
            self.failed += 1
            reason = str(error).splitlines()[0][:REASON_LENGTH]
            cells = [f"**failed**: {reason}"] + [""] * (len(self.head) - 2)
        self.lines.append("| " + " | ".join([name, *cells]) + " |")
        print(self.lines[-1], file=sys.stderr, flush=True)


def networks_table(programs: Programs, names: list[str]) -> Table:
    table = Table(["network", "tensors Pulmo loaded", "strict in PyTorch", "same bits", "PyTorch's logits",
                   "largest logit", "Pulmo's logits off by"])
    for seed, network in enumerate(names):
        table.add(network, lambda: network_row(programs, network, seed))
    return table


def classifiers_table(programs: Programs) -> Table:
    table = Table(["classifier", "tensors Pulmo loaded", "strict in PyTorch", "same bits in the encoder"])
    for seed, (name, (encoder, make)) in enumerate(CLASSIFIERS.items()):
        table.add(name, lambda: classifier_row(programs, encoder, make(), dict, seed))
        if name.startswith("torchvision densenet"):
            table.add(f"{name}, published names", lambda: classifier_row(programs, encoder, make(), dotted, seed))
    return table


def files_table(programs: Programs) -> Table:
    table = Table(["file", "tensors Pulmo loaded", "strict in PyTorch", "same bits"])
    table.add("safetensors by PyTorch", lambda: safetensors_row(programs, 1))
    table.add(".pth with channels last in memory", lambda: strided_row(programs, 2))
    table.add(".pth to a model folder to safetensors", lambda: folder_row(programs, 3))
    return table


def bundled_table(programs: Programs) -> Table:
    table = Table(["bundled network", "strict in PyTorch", "same bits", "largest logit", "Pulmo's logits off by"])
    for name, encoder in BUNDLED.items():
        table.add(f"{name}, U-Net / {encoder}", lambda: bundled_row(programs, name, encoder))
    return table


def page(tables: list[Table]) -> str:
    packages = ["torch", "torchvision", "segmentation_models_pytorch", "timm", "safetensors"]
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    shape = " x ".join(map(str, INPUT_SHAPE))
    networks, classifiers, files, bundled = ("\n".join(table.lines) for table in tables)
    return f"""# Weights to PyTorch and back

Written by `tests/round_trip/round_trip.py`; [its README](../tests/round_trip/README.md) says how to run it. Python
{platform.python_version()}, {versions}.

Every network of segmentation_models.pytorch (SMP) below had random weights and random batch statistics, was saved with
`torch.save`, loaded strictly by Pulmo and written as safetensors (`pulmo convert`). *Strict in PyTorch*: it is loaded
there by `load_state_dict(..., strict=True)`. *Same bits*: weights and batch statistics that came back exactly.
PyTorch's batch counters come back as 0. *PyTorch's logits*: of the reloaded network against the original's. *Pulmo's
logits* are those of `pulmo verify` on the same images, {shape}; the deviation is relative to the
largest logit where that is above 1, and may be {TOLERANCE:.0e}.

{networks}

## ImageNet classifiers as encoders

`pulmo convert --classifier`: the whole encoder of a U-Net comes from the classifier's state dict, loaded strictly.

{classifiers}

## Other files

With U-Net/ResNet18.

{files}

## The bundled networks in PyTorch

`pulmo convert --weights <model folder>`, loaded into
`smp.Unet(encoder, encoder_depth={BUNDLED_DEPTH}, decoder_channels={BUNDLED_DECODER}, classes=2)`.

{bundled}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = [f"{architecture}-{encoder}" for architecture in ARCHITECTURES for encoder in ENCODERS]
    parser.add_argument("--pulmo", type=Path, default=ROOT / "target/release/pulmo", help="the built program")
    parser.add_argument("--network", action="append", choices=every, help="only this network; may be repeated")
    parser.add_argument("--out", type=Path, help="Markdown file to write; standard output without it")
    options = parser.parse_args()
    if not options.pulmo.exists():
        parser.error(f"{options.pulmo} is not there; build it with `cargo build --release -p pulmo-cli`")

    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as work:
        programs = Programs(options.pulmo, Path(work))
        tables = [networks_table(programs, options.network or every), classifiers_table(programs),
                  files_table(programs), bundled_table(programs)]
    text = page(tables)
    if options.out:
        options.out.write_text(text)
    else:
        print(text)
    failed = sum(table.failed for table in tables)
    if failed:
        print(f"{failed} rows failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
