"""Files in: `reading` turns bytes into numbered rows, one module a dialect turns rows into
drafts, `services.imports` stores them.
"""
