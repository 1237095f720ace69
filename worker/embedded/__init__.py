"""Redis and the processes of a whole site on one machine, for `make demo` and for the tests."""
