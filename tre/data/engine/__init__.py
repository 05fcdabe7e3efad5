"""What the honest broker does with data: DuckDB, Parquet, the vault. The only place where DuckDB is opened.

Must never be imported by the portal: it holds the way to the vault.
"""
