"""Loading lists who is in each table: the same persons as its rows have, also where rows were set aside."""

import duckdb

from tests.factories.loaded import Loaded


def test_the_list_of_each_table_is_who_is_in_its_rows(loaded: Loaded) -> None:
    seen = 0
    for contract in loaded.contracts.values():
        for folder in (loaded.folders.store / contract.dataset).iterdir():
            for table in (one for one in contract.tables if one.has_person):
                listed = duckdb.sql(
                    f"SELECT number FROM '{loaded.folders.people(contract.dataset, folder.name, table.name)}'"
                ).fetchall()
                there = duckdb.sql(f"SELECT DISTINCT person FROM '{folder / table.name}.parquet'").fetchall()
                assert len(listed) == len(set(listed))
                assert set(listed) == set(there)
                seen += len(there)
    assert seen > 0
