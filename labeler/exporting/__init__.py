"""Files out: `writing` puts rows into CSV, JSONL or Parquet in constant memory; one module says
what a row is.
"""
