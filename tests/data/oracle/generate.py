#!/usr/bin/env python3
"""Generates the reference figures in this folder, and the losses' in crates/losses/tests/data, from PyTorch and segmentation_models_pytorch (SMP).

    pip install torch==2.14.1 segmentation-models-pytorch==0.6.0 safetensors numpy
    python generate.py OUT_FOLDER [--only networks,losses,training] [--seed-suffix S] [--shape N,C,H,W]

Weights are *procedural*: every value follows from the tensor's name and its flat index (README.md), so the
reference outputs can be checked without shipping a single checkpoint.
"""
import argparse, json, math, os
import numpy as np, torch
import segmentation_models_pytorch as smp
from safetensors.numpy import save_file

ENCODERS = ["resnet18", "resnet50", "densenet121", "densenet161", "inceptionv4"]
BEYOND = ["efficientnet-b0"]  # encoders that the paper does not have
DECODERS = {"unet": "Unet", "unetplusplus": "UnetPlusPlus", "fpn": "FPN"}
MASK = (1 << 64) - 1


def uniform(name: str, n: int) -> np.ndarray:
    """n values in [0, 1), float32, each a multiple of 2^-24: splitmix64 keyed by FNV-1a-64(name)."""
    h = 0xCBF29CE484222325
    for b in name.encode():
        h = ((h ^ b) * 0x100000001B3) & MASK
    with np.errstate(over="ignore"):
        z = np.uint64(h) + (np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) / float(1 << 24)).astype(np.float32)


def procedural(name: str, shape, suffix: str = "") -> np.ndarray:
    n = int(np.prod(shape)) if len(shape) else 1
    u = uniform(name + suffix, n)
    one, two = np.float32(1), np.float32(2)
    if name.endswith("num_batches_tracked"):
        return np.ones(shape, np.int64)
    if name.endswith("running_var"):
        v = np.float32(0.5) + u
    elif name.endswith("running_mean"):
        v = (two * u - one) * np.float32(0.1)
    elif len(shape) >= 2:  # convolution, linear: He-uniform over fan-in
        bound = np.float32(math.sqrt(6.0 / int(np.prod(shape[1:]))))
        v = (two * u - one) * bound
    elif name.endswith("bias"):
        v = (two * u - one) * np.float32(0.1)
    else:  # batch- or group-norm scale
        v = np.float32(0.75) + np.float32(0.5) * u
    return v.astype(np.float32).reshape(shape)


def load_procedural(model, suffix=""):
    sd = model.state_dict()
    model.load_state_dict({k: torch.from_numpy(procedural(k, tuple(v.shape), suffix)) for k, v in sd.items()})
    return model


def sample(t: torch.Tensor, name: str, k: int = 32):
    flat = t.detach().double().flatten()
    idx = (uniform("sample:" + name, k).astype(np.float64) * flat.numel()).astype(np.int64)
    return {
        "shape": list(t.shape), "mean": flat.mean().item(), "std": flat.std(unbiased=False).item(),
        "abs_max": flat.abs().max().item(), "index": idx.tolist(), "value": flat[torch.from_numpy(idx)].tolist(),
    }


def networks(out, shape, suffix, file="networks", encoders=ENCODERS):
    x = torch.from_numpy(uniform("input" + suffix, int(np.prod(shape))).reshape(shape))
    tensors, meta = {}, {}
    for enc in encoders:
        for dec, cls in DECODERS.items():
            m = load_procedural(getattr(smp, cls)(enc, encoder_weights=None, in_channels=shape[1], classes=2), suffix).eval()
            with torch.no_grad():
                y = m(x)
                feats = m.encoder(x)
                y64 = m.double()(x.double())
            key = f"{dec}-{enc}"
            tensors[key] = y.numpy()
            meta[key] = {
                "parameters": sum(p.numel() for p in m.parameters()),
                "state_dict": {k: list(v.shape) for k, v in m.state_dict().items()},
                "logits": sample(y, key), "f32_rounding": (y.double() - y64).abs().max().item(),
                "encoder_features": [sample(f, f"{enc}:{i}") for i, f in enumerate(feats)] if dec == "unet" else None,
            }
            print(key, meta[key]["parameters"], f"std {meta[key]['logits']['std']:.3f} max {meta[key]['logits']['abs_max']:.2f} rounding {meta[key]['f32_rounding']:.2e}", flush=True)
    save_file(tensors, f"{out}/{file}.safetensors")
    json.dump({"input": {"name": "input" + suffix, "shape": list(shape)}, "suffix": suffix, "networks": meta}, open(f"{out}/{file}.json", "w"))


def losses(out, suffix):
    n, c, h, w = 2, 2, 24, 40
    z = (torch.from_numpy(uniform("logits" + suffix, n * c * h * w).reshape(n, c, h, w)) - 0.5) * 8
    t = torch.from_numpy((uniform("target" + suffix, n * h * w).reshape(n, h, w) < 0.35).astype(np.int64))
    L, res = smp.losses, {}
    fns = {
        "cross_entropy": lambda z: torch.nn.functional.cross_entropy(z, t),
        "cross_entropy_weighted_1_3": lambda z: torch.nn.functional.cross_entropy(z, t, weight=torch.tensor([1.0, 3.0], dtype=z.dtype)),
        "cross_entropy_smooth_0.1": lambda z: torch.nn.functional.cross_entropy(z, t, label_smoothing=0.1),
        "dice_multiclass": lambda z: L.DiceLoss("multiclass")(z, t),
        "dice_multiclass_log": lambda z: L.DiceLoss("multiclass", log_loss=True)(z, t),
        "jaccard_multiclass": lambda z: L.JaccardLoss("multiclass")(z, t),
        "focal_multiclass_gamma2": lambda z: L.FocalLoss("multiclass", gamma=2.0)(z, t),
        "tversky_multiclass_a0.3_b0.7": lambda z: L.TverskyLoss("multiclass", alpha=0.3, beta=0.7)(z, t),
        "focal_tversky_gamma0.75": lambda z: L.TverskyLoss("multiclass", alpha=0.3, beta=0.7, gamma=0.75)(z, t),
        "lovasz_multiclass": lambda z: L.LovaszLoss("multiclass")(z, t),
        "mcc_binary": lambda z: L.MCCLoss()(torch.sigmoid(z[:, 1:]), t[:, None].to(z.dtype)),
        "dice_binary": lambda z: L.DiceLoss("binary")(z[:, 1:], t[:, None]),
        "jaccard_binary": lambda z: L.JaccardLoss("binary")(z[:, 1:], t[:, None]),
        "focal_binary_alpha0.25": lambda z: L.FocalLoss("binary", alpha=0.25, gamma=2.0)(z[:, 1:], t[:, None]),
        "soft_bce": lambda z: L.SoftBCEWithLogitsLoss()(z[:, 1:], t[:, None].to(z.dtype)),
        "soft_bce_smooth_0.1": lambda z: L.SoftBCEWithLogitsLoss(smooth_factor=0.1)(z[:, 1:], t[:, None].to(z.dtype)),
    }
    for name, fn in fns.items():
        zz = (z.float() if "lovasz" in name else z.double()).clone().requires_grad_(True)  # SMP's Lovasz mixes in float32
        v = fn(zz); v.backward()
        res[name] = {"value": v.item(), "grad": sample(zz.grad, "grad:" + name)}
        print(f"{name:34s} {v.item():.6f} |grad| max {zz.grad.abs().max():.2e}")
    json.dump({"logits": {"name": "logits" + suffix, "shape": [n, c, h, w], "transform": "(u - 0.5) * 8"},
               "target": {"name": "target" + suffix, "shape": [n, h, w], "transform": "u < 0.35"}, "losses": res}, open(f"{out}/losses.json", "w"), indent=1)


def training(out, suffix, file="training", networks=(("unet", "resnet18"), ("fpn", "densenet121"), ("unetplusplus", "resnet18"))):
    """Ten Adam steps, training mode, batch norm updating, one fixed batch: the curve a port must follow."""
    n, h, w = 4, 64, 64
    x = torch.from_numpy(uniform("train-input" + suffix, n * 3 * h * w).reshape(n, 3, h, w))
    yy, xx = np.mgrid[0:h, 0:w]
    t = torch.from_numpy(np.stack([((yy - 20 - 6 * i) ** 2 + (xx - 24 - 4 * i) ** 2 < 15 ** 2) for i in range(n)]).astype(np.int64))
    res = {}
    for dec, enc in networks:
        curves = {}
        for dt in (torch.float32, torch.float64):
            m = load_procedural(getattr(smp, DECODERS[dec])(enc, encoder_weights=None, classes=2), suffix).to(dt)
            for mod in m.modules():  # dropout would make the curve random
                if isinstance(mod, (torch.nn.Dropout, torch.nn.Dropout2d)): mod.p = 0.0
                if hasattr(mod, "_drop_connect_rate"): mod._drop_connect_rate = 0.0
            m.train()
            opt = torch.optim.Adam(m.parameters(), lr=1e-4, betas=(0.9, 0.999), eps=1e-8)
            c = []
            for _ in range(10):
                opt.zero_grad(); l = torch.nn.functional.cross_entropy(m(x.to(dt)), t); l.backward(); opt.step(); c.append(l.item())
            curves[str(dt)] = c
            if dt == torch.float64: rm = {k: sample(v, k, 8) for k, v in m.state_dict().items() if k.endswith(("running_mean", "running_var")) and k.startswith(("encoder.bn1.", "encoder.features.norm0.", "encoder._bn0."))}
        res[f"{dec}-{enc}"] = {"loss": curves["torch.float64"], "loss_f32": curves["torch.float32"], "after": rm}
        print(dec, enc, [round(v, 5) for v in curves["torch.float64"]], "f32 dev", max(abs(a - b) for a, b in zip(*curves.values())))
    json.dump({"input": {"name": "train-input" + suffix, "shape": [n, 3, h, w]},
               "target": "for image i: 1 where (row-20-6i)^2 + (col-24-4i)^2 < 15^2, else 0",
               "optimizer": "Adam lr 1e-4, betas 0.9/0.999, eps 1e-8; mean cross-entropy over all pixels; dropout off", "curves": res}, open(f"{out}/{file}.json", "w"), indent=1)


PARTS = {
    "networks": lambda a: networks(a.out, tuple(map(int, a.shape.split(","))), a.seed_suffix),
    "losses": lambda a: losses(a.out, a.seed_suffix),
    "training": lambda a: training(a.out, a.seed_suffix),
    # One image of the input is enough for these, and keeps the file small.
    "beyond": lambda a: networks(a.out, (1, *map(int, a.shape.split(",")[1:])), a.seed_suffix, "beyond", BEYOND),
    "beyond-training": lambda a: training(a.out, a.seed_suffix, "beyond-training", [("unet", enc) for enc in BEYOND]),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--seed-suffix", default="", help="appended to every name: other weights and inputs")
    parser.add_argument("--shape", default="2,3,64,96", help="of the networks' input")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    for part in arguments.only.split(","):
        PARTS[part](arguments)
