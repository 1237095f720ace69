"""Chance-corrected agreement. A measure that is not defined says so and why; it is never nan, 0
or 1 in disguise.
"""
