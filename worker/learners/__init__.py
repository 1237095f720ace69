"""Classifiers that learn from soft labels. Plain PyTorch, NumPy and files: no Django, no Celery,
nothing else of ours.

Runs as its own process (`python -m worker.learners.train FOLDER`, `python -m
worker.learners.predict FOLDER`).
"""
