"""What people send. Plain forms: they check shape, the services check meaning."""
