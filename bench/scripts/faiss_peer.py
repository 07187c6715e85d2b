"""faiss's two exact binary indexes on files of 256-bit hashes, one thread, asked by bench/src/match-faiss.ts.

A command a line in, as JSON; one JSON object a line out. Times are of the search itself, in seconds.
    {"do": "build", "bank": FILE}                                  -> versions, build time, resident memory
    {"do": "time", "kind": KIND, "queries": FILE, "from": N, "count": N, "batch": N} -> seconds, batch hashes a call
    {"do": "answers", "kind": KIND, "queries": FILE, "out": FILE}  -> all pairs within 31 bits, written as three u32
"""

import json
import resource
import sys
import time

import faiss
import numpy

# faiss finds what is strictly nearer than its radius: 32 means at most 31 bits, as everywhere else here.
RADIUS = 32
faiss.omp_set_num_threads(1)
indexes = {}


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def hashes_of(path):
    return numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 32)


def built(index, bank):
    before, start = resident_bytes(), time.perf_counter()
    index.add(bank)
    seconds = time.perf_counter() - start
    return index, {"seconds": seconds, "bytes": resident_bytes() - before}


def build(command):
    bank = hashes_of(command["bank"])
    indexes["flat"], flat = built(faiss.IndexBinaryFlat(256), bank)
    # Sixteen tables by 16 bits each and their neighbours at one bit: exact up to 31 bits (pigeonhole).
    multi_hash = faiss.IndexBinaryMultiHash(256, 16, 16)
    multi_hash.nflip = 1
    indexes["multihash"], many = built(multi_hash, bank)
    vectors = [word for word in faiss.get_compile_options().split() if word.startswith(("AVX", "NEON", "SVE"))]
    return {"version": faiss.__version__, "vectors": " ".join(vectors), "flat": flat, "multihash": many}


def time_search(command):
    queries = hashes_of(command["queries"])[command["from"] : command["from"] + command["count"]]
    search, batch = indexes[command["kind"]].range_search, command["batch"]
    start = time.perf_counter()
    for at in range(0, len(queries), batch):
        search(queries[at : at + batch], RADIUS)
    return {"seconds": time.perf_counter() - start}


def answers(command):
    queries = hashes_of(command["queries"])
    limits, distances, labels = indexes[command["kind"]].range_search(queries, RADIUS)
    asked = numpy.repeat(numpy.arange(len(queries)), numpy.diff(limits.astype(numpy.int64)))
    numpy.stack([asked, labels, distances], axis=1).astype("<u4").tofile(command["out"])
    return {"pairs": len(labels)}


DO = {"build": build, "time": time_search, "answers": answers}
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(DO[command["do"]](command)), flush=True)
