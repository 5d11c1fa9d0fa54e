"""What a claim can fail, a control a file."""
