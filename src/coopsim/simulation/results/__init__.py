"""The result folder: what is stored of a simulation, and how it is found again."""
