"""Frames and a few words about them as one piece of bytes: to send to another process, or to keep. Nothing in it can be executed."""

import json
from collections.abc import Container, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

_LENGTH = 8
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
"""One thread: two spend half as much again on the same bytes, and the caller has something else to do meanwhile."""


def pack(said: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> bytes:
    """`said` as JSON and each frame as an Arrow stream, compressed. Indexes are not kept."""
    streams = {name: _stream(frame) for name, frame in frames.items()}
    head = json.dumps({"said": said, "frames": {name: len(stream) for name, stream in streams.items()}}).encode()
    return b"".join([len(head).to_bytes(_LENGTH, "big"), head, *streams.values()])


def unpack(
    content: bytes | memoryview, *, only: Container[str] | None = None
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """What `pack` was given; of the frames `only` those named. ValueError (or one of its kinds) for anything else."""
    view = memoryview(content)
    start = _LENGTH + int.from_bytes(view[:_LENGTH], "big")
    head = json.loads(bytes(view[_LENGTH:start]))
    frames = {}
    for name, length in head["frames"].items():
        if only is None or name in only:
            frames[name] = pa.ipc.open_stream(pa.py_buffer(view[start : start + length])).read_all().to_pandas()
        start += length
    return head["said"], frames


def _stream(frame: pd.DataFrame) -> memoryview:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())
