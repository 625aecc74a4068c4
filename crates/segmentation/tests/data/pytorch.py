#!/usr/bin/env python3
"""Writes tiny.pth and integers.pth as torch.save would, without PyTorch: python pytorch.py"""
import collections, io, pickle, struct, sys, types, zipfile


def module(name):
    sys.modules[name] = types.ModuleType(name)
    return sys.modules[name]


torch, utils = module("torch"), module("torch._utils")
torch._utils = utils


def _rebuild_tensor_v2(*arguments):
    raise NotImplementedError


_rebuild_tensor_v2.__module__ = "torch._utils"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2
STORAGES = {}
for name in ("FloatStorage", "LongStorage"):
    STORAGES[name] = type(name, (), {"__module__": "torch"})
    setattr(torch, name, STORAGES[name])


class Storage:
    def __init__(self, kind, key, count):
        self.id = ("storage", STORAGES[kind], key, "cpu", count)


class Tensor:
    def __init__(self, storage, shape):
        self.storage, self.shape = storage, shape

    def __reduce__(self):
        strides, step = [], 1
        for size in reversed(self.shape):
            strides.insert(0, step)
            step *= size
        return _rebuild_tensor_v2, (self.storage, 0, self.shape, tuple(strides), False, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return value.id if isinstance(value, Storage) else None


def save(path, tensors):
    state, data = collections.OrderedDict(), []
    for index, (name, kind, shape, values) in enumerate(tensors):
        code = {"FloatStorage": "f", "LongStorage": "q"}[kind]
        state[name] = Tensor(Storage(kind, str(index), len(values)), shape)
        data.append(struct.pack(f"<{len(values)}{code}", *values))
    text = io.BytesIO()
    Pickler(text, 2).dump(state)
    root = path.removesuffix(".pth")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        entries = {"data.pkl": text.getvalue(), "byteorder": b"little", "version": b"3\n"}
        entries.update({f"data/{index}": part for index, part in enumerate(data)})
        for name, content in entries.items():
            file.writestr(zipfile.ZipInfo(f"{root}/{name}"), content)


save("tiny.pth", [
    ("conv1.weight", "FloatStorage", (2, 1, 1, 3), [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]),
    ("bn1.bias", "FloatStorage", (2,), [-1.0, 0.25]),
    ("bn1.num_batches_tracked", "LongStorage", (), [7]),
])
save("integers.pth", [("index", "LongStorage", (2,), [1, 2])])
