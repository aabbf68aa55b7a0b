"""PyTorch, one thread, on the token batches of a workload. Reads {"run": n} lines, answers {"seconds", "loss"}."""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
# As our kernels do. Not PyTorch's default: without it a step of the IMDB models takes twenty times as long on some processors.
torch.set_flush_denormal(True)
torch.manual_seed(0)
spec = json.load(open(sys.argv[1]))
model, batch, steps, count = spec["model"], spec["batch"], spec["time"], spec["count"]
language_model = spec["task"] == "language-model"
ids = torch.from_numpy(np.fromfile(spec["ids"], np.int32).reshape(count, batch, steps).astype(np.int64))
shape = (count, batch, steps) if language_model else (count, batch)
targets = torch.from_numpy(np.fromfile(spec["targets"], np.int32).reshape(shape).astype(np.int64))
vocabulary, hidden = spec["vocabulary"], model["hidden"]
one_hot = model["embedding"] == "one_hot"
features = vocabulary if one_hot else model["embedding"]["dim"]
directions = 2 if model.get("bidirectional") else 1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = None if one_hot else nn.Embedding(vocabulary, features)
        cell = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[model["cell"]]
        self.rnn = cell(features, hidden, num_layers=model.get("layers", 1), batch_first=True, bidirectional=directions == 2)
        sizes = [hidden * directions, *model.get("head", {}).get("hidden", []), spec["outputs"]]
        self.fcs = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x, state=None):
        x = F.one_hot(x, vocabulary).float() if one_hot else self.embedding(x)
        output, state = self.rnn(x, state)
        if not language_model:
            h = state[0] if model["cell"] == "lstm" else state
            pooling = model["pooling"]
            if pooling == "last":
                output = output[:, -1]
            elif pooling == "max":
                output = output.amax(1)
            elif pooling == "mean":
                output = output.mean(1)
            else:
                output = torch.cat([h[-2], h[-1]], 1) if directions == 2 else h[-1]
        for i, fc in enumerate(self.fcs):
            output = fc(output if i == 0 else torch.relu(output))
        return output, state


net = Net()
lr = spec["optimizer"]["lr"]
optimizer = torch.optim.Adam(net.parameters(), lr) if spec["optimizer"]["type"] == "adam" else torch.optim.SGD(net.parameters(), lr)
clip = spec["clip_norm"]
position, state = 0, None


def step():
    global position, state
    n = position % count
    if n == 0:
        state = None
    logits, last = net(ids[n], state)
    if language_model:
        state = tuple(part.detach() for part in last)
        loss = F.cross_entropy(logits.reshape(-1, spec["outputs"]), targets[n].reshape(-1))
    else:
        loss = F.cross_entropy(logits, targets[n])
    optimizer.zero_grad()
    loss.backward()
    if clip is not None:
        nn.utils.clip_grad_norm_(net.parameters(), clip)
    optimizer.step()
    position += 1
    return loss.item()


print(json.dumps({"ready": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(json.loads(line)["run"]):
        loss = step()
    print(json.dumps({"seconds": time.perf_counter() - began, "loss": loss}), flush=True)
