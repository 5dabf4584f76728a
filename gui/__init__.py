"""The desktop app. Imports nothing that carries torch."""
