"""From what a person says about their confidence to the probability that another person would
choose the same.
"""
