"""From answers to what is shown of them: agreement, reliability, confidence, signs of low effort.
`project` works out all of it; each other module one part.
"""
