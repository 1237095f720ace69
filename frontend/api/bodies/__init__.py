"""What programs send and get: one serializer a body, by what it is about."""
