"""Safe data: dataset contracts, ingestion, pseudonyms, opt-outs and project snapshots.

States: a dataset version is loaded and never changed; a snapshot is requested, building, ready, failed or removed.
Who acts: the custodian loads datasets; an approved project asks for a snapshot; the honest broker alone, in its own
process, opens the vault and builds. The portal's side of this room (service, tables) holds no key and no row.
"""
