import Glibc

/// The pause of a client that drips: far shorter than any limit of the server.
func usleepShort() { usleep(10_000) }
