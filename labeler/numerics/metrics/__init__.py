"""How well predicted distributions fit what people said, how far their confidence can be
trusted, and which of two models is better.
"""
