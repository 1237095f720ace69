"""Files in. `reading` turns bytes into numbered rows (`delimited`, `json_files`, `parquet_files`),
one module a dialect turns rows into drafts, and every column and row is accounted for
(`accounting`). What can be read in more than one way is asked (`choices`). `annotate.services`
stores the result.
"""
