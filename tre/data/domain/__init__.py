"""Rules of the data room: contracts, identifiers, pseudonyms, opt-outs, snapshot plans. No I/O, no clock, no database."""
