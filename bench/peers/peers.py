#!/usr/bin/python3
"""What Python's libraries make of the rows of bench/run.

    peers.py ROW PEER THREADS WARM WINDOWS MEASURE MODELS    does a row's work, prints one line of JSON
    peers.py versions                                        prints the versions of what is installed
    peers.py export MODELS                                   writes the networks as ONNX and TorchScript

bench/run starts it, with the environment that makes these libraries fast (Python.java).
"""
import importlib
import json
import math
import os
import sys
import time

RATE = 1e-8  # so small that nothing converges: gradients keep their size, and with it their cost


# ---- measuring, as Sampler.java does ----

def sample(run, warm, windows, measure):
    """Seconds of a call, sample by sample."""
    before, now, window = math.inf, math.inf, 0
    while window < windows and (window < 2 or now < 0.97 * before):
        before, calls, start = now, 0, time.perf_counter()
        while calls == 0 or time.perf_counter() - start < warm / 2:
            run()
            calls += 1
        now, window = (time.perf_counter() - start) / calls, window + 1
    start = time.perf_counter()
    run()
    inner = max(1, math.ceil(0.02 / (time.perf_counter() - start)))
    seconds, begin = [], time.perf_counter()
    while len(seconds) < 3 or (time.perf_counter() - begin < measure and len(seconds) < 100):
        start = time.perf_counter()
        for _ in range(inner):
            run()
        seconds.append((time.perf_counter() - start) / inner)
    return seconds


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))


# ---- products ----

def sgemm(peer, shape):
    m, k, n = (int(size) for size in shape.split("x"))
    import numpy as np
    a, b = (np.random.randn(*s).astype("f") for s in ((m, k), (k, n)))
    c = np.empty((m, n), "f")
    if peer == "numpy":
        return lambda: np.matmul(a, b, out=c)
    import torch
    a, b, c = (torch.from_numpy(x) for x in (a, b, c))
    return lambda: torch.mm(a, b, out=c)


# ---- networks ----

def network(name):
    import torchvision
    return getattr(torchvision.models, name)(weights=None)


def pictures(peer, batch):
    import torch
    x = torch.randn(batch, 3, 224, 224)
    return x.contiguous(memory_format=torch.channels_last) if peer == "torch-nhwc" else x


def infer(peer, name, batch):
    import torch
    torch.set_grad_enabled(False)
    net, x = network(name).eval(), pictures(peer, batch)
    if peer == "torch-nhwc":
        net = net.to(memory_format=torch.channels_last)
    if peer == "torch-jit":
        net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x[:1])))
    return lambda: net(x)


def train(peer, name, batch):
    import torch
    net, x = network(name).train(), pictures(peer, batch)
    if peer == "torch-nhwc":
        net = net.to(memory_format=torch.channels_last)
    y = torch.randint(0, 1000, (batch,))
    optimizer = torch.optim.SGD(net.parameters(), RATE, momentum=0.9)
    return step(optimizer, lambda: torch.nn.functional.cross_entropy(net(x), y))


def step(optimizer, loss):
    def run():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()
    return run


# ---- metric learning ----

def digits(triplets, batch):
    import torch
    from torch import nn
    net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 32, 3), nn.ReLU(),
                        nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten())
    x, y = torch.randn(batch, 1, 28, 28), torch.randint(0, 10, (batch,))
    optimizer = torch.optim.Adam(net.parameters(), RATE)

    def embed():
        return nn.functional.normalize(net(x), dim=1)

    def loss():
        e = embed()
        square = (e * e).sum(1)
        d = square[:, None] + square[None, :] - 2 * e @ e.t()
        same = y[:, None] == y[None, :]
        positive = same & ~torch.eye(batch, dtype=torch.bool)
        every = torch.relu(d[:, :, None] - d[:, None, :] + 0.5)
        return (every * (positive[:, :, None] & ~same[:, None, :])).sum()
    return step(optimizer, loss if triplets else lambda: embed().sum())


def heads(batch):
    import torch
    from torch import nn
    image = nn.Linear(2048, 300)
    attributes = nn.Sequential(nn.Linear(40, 300), nn.BatchNorm1d(300), nn.ReLU(),
                               nn.Linear(300, 300), nn.BatchNorm1d(300), nn.ReLU())
    optimizer = torch.optim.Adam([*image.parameters(), *attributes.parameters()], RATE)
    margin = nn.TripletMarginLoss(margin=0.1)
    x, p, n = torch.randn(batch, 2048), torch.randn(batch, 40), torch.randn(batch, 40)

    def loss():
        return margin(*(nn.functional.normalize(e, dim=1) for e in (image(x), attributes(p), attributes(n))))
    return step(optimizer, loss)


# ---- search ----

def search(peer, queries, rows=1_000_000, width=300, nearest=10):
    import numpy as np
    random = np.random.default_rng(1)

    def unit(count):
        x = np.empty((count, width), "f")
        for part in np.array_split(x, max(1, count // 10_000)):
            random.random(out=part, dtype="f")
            part -= 0.5
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return x

    x, q = unit(rows), unit(queries)
    if peer == "numpy":
        def run():
            score = x @ q[0] if queries == 1 else x @ q.T
            score = np.ascontiguousarray(score.reshape(rows, queries).T)
            found = np.argpartition(score, rows - nearest, axis=1)[:, rows - nearest:]
            order = np.argsort(-np.take_along_axis(score, found, 1), axis=1)
            return np.take_along_axis(found, order, 1)
        return run
    if peer == "torch":
        import torch
        torch.set_grad_enabled(False)
        x, q = torch.from_numpy(x), torch.from_numpy(q)
        return lambda: torch.topk(torch.mm(q, x.t()), nearest, dim=1)
    import faiss
    index = (faiss.IndexFlatIP if peer == "faiss-ip" else faiss.IndexFlatL2)(width)
    index.add(x)
    del x
    return lambda: index.search(q, nearest)


# ---- the command line ----

def prepare(row, peer):
    kind, *words = row.split(" ")
    batch = int(words[-1][1:]) if words[-1][0] == "b" else 0
    if kind == "sgemm":
        return sgemm(peer, words[0])
    if kind == "infer":
        return infer(peer, words[0], batch)
    if kind == "search":
        return search(peer, batch)
    if words[0] == "digits":
        return digits(words[1] == "triplets", batch)
    if words[0] == "heads":
        return heads(batch)
    return train(peer, words[0], batch)


def versions():
    found = {}
    for name in ("numpy", "torch", "torchvision", "onnx", "faiss"):
        try:
            found[name] = importlib.import_module(name).__version__
        except ImportError:
            pass
    return found


def export(folder):
    import torch
    x = torch.randn(1, 3, 224, 224)
    for name in ("resnet50", "mobilenet_v2"):
        net = network(name).eval()
        with torch.no_grad():
            torch.jit.trace(net, x).save(f"{folder}/{name}.pt")
            torch.onnx.export(net, x, f"{folder}/{name}.onnx.part", opset_version=13, input_names=["x"],
                              output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
        os.rename(f"{folder}/{name}.onnx.part", f"{folder}/{name}.onnx")


def main(row, peer, threads, warm, windows, measure, models):
    library = peer.split("-")[0]
    version = importlib.import_module(library).__version__
    if library == "torch":
        import torch
        torch.set_num_threads(int(threads))
        torch.manual_seed(1)
    seconds = sample(prepare(row, peer), float(warm), int(windows), float(measure))
    print(json.dumps(dict(row=row, by=peer, version=version, threads=int(threads), round=0, seconds=seconds,
                          peakBytes=peak_bytes()), separators=(",", ":")), flush=True)


if sys.argv[1] == "versions":
    print(json.dumps(versions()))
elif sys.argv[1] == "export":
    export(sys.argv[2])
else:
    main(*sys.argv[1:])
