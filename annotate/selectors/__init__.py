"""Reading people and answers, by what is read. Each function is one query, or the number it
states.
"""
