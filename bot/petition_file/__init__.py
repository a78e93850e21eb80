"""Petition files: reading them, reporting on them, comparing them, writing them."""
