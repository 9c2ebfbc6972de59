import Glibc

/// The pause of a client that drips: far shorter than any limit of the server.
func pauseBetweenDrips() { usleep(10_000) }
