"""Keras on TensorFlow, one thread, on the token batches of a workload. Reads {"run": n} lines, answers {"seconds", "loss"}."""
import json
import os
import sys
import time

for name, value in {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}.items():
    os.environ[name] = value

import keras
import numpy as np
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
keras.utils.set_random_seed(0)
spec = json.load(open(sys.argv[1]))
model, batch, steps, count = spec["model"], spec["batch"], spec["time"], spec["count"]
language_model = spec["task"] == "language-model"
ids = tf.constant(np.fromfile(spec["ids"], np.int32).reshape(count, batch, steps))
shape = (count, batch, steps) if language_model else (count, batch)
targets = tf.constant(np.fromfile(spec["targets"], np.int32).reshape(shape))
vocabulary, hidden = spec["vocabulary"], model["hidden"]
one_hot = model["embedding"] == "one_hot"
cell = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}[model["cell"]]
pooling = model.get("pooling")
depth = model.get("layers", 1)


def build():
    tokens = keras.Input(batch_shape=(batch, steps), dtype="int32")
    if one_hot:
        x = layers.Lambda(lambda t: tf.one_hot(t, vocabulary), output_shape=(steps, vocabulary))(tokens)
    else:
        x = layers.Embedding(vocabulary, model["embedding"]["dim"])(tokens)
    for layer in range(depth):
        # The state goes on from batch to batch in a language model.
        whole = language_model or layer < depth - 1 or pooling in ("max", "mean")
        rnn = cell(hidden, return_sequences=whole, stateful=language_model)
        x = layers.Bidirectional(rnn)(x) if model.get("bidirectional") else rnn(x)
    if pooling in ("max", "mean"):
        x = (layers.GlobalMaxPooling1D() if pooling == "max" else layers.GlobalAveragePooling1D())(x)
    for size in model.get("head", {}).get("hidden", []):
        x = layers.Dense(size, activation="relu")(x)
    return keras.Model(tokens, layers.Dense(spec["outputs"])(x))


net = build()
lr, clip = spec["optimizer"]["lr"], spec["clip_norm"]
kind = keras.optimizers.Adam if spec["optimizer"]["type"] == "adam" else keras.optimizers.SGD
optimizer = kind(float(lr), global_clipnorm=clip)
optimizer.build(net.trainable_variables)


# As keras.Model.fit would run it: one graph for the whole step.
@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        logits = net(x, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    optimizer.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)
    return loss


position = 0


def step():
    global position
    n = position % count
    if n == 0 and language_model:
        for layer in net.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()
    position += 1
    return float(train(ids[n], targets[n]))


print(json.dumps({"ready": f"Keras {keras.__version__} on TensorFlow {tf.__version__}"}), flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(json.loads(line)["run"]):
        loss = step()
    print(json.dumps({"seconds": time.perf_counter() - began, "loss": loss}), flush=True)
