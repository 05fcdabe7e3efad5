"""Owns the names of this room's jobs. Payloads hold ids and settings only, never data."""

INGEST = "data.dataset.ingest"
SNAPSHOT_BUILD = "data.snapshot.build"
SNAPSHOT_REMOVE = "data.snapshot.remove"
TWIN_BUILD = "data.twin.build"
LIST_LOAD = "data.opt_outs.load"
ASSESS = "data.assessment.make"
KEY_ROTATE = "data.key.rotate"
REIDENTIFY = "data.reidentification.answer"
BRIDGE_LAY = "data.bridge.lay"
BRIDGE_REMOVE = "data.bridge.take_away"

DISCLOSING = (KEY_ROTATE, REIDENTIFY, BRIDGE_LAY, BRIDGE_REMOVE)
FIRST = (INGEST, SNAPSHOT_BUILD, SNAPSHOT_REMOVE, LIST_LOAD, ASSESS, *DISCLOSING)
LAST = (TWIN_BUILD,)
"""Taken up when nothing else waits: nobody's project waits for made-up data."""
KINDS = (*FIRST, *LAST)
