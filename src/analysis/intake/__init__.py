"""Intake: find a clinic's files, read every cell as text, recognise, type, validate, set aside what cannot be used, link."""
