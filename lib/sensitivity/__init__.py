"""Does the answer survive? Other specifications, other patients, hidden factors, other outcomes."""
