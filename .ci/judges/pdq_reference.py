"""Prints the reference's PDQ hashes for raw RGB files: one JSON object a line on both sides.

In: {"file", "width", "height"}; out: {"quality", "hashes"}, the eight hashes in the reference's own order.
"""

import json
import sys

import numpy
import pdqhash


def as_hex(bits):
    """The reference prints its highest bit first, which is also the order of the array."""
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):064x}"


for line in sys.stdin:
    picture = json.loads(line)
    shape = (picture["height"], picture["width"], 3)
    pixels = numpy.fromfile(picture["file"], dtype=numpy.uint8).reshape(shape)
    plain, _ = pdqhash.compute(pixels)
    hashes, quality = pdqhash.compute_dihedral(pixels)
    print(json.dumps({"quality": int(quality), "plain": as_hex(plain), "hashes": [as_hex(h) for h in hashes]}), flush=True)
