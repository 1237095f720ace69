"""Every chart, one topic a file."""
