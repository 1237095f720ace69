"""From many answers to one distribution an item: one file a method, and a registry that a new
method joins by being here.
"""
