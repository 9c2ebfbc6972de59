// The few system calls of the event loop that Swift's Glibc module does not show.
#pragma once
#include <sys/eventfd.h>
#include <sys/prctl.h>

static inline int reelmill_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline void reelmill_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
