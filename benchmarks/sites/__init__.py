"""The sites that are measured, one package each."""
