"""The demo project: texts written for it, and people who exist only in a simulation. Marked as
simulated wherever it is shown.
"""
