"""Plain values for templates, made before rendering, so that no page starts a query or works
something out while it is drawn.
"""
