"""The parts of sandbox_conformance.py, one per service or client."""
