"""Who computes the blocks of a simulation: threads, processes, machines."""
